"""Doubles as text: the shortest text that reads back as the same double, and any number of exact digits.

Short texts are found by trying: an integer of at most fifteen digits divided by a power of ten is rounded once, so if
it gives the double, its digits are the answer. Other doubles compare their own exact expansion with the two halves to
the neighbours: everything strictly between (or on an end, for an even significand) reads back.

Contract: CPython's repr and exponent rules: exponent form below 1e-4 and from 1e16 on.
"""

from __future__ import annotations

from typing import Final

from runtime.core.decimals import Decimal
from runtime.core.float_bits import IMPLICIT_BIT, float_bits, is_finite, is_nan, is_negative, power_of_two, significand
from runtime.core.string_building import concatenate3
from runtime.core.string_parts import padded
from runtime.core.text_objects import new_text, text_data
from runtime.core.text_units import ASCII_KIND
from runtime.lang import Ptr, u8, u64

SHORT_DIGITS: Final = 1e15
SHORT_SCALE: Final = 15
REPR_PRECISION: Final = 17  # digits that always suffice
SMALLEST_PLAIN: Final = -4
FIRST_EXPONENT: Final = 16


def exact_decimal(value: float) -> Decimal:
    """The whole decimal expansion of the magnitude of a finite double."""
    bits = float_bits(value)
    result = Decimal()
    result.assign(significand(bits))
    result.shift(power_of_two(bits))
    return result


def _half_way(integer: u64, power: int) -> Decimal:
    result = Decimal()
    result.assign(integer)
    result.shift(power)
    return result


def shortest_decimal(value: float) -> Decimal:
    """The fewest digits that read back as the magnitude of a finite double; among those the nearest."""
    magnitude = -value if value < 0.0 else value
    if 0.0 < magnitude < SHORT_DIGITS:
        found = _short_decimal(magnitude)
        if found is not None:
            return found
    exact = exact_decimal(value)
    if exact.count == 0:
        return exact
    bits = float_bits(value)
    integer = significand(bits)
    power = power_of_two(bits)
    upper = _half_way(integer * 2 + 1, power - 1)
    # Below a power of two the neighbours are half as far apart, except at the bottom of the range.
    closer = integer == IMPLICIT_BIT and float_bits(value) & 0x7FE0_0000_0000_0000 != 0
    lower = _half_way(integer * 4 - 1, power - 2) if closer else _half_way(integer * 2 - 1, power - 1)
    return _cut_between(lower, exact, upper, integer & 1 == 0)


def _short_decimal(magnitude: float) -> Decimal | None:
    scale = 1.0
    point = 0
    while point <= SHORT_SCALE:
        scaled = magnitude * scale
        if scaled >= SHORT_DIGITS:
            return None
        nearest = int(scaled + 0.5)
        if float(nearest) / scale == magnitude:
            result = Decimal()
            result.assign(u64(nearest))
            result.point -= point
            return result
        scale *= 10.0
        point += 1
    return None


def _cut_between(lower: Decimal, exact: Decimal, upper: Decimal, inclusive: bool) -> Decimal:
    """Cut ``exact`` to the fewest digits that stay between the halves."""
    down = Decimal()
    up = Decimal()
    count = 1
    while count < exact.count:
        down.copy_prefix(exact, count)
        above = down.compare(lower)
        down_fits = above > 0 or (inclusive and above == 0)
        up.copy_prefix(exact, count)
        up.count = count  # zeros at the end count while one is added
        up.cut_up(count)
        below = up.compare(upper)
        up_fits = below < 0 or (inclusive and below == 0)
        if down_fits and up_fits:
            exact.round_to(count)
            return exact
        if down_fits:
            return down
        if up_fits:
            return up
        count += 1
    return exact


def digits_text(decimal: Decimal, start: int, stop: int) -> str:
    """Digits ``start`` to ``stop`` of the array as text; places before and behind are zeros."""
    if stop <= start:
        return ""
    result = new_text(stop - start, ASCII_KIND)
    target = Ptr[u8](text_data(result))
    index = start
    while index < stop:
        inside = 0 <= index < decimal.count
        target[index - start] = decimal.digits[index] + 48 if inside else u8(48)
        index += 1
    return result


def integer_text(decimal: Decimal) -> str:
    """The digits before the point; ``0`` for none."""
    return digits_text(decimal, 0, decimal.point) if decimal.point > 0 else "0"


def fraction_text(decimal: Decimal, places: int) -> str:
    """``places`` digits after the point."""
    return digits_text(decimal, decimal.point, decimal.point + places)


def exponent_text(letter: str, exponent: int) -> str:
    """Letter, sign and at least two digits."""
    digits = padded(str(abs(exponent)), 2 - len(str(abs(exponent))), 0, "0")
    return concatenate3(letter, "-" if exponent < 0 else "+", digits)


def special_text(value: float) -> str:
    """The name of a double that is not finite."""
    if is_nan(value):
        return "nan"
    return "-inf" if value < 0.0 else "inf"


def float_to_string(value: float) -> str:
    """``repr`` and ``str`` of a float."""
    if not is_finite(value):
        return special_text(value)
    sign = "-" if is_negative(value) else ""
    if value == 0.0:
        return concatenate3(sign, "0.0", "")
    decimal = shortest_decimal(value)
    exponent = decimal.point - 1
    if SMALLEST_PLAIN <= exponent < FIRST_EXPONENT:
        fraction = fraction_text(decimal, max(decimal.count - decimal.point, 1))
        return concatenate3(sign, integer_text(decimal), concatenate3(".", fraction, ""))
    fraction = digits_text(decimal, 1, decimal.count)
    point = "." if decimal.count > 1 else ""
    return concatenate3(sign, concatenate3(digits_text(decimal, 0, 1), point, fraction), exponent_text("e", exponent))
