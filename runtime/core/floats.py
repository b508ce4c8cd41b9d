"""Float arithmetic that is more than one instruction, and the functions on floats that the compiler calls by name.

Contract: CPython 3.11's results and messages: ``//`` and ``%`` floor and keep the divisor's sign (also of zero),
``round`` takes halves to even, an int divided by an int is rounded once.
"""

from __future__ import annotations

from typing import Final

from runtime.core.float_bits import (
    SIGN_BIT,
    SIGNIFICAND_BITS,
    compose,
    float_bits,
    float_from_bits,
    is_finite,
    is_nan,
    is_negative,
    power_of_two,
    significand,
)
from runtime.core.float_parsing import decimal_to_float
from runtime.core.float_parsing import parse_float as parse_float
from runtime.core.float_text import exact_decimal
from runtime.core.float_text import float_to_string as float_to_string
from runtime.core.integers import magnitude_of
from runtime.lang import count_leading_zeros, u64

INT_LIMIT: Final = 9223372036854775808.0  # 2 ** 63
WHOLE_FROM: Final = 4503599627370496.0  # 2 ** 52: every larger double is an integer


def with_sign_of(magnitude: float, sign: float) -> float:
    """``math.copysign``."""
    return float_from_bits(float_bits(magnitude) & ~SIGN_BIT | float_bits(sign) & SIGN_BIT)


def truncated(value: float) -> float:
    """Towards zero to an integral double; the sign stays."""
    magnitude = -value if value < 0.0 else value
    if not magnitude < WHOLE_FROM:
        return value
    return with_sign_of(float(int(magnitude)), value)


def floored(value: float) -> float:
    down = truncated(value)
    return down - 1.0 if down > value else down


def remainder_toward_zero(a: float, b: float) -> float:
    """C's fmod, exact: the remainder of the significands, the divisor shifted down bit by bit."""
    if is_nan(a) or is_nan(b) or not is_finite(a) or b == 0.0:
        return float_from_bits(0x7FF8_0000_0000_0000)
    if not is_finite(b):
        return a
    dividend = float_bits(a) & ~SIGN_BIT
    divisor = float_bits(b) & ~SIGN_BIT
    if dividend < divisor:
        return a
    shift = power_of_two(dividend) - power_of_two(divisor)
    rest = _scaled_remainder(significand(dividend), shift, significand(divisor))
    return with_sign_of(_from_integer(rest, power_of_two(divisor)), a)


def _scaled_remainder(value: u64, shift: int, divisor: u64) -> u64:
    """``value * 2 ** shift % divisor`` for a divisor of at most 53 bits, eleven bits at a time."""
    rest = value % divisor
    while shift > 0 and rest != 0:
        step = min(shift, 11)
        rest = (rest << u64(step)) % divisor
        shift -= step
    return rest


def _from_integer(integer: u64, power: int) -> float:
    """``integer * 2 ** power``, exact: the integer has at most 53 bits, the power is a double's."""
    if integer == 0:
        return 0.0
    room = SIGNIFICAND_BITS + 1 - (64 - int(count_leading_zeros(integer)))
    step = min(room, power - (-1074))
    return compose(False, integer << u64(step), power - step)


def float_modulo(a: float, b: float) -> float:
    if b == 0.0:
        raise ZeroDivisionError("float modulo")
    rest = remainder_toward_zero(a, b)
    if rest != 0.0:
        return rest + b if (b < 0.0) != (rest < 0.0) else rest
    return with_sign_of(0.0, b)


def float_floor_divide(a: float, b: float) -> float:
    if b == 0.0:
        raise ZeroDivisionError("float floor division by zero")
    return _floor_quotient(a, b)


def _floor_quotient(a: float, b: float) -> float:
    """CPython's float_divmod: the quotient that goes with the floored remainder."""
    rest = remainder_toward_zero(a, b)
    quotient = (a - rest) / b
    if rest != 0.0 and (b < 0.0) != (rest < 0.0):
        quotient -= 1.0
    if quotient == 0.0:
        return with_sign_of(0.0, a / b)
    whole = floored(quotient)
    return whole + 1.0 if quotient - whole > 0.5 else whole


def float_divmod(a: float, b: float) -> tuple[float, float]:
    if b == 0.0:
        raise ZeroDivisionError("float divmod()")
    return _floor_quotient(a, b), float_modulo(a, b)


def float_to_int(value: float) -> int:
    """``int(x)``: towards zero."""
    if is_nan(value):
        raise ValueError("cannot convert float NaN to integer")
    if not is_finite(value):
        raise OverflowError("cannot convert float infinity to integer")
    if value >= INT_LIMIT or value < -INT_LIMIT:
        raise OverflowError("integer overflow")
    return int(value)


def rounded(value: float) -> float:
    """To the nearest integral double, halves to even."""
    if not abs(value) < WHOLE_FROM:
        return value
    down = floored(value)
    distance = value - down
    if distance > 0.5 or (distance == 0.5 and int(down) & 1 == 1):
        down += 1.0
    return with_sign_of(down, value)


def round_to_int(value: float) -> int:
    """``round(x)``."""
    return float_to_int(rounded(value))


def round_to_digits(value: float, digits: int) -> float:
    """``round(x, digits)``: exact decimal, halves to even, read back correctly rounded."""
    if not is_finite(value) or value == 0.0:
        return value
    decimal = exact_decimal(value)
    if digits > 400:
        return value
    places = decimal.point + max(digits, -400)
    if places < 0:
        return with_sign_of(0.0, value)
    decimal.round_to(places)
    result = decimal_to_float(decimal, is_negative(value))
    if not is_finite(result):
        raise OverflowError("rounded value too large to represent")
    return result


def int_true_divide(a: int, b: int) -> float:
    """``a / b``, rounded once: 64 quotient bits or more, what is left only breaks ties."""
    if b == 0:
        raise ZeroDivisionError("division by zero")
    negative = (a < 0) != (b < 0)
    dividend = magnitude_of(a)
    divisor = magnitude_of(b)
    exact: u64 = 0x20_0000_0000_0000
    if dividend == 0 or (dividend <= exact and divisor <= exact):
        quotient = float(int(dividend)) / float(int(divisor)) if dividend != 0 else 0.0
        return -quotient if negative else quotient
    return _long_quotient(dividend, divisor, negative)


def _long_quotient(dividend: u64, divisor: u64, negative: bool) -> float:
    """Long division: the integer part, then bits until 55 are known; the last one says whether a rest is left."""
    whole = dividend // divisor
    rest = dividend % divisor
    power = 0
    while whole < 0x40_0000_0000_0000:
        power -= 1
        doubled_over = rest >= divisor - rest
        rest = rest - (divisor - rest) if doubled_over else rest + rest
        whole = whole * 2 + (1 if doubled_over else 0)
    excess = 64 - int(count_leading_zeros(whole)) - (SIGNIFICAND_BITS + 1)
    tail = whole & ((u64(1) << u64(excess)) - 1)
    half = u64(1) << u64(excess - 1)
    integer = whole >> u64(excess)
    if tail > half or (tail == half and (rest != 0 or integer & 1 == 1)):
        integer += 1
    return compose(negative, integer, power + excess)


def _order(a: int, b: float) -> int:
    """-1, 0 or 1 as ``a`` is less than, equal to or greater than ``b``, exactly; 2 where ``b`` is no number."""
    if b != b:
        return 2
    if b >= INT_LIMIT:
        return -1
    if b < -INT_LIMIT:
        return 1
    whole = int(b)
    if a != whole:
        return -1 if a < whole else 1
    rest = b - float(whole)
    return -1 if rest > 0.0 else 1 if rest < 0.0 else 0


def int_equals_float(a: int, b: float) -> bool:
    return _order(a, b) == 0


def int_less_than_float(a: int, b: float) -> bool:
    return _order(a, b) == -1


def int_at_most_float(a: int, b: float) -> bool:
    order = _order(a, b)
    return order == -1 or order == 0


def int_greater_than_float(a: int, b: float) -> bool:
    return _order(a, b) == 1


def int_at_least_float(a: int, b: float) -> bool:
    order = _order(a, b)
    return order == 1 or order == 0
