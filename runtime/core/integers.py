"""Integers as text and back, and the arithmetic that is a function: powers.

Digits are counted first, so that each text is written once into an object of its final size. Magnitudes are ``u64``:
the magnitude of the smallest ``int`` does not fit ``int``.

Contract: CPython 3.11's results and messages; ``OverflowError`` where CPython's answer leaves 64 bits.
"""

from __future__ import annotations

from typing import Final

from runtime.core.text_objects import new_text, text_data
from runtime.core.text_units import ASCII_KIND
from runtime.lang import Ptr, count_leading_zeros, inline, truncate, u8, u64, wrapping_sub

_ZERO: Final = 48  # ord("0")
_MINUS: Final = 45
_LETTER_OFFSET: Final = 39  # from the digit after "9" to "a"


@inline
def magnitude_of(value: int) -> u64:
    bits = truncate(u64, value)
    return wrapping_sub(u64(0), bits) if value < 0 else bits


def decimal_length(value: u64) -> int:
    """Digits of ``value`` in base ten; one for zero."""
    length = 1
    while value >= 10_000:
        value //= 10_000
        length += 4
    if value >= 100:
        return length + (3 if value >= 1000 else 2)
    return length + (1 if value >= 10 else 0)


def write_decimal(end: Ptr[u8], value: u64) -> None:
    """The digits of ``value``, the last one just below ``end``."""
    place = end - 1
    while value >= 10:
        quotient = value // 10
        place[0] = u8(value - quotient * 10 + _ZERO)
        value = quotient
        place = place - 1
    place[0] = u8(value + _ZERO)


def int_to_string(value: int) -> str:
    magnitude = magnitude_of(value)
    length = decimal_length(magnitude) + (1 if value < 0 else 0)
    result = new_text(length, ASCII_KIND)
    data = Ptr[u8](text_data(result))
    data[0] = _MINUS  # overwritten by the first digit when there is no sign
    write_decimal(data + length, magnitude)
    return result


def unsigned_to_string(value: u64) -> str:
    length = decimal_length(value)
    result = new_text(length, ASCII_KIND)
    write_decimal(Ptr[u8](text_data(result)) + length, value)
    return result


def binary_length(value: u64, shift: int) -> int:
    """Digits of ``value`` in base ``2 ** shift``; one for zero."""
    bits = 64 - int(count_leading_zeros(value | 1))
    return (bits + shift - 1) // shift


def write_binary(end: Ptr[u8], value: u64, shift: int) -> None:
    """The digits of ``value`` in base ``2 ** shift``, lower case, the last one just below ``end``."""
    place = end - 1
    mask: u64 = (u64(1) << u64(shift)) - 1
    while True:
        digit = value & mask
        place[0] = u8(digit + _ZERO if digit < 10 else digit + _ZERO + _LETTER_OFFSET)
        value >>= u64(shift)
        if value == 0:
            return
        place = place - 1


def _prefixed(magnitude: u64, negative: bool, shift: int, letter: u8) -> str:
    digits = binary_length(magnitude, shift)
    sign = 1 if negative else 0
    result = new_text(sign + 2 + digits, ASCII_KIND)
    data = Ptr[u8](text_data(result))
    data[0] = _MINUS
    data[sign] = _ZERO
    data[sign + 1] = letter
    write_binary(data + (sign + 2 + digits), magnitude, shift)
    return result


def hex_string(value: int) -> str:
    return _prefixed(magnitude_of(value), value < 0, 4, 120)


def oct_string(value: int) -> str:
    return _prefixed(magnitude_of(value), value < 0, 3, 111)


def bin_string(value: int) -> str:
    return _prefixed(magnitude_of(value), value < 0, 1, 98)


def unsigned_hex_string(value: u64) -> str:
    return _prefixed(value, False, 4, 120)


def unsigned_oct_string(value: u64) -> str:
    return _prefixed(value, False, 3, 111)


def unsigned_bin_string(value: u64) -> str:
    return _prefixed(value, False, 1, 98)
