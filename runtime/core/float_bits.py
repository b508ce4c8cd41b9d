"""The parts of a double (IEEE 754 binary64): sign, exponent and significand, read and put together."""

from __future__ import annotations

from typing import Final

from runtime.lang import Array, Ptr, new_array, u64

SIGNIFICAND_BITS: Final = 52
IMPLICIT_BIT: Final[u64] = 0x10_0000_0000_0000
SIGNIFICAND_MASK: Final[u64] = 0xF_FFFF_FFFF_FFFF
SIGN_BIT: Final[u64] = 0x8000_0000_0000_0000
INFINITE_EXPONENT: Final = 0x7FF
LOWEST_POWER: Final = -1074  # of two: the weight of the last bit of the smallest doubles

_place: Array[u64] = new_array(u64, 1)


def float_bits(value: float) -> u64:
    pointer: Ptr[u64] = _place.pointer
    pointer.cast(float)[0] = value
    return pointer[0]


def float_from_bits(bits: u64) -> float:
    pointer: Ptr[u64] = _place.pointer
    pointer[0] = bits
    return pointer.cast(float)[0]


def is_negative(value: float) -> bool:
    """The sign bit, which minus zero and some NaNs have too."""
    return float_bits(value) & SIGN_BIT != 0


def is_finite(value: float) -> bool:
    return exponent_field(float_bits(value)) != INFINITE_EXPONENT


def is_nan(value: float) -> bool:
    return value != value


def exponent_field(bits: u64) -> int:
    return int(bits >> SIGNIFICAND_BITS) & INFINITE_EXPONENT


def significand(bits: u64) -> u64:
    """The integer m of a finite double m * 2 ** ``power_of_two``."""
    fraction = bits & SIGNIFICAND_MASK
    return fraction if exponent_field(bits) == 0 else fraction | IMPLICIT_BIT


def power_of_two(bits: u64) -> int:
    return max(exponent_field(bits), 1) - 1 + LOWEST_POWER


def compose(negative: bool, integer: u64, power: int) -> float:
    """``integer * 2 ** power`` for an integer of at most 53 bits at the weight a double has there.

    Called with the result of rounding: 2 ** 53 is taken, and what is too large becomes infinite.
    """
    sign = SIGN_BIT if negative else u64(0)
    if integer > SIGNIFICAND_MASK + IMPLICIT_BIT:
        integer >>= 1
        power += 1
    if integer < IMPLICIT_BIT:
        return float_from_bits(sign | integer)
    field = power - LOWEST_POWER + 1
    if field >= INFINITE_EXPONENT:
        return float_from_bits(sign | u64(INFINITE_EXPONENT) << SIGNIFICAND_BITS)
    return float_from_bits(sign | u64(field) << SIGNIFICAND_BITS | integer & SIGNIFICAND_MASK)
