"""Integers as text and back, and the arithmetic that is a function: powers.

Digits are counted first, so that each text is written once into an object of its final size. Magnitudes are ``u64``:
the magnitude of the smallest ``int`` does not fit ``int``.

Contract: CPython 3.11's results and messages; ``OverflowError`` where CPython's answer leaves 64 bits.
"""

from __future__ import annotations

from typing import Final

from runtime.core.text_objects import new_text, text_data, text_length
from runtime.core.text_units import ASCII_KIND
from runtime.lang import (
    Ptr,
    count_leading_zeros,
    inline,
    shift_left_wrapping,
    truncate,
    u8,
    u64,
    wrapping_mul,
    wrapping_sub,
)

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


def ascii_upper(text: str) -> str:
    """``text.upper()`` of text known to be ASCII: digits do not pull the case tables in."""
    length = text_length(text)
    result = new_text(length, ASCII_KIND)
    source = Ptr[u8](text_data(text))
    target = Ptr[u8](text_data(result))
    index = 0
    while index < length:
        code = source[index]
        target[index] = code - 32 if 97 <= code <= 122 else code
        index += 1
    return result


def digits_in_base(value: u64, shift: int) -> str:
    """Digits in base ``2 ** shift``, lower case, without a prefix."""
    length = binary_length(value, shift)
    result = new_text(length, ASCII_KIND)
    write_binary(Ptr[u8](text_data(result)) + length, value, shift)
    return result


def power(base: int, exponent: int) -> int:
    """``base ** exponent`` by repeated squaring; a negative exponent is refused at compile time or here."""
    if exponent < 0:
        raise ValueError("negative exponent of an integer power")
    result = 1
    square = base
    while exponent > 0:
        if exponent & 1 == 1:
            result *= square
        exponent >>= 1
        if exponent > 0:
            square *= square
    return result


def multiply_modulo(a: u64, b: u64, modulus: u64) -> u64:
    """``a * b % modulus`` for a, b below the modulus, the product exact in 128 bits."""
    low = wrapping_mul(a, b)
    high = multiply_high(a, b)
    if high == 0:
        return low % modulus
    return divide_wide(high, low, modulus)


def multiply_high(a: u64, b: u64) -> u64:
    """The upper 64 bits of the 128-bit product."""
    a_low = a & 0xFFFF_FFFF
    a_high = a >> 32
    b_low = b & 0xFFFF_FFFF
    b_high = b >> 32
    cross = a_high * b_low + (a_low * b_low >> 32)
    other = a_low * b_high + (cross & 0xFFFF_FFFF)
    return a_high * b_high + (cross >> 32) + (other >> 32)


def divide_wide(high: u64, low: u64, modulus: u64) -> u64:
    """The remainder of a 128-bit number, whose upper half is below the modulus, bit by bit."""
    remainder = high
    bits = low
    steps = 0
    while steps < 64:
        carry = remainder >> 63
        remainder = shift_left_wrapping(remainder, 1) | (bits >> 63)
        bits = shift_left_wrapping(bits, 1)
        if carry != 0 or remainder >= modulus:
            remainder = wrapping_sub(remainder, modulus)
        steps += 1
    return remainder


def power_modulo(base: int, exponent: int, modulus: int) -> int:
    """``pow(base, exponent, modulus)``, exact in between; a negative exponent takes the inverse."""
    if modulus == 0:
        raise ValueError("pow() 3rd argument cannot be 0")
    size = magnitude_of(modulus)
    square = _remainder(base, size)
    if exponent < 0:
        square = _inverse(square, size)
    result: u64 = 1 % size
    left = magnitude_of(exponent)
    while left != 0:
        if left & 1 == 1:
            result = multiply_modulo(result, square, size)
        left >>= 1
        if left != 0:
            square = multiply_modulo(square, square, size)
    if modulus < 0 and result != 0:
        return -int(size - result)
    return int(result)


def _remainder(value: int, size: u64) -> u64:
    """``value`` modulo a positive size, floored."""
    rest = magnitude_of(value) % size
    return size - rest if value < 0 and rest != 0 else rest


def _inverse(value: u64, size: u64) -> u64:
    """The number whose product with ``value`` is 1 modulo ``size`` (extended Euclid, coefficients modulo size)."""
    old_rest = value
    rest = size
    old_factor: u64 = 1 % size
    factor: u64 = 0
    while rest != 0:
        quotient = old_rest // rest
        step = multiply_modulo(quotient % size, factor, size)
        next_factor = old_factor - step if old_factor >= step else size - (step - old_factor)
        next_rest = old_rest - quotient * rest
        old_rest = rest
        rest = next_rest
        old_factor = factor
        factor = next_factor
    if old_rest != 1:
        raise ValueError("base is not invertible for the given modulus")
    return old_factor
