"""``repr`` of text: which quotes, which escapes, measured first and then written once.

CPython's rules (Objects/unicodeobject.c, unicode_repr): single quotes, unless the text holds single quotes and no
double ones; backslash, the quote and \\t \\n \\r by letter; other unprintable code points as \\x, \\u or \\U.
"""

from __future__ import annotations

from typing import Final

from runtime.core.text_objects import new_text, text_data, text_length, text_unit
from runtime.core.text_units import (
    ASCII_KIND,
    UNIT_MASK,
    find_unit,
    kind_of_code,
    read_unit,
    wider_kind,
    write_unit,
)
from runtime.core.unicode_tables import is_printable
from runtime.lang import inline, u64

_BACKSLASH: Final = 92
_SINGLE: Final = 39
_DOUBLE: Final = 34


@inline
def _is_shown(code: int) -> bool:
    return 0x20 <= code < 0x7F or (code > 0x7F and is_printable(code))


@inline
def _takes_backslash(code: int, quote: int) -> bool:
    if code == quote:
        return True
    return code == _BACKSLASH


def _escape_size(code: int) -> int:
    if code == 9 or code == 10 or code == 13:
        return 2
    if code < 0x100:
        return 4
    return 6 if code < 0x1_0000 else 10


def _quote_for(data: u64, unit: int, length: int) -> int:
    if find_unit(data, unit, 0, length, _SINGLE) >= 0 and find_unit(data, unit, 0, length, _DOUBLE) < 0:
        return _DOUBLE
    return _SINGLE


def text_repr(text: str) -> str:
    data = text_data(text)
    unit = text_unit(text)
    length = text_length(text)
    quote = _quote_for(data, unit, length)
    kind = ASCII_KIND
    total = 2
    index = 0
    while index < length:
        code = read_unit(data, unit, index)
        if _takes_backslash(code, quote):
            total += 2
        elif _is_shown(code):
            total += 1
            kind = wider_kind(kind, kind_of_code(code))
        else:
            total += _escape_size(code)
        index += 1
    result = new_text(total, kind)
    _write_repr(text_data(result), kind & UNIT_MASK, quote, data, unit, length)
    return result


def _write_repr(target: u64, target_unit: int, quote: int, data: u64, unit: int, length: int) -> None:
    write_unit(target, target_unit, 0, quote)
    place = 1
    index = 0
    while index < length:
        code = read_unit(data, unit, index)
        if _takes_backslash(code, quote):
            write_unit(target, target_unit, place, _BACKSLASH)
            write_unit(target, target_unit, place + 1, code)
            place += 2
        elif _is_shown(code):
            write_unit(target, target_unit, place, code)
            place += 1
        else:
            place = write_escape(target, target_unit, place, code)
        index += 1
    write_unit(target, target_unit, place, quote)


def write_escape(target: u64, unit: int, place: int, code: int) -> int:
    """The escape of an unprintable code point; the index behind it."""
    write_unit(target, unit, place, _BACKSLASH)
    match code:
        case 9:
            write_unit(target, unit, place + 1, 116)
            return place + 2
        case 10:
            write_unit(target, unit, place + 1, 110)
            return place + 2
        case 13:
            write_unit(target, unit, place + 1, 114)
            return place + 2
        case _:
            return _write_hexadecimal_escape(target, unit, place + 1, code)


def _write_hexadecimal_escape(target: u64, unit: int, place: int, code: int) -> int:
    digits = _escape_size(code) - 2
    letter = 120 if digits == 2 else 117 if digits == 4 else 85  # x u U
    write_unit(target, unit, place, letter)
    index = digits
    while index > 0:
        digit = code & 15
        write_unit(target, unit, place + index, digit + 48 if digit < 10 else digit + 87)
        code >>= 4
        index -= 1
    return place + 1 + digits
