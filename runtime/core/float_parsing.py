"""``float(text)``: correctly rounded, by CPython's grammar.

Up to fifteen digits and a small exponent are two exact doubles and one rounding. Everything else is scaled as a long
decimal until its integer part has 53 bits, and rounded once.
"""

from __future__ import annotations

from typing import Final

from runtime.core.decimals import KEPT, Decimal
from runtime.core.float_bits import (
    INFINITE_EXPONENT,
    LOWEST_POWER,
    SIGN_BIT,
    SIGNIFICAND_BITS,
    compose,
    float_from_bits,
)
from runtime.core.integer_parsing import code_at, digit_value
from runtime.core.string_parts import strip_space
from runtime.core.text_objects import text_length
from runtime.lang import u8, u64

EXACT_DIGITS: Final = 15
EXACT_SCALE: Final = 22  # the largest power of ten that is a double
EXPONENT_LIMIT: Final = 100_000  # beyond it every answer is zero or infinite
HIGHEST_POINT: Final = 310
LOWEST_POINT: Final = -330
_BOTH: Final = 3


class NumberReader:
    """Reads the text from left to right into a decimal."""

    text: str
    index: int
    end: int
    decimal: Decimal
    digits_read: int
    exponent: int

    def __init__(self, text: str) -> None:
        self.text = text
        self.index = 0
        self.end = text_length(text)
        self.decimal = Decimal()
        self.digits_read = 0
        self.exponent = 0

    def at(self, code: int) -> bool:
        return self.index < self.end and code_at(self.text, self.index) == code

    def sign(self) -> bool:
        """Skip a sign; whether it is a minus."""
        negative = self.at(45)
        if negative or self.at(43):
            self.index += 1
        return negative

    def digits(self, after_point: bool) -> None:
        """Digits with single underscores between them."""
        decimal = self.decimal
        before = self.index
        while self.index < self.end:
            code = code_at(self.text, self.index)
            if (
                code == 95
                and self.index > before
                and self._digit_follows()
                and code_at(self.text, self.index - 1) != 95
            ):
                self.index += 1
                continue
            digit = digit_value(code)
            if digit > 9:
                return
            self.index += 1
            self.digits_read += 1
            if not after_point and (decimal.count > 0 or digit != 0):
                decimal.point += 1
            if decimal.count == 0 and digit == 0:
                if after_point:
                    decimal.point -= 1
            elif decimal.count < KEPT:
                decimal.digits[decimal.count] = u8(digit)
                decimal.count += 1
            elif digit != 0:
                decimal.truncated = True

    def _digit_follows(self) -> bool:
        return self.index + 1 < self.end and digit_value(code_at(self.text, self.index + 1)) <= 9

    def exponent_part(self) -> bool:
        """``e`` and an integer; false when the integer is missing."""
        if not self.at(101) and not self.at(69):
            return True
        self.index += 1
        negative = self.sign()
        start = self.index
        value = 0
        while self.index < self.end:
            code = code_at(self.text, self.index)
            if code == 95 and self.index > start and self._digit_follows():
                self.index += 1
                continue
            digit = digit_value(code)
            if digit > 9:
                break
            value = min(value * 10 + digit, EXPONENT_LIMIT)
            self.index += 1
        self.exponent = -value if negative else value
        return self.index > start


def parse_float(text: str) -> float:
    reader = NumberReader(strip_space(text, _BOTH))
    negative = reader.sign()
    if not reader.at(46) and (reader.index == reader.end or digit_value(code_at(reader.text, reader.index)) > 9):
        return _parse_name(reader, text, negative)
    reader.digits(False)
    if reader.at(46):
        reader.index += 1
        reader.digits(True)
    if reader.digits_read == 0 or not reader.exponent_part() or reader.index != reader.end:
        raise _refuse(text)
    decimal = reader.decimal
    while decimal.count > 0 and decimal.digits[decimal.count - 1] == 0:
        decimal.count -= 1
    if decimal.count > 0:
        decimal.point += reader.exponent
    return decimal_to_float(decimal, negative)


def _refuse(text: str) -> ValueError:
    return ValueError("could not convert string to float: " + repr(text))


def _parse_name(reader: NumberReader, text: str, negative: bool) -> float:
    name = reader.text[reader.index :].lower()
    sign = SIGN_BIT if negative else u64(0)
    infinite: u64 = u64(INFINITE_EXPONENT) << SIGNIFICAND_BITS
    if name == "inf" or name == "infinity":
        return float_from_bits(sign | infinite)
    if name == "nan":
        return float_from_bits(sign | infinite | u64(1) << (SIGNIFICAND_BITS - 1))
    raise _refuse(text)


def decimal_to_float(decimal: Decimal, negative: bool) -> float:
    """The nearest double, halves to even."""
    if decimal.count == 0 or decimal.point < LOWEST_POINT:
        return -0.0 if negative else 0.0
    if decimal.point > HIGHEST_POINT:
        return compose(negative, 1 << 53, 2000)
    scale = decimal.point - decimal.count
    if decimal.count <= EXACT_DIGITS and -EXACT_SCALE <= scale <= EXACT_SCALE:
        return _exact(decimal, scale, negative)
    return _scaled(decimal, negative)


def _exact(decimal: Decimal, scale: int, negative: bool) -> float:
    integer = 0
    index = 0
    while index < decimal.count:
        integer = integer * 10 + int(decimal.digits[index])
        index += 1
    power = 1.0
    index = abs(scale)
    while index > 0:
        power *= 10.0
        index -= 1
    value = float(integer) * power if scale > 0 else float(integer) / power
    return -value if negative else value


def _scaled(decimal: Decimal, negative: bool) -> float:
    """Shift until the value lies in [1/2, 1), then give it 53 bits, fewer at the bottom of the range."""
    power = 0
    while decimal.point > 0:
        step = decimal.point * 3 if decimal.point < 18 else 54  # 8 ** n < 10 ** n: never below 1/10
        decimal.shift(-step)
        power += step
    while decimal.point < 0 or decimal.digits[0] < 5:
        step = 1 if decimal.point == 0 else min(-decimal.point * 3, 54)
        decimal.shift(step)
        power -= step
    weight = max(power - SIGNIFICAND_BITS - 1, LOWEST_POWER)
    decimal.shift(power - weight)
    return compose(negative, decimal.rounded_integer(), weight)
