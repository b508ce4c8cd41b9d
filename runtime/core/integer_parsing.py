"""``int(text, base)``: CPython 3.11's rules, white space, sign, prefixes, underscores and Unicode digits included."""

from __future__ import annotations

from typing import Final

from runtime.core.string_parts import is_space
from runtime.core.text_objects import text_data, text_length, text_unit
from runtime.core.text_units import read_unit
from runtime.core.unicode_tables import decimal_value
from runtime.lang import inline, u64

_NO_DIGIT: Final = 99
_UNDERSCORE: Final = 95
_LIMIT: Final[u64] = 0x7FFF_FFFF_FFFF_FFFF


@inline
def code_at(text: str, index: int) -> int:
    return read_unit(text_data(text), text_unit(text), index)


def digit_value(code: int) -> int:
    """What a code point counts as a digit: 0 to 35, or ``_NO_DIGIT``."""
    if 48 <= code <= 57:
        return code - 48
    lowered = code | 0x20
    if 97 <= lowered <= 122 and code < 0x80:
        return lowered - 87
    if code < 0x80:
        return _NO_DIGIT
    value = decimal_value(code)
    return value if value >= 0 else _NO_DIGIT


def _refuse(text: str, base: int) -> ValueError:
    return ValueError("invalid literal for int() with base " + str(base) + ": " + repr(text))


def _prefix_base(text: str, index: int, end: int) -> int:
    """The base that ``0x``, ``0o`` or ``0b`` at ``index`` announces; 0 for none."""
    if index + 1 >= end or code_at(text, index) != 48:
        return 0
    match code_at(text, index + 1) | 0x20:
        case 120:
            return 16
        case 111:
            return 8
        case 98:
            return 2
        case _:
            return 0


def parse_int(text: str, base: int) -> int:
    if base != 0 and (base < 2 or base > 36):
        raise ValueError("int() base must be >= 2 and <= 36, or 0")
    index = 0
    end = text_length(text)
    while index < end and is_space(code_at(text, index)):
        index += 1
    while end > index and is_space(code_at(text, end - 1)):
        end -= 1
    negative = index < end and code_at(text, index) == 45
    if negative or (index < end and code_at(text, index) == 43):
        index += 1
    found = _prefix_base(text, index, end)
    chosen = base
    if found != 0 and (base == 0 or base == found):
        chosen = found
        index += 2
        if index < end and code_at(text, index) == _UNDERSCORE:
            index += 1
    elif base == 0:
        chosen = 10
        if _is_old_octal(text, index, end):
            raise _refuse(text, base)
    return _read_digits(text, index, end, chosen, base, negative)


def _is_old_octal(text: str, index: int, end: int) -> bool:
    """Base 0 reads a literal: a zero in front is allowed before zeros only."""
    if index >= end or digit_value(code_at(text, index)) != 0:
        return False
    while index < end:
        code = code_at(text, index)
        if code != _UNDERSCORE and digit_value(code) != 0:
            return True
        index += 1
    return False


def _read_digits(text: str, index: int, end: int, base: int, asked: int, negative: bool) -> int:
    value: u64 = 0
    too_large = False
    after_digit = False
    while index < end:
        code = code_at(text, index)
        index += 1
        if code == _UNDERSCORE and after_digit:
            after_digit = False
            continue
        digit = digit_value(code)
        if digit >= base:
            raise _refuse(text, asked)
        after_digit = True
        too_large = too_large or value > (_LIMIT + 1 - u64(digit)) // u64(base)
        if not too_large:
            value = value * u64(base) + u64(digit)
    if not after_digit:
        raise _refuse(text, asked)
    if too_large or (value > _LIMIT and not negative):
        raise OverflowError("int too large: " + str(end) + " characters do not fit 64 bits")
    if not negative:
        return int(value)
    return -int(value - 1) - 1 if value != 0 else 0
