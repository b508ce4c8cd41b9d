"""Doubles as text and back, against CPython, digit for digit."""

from __future__ import annotations

import math
import struct
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from runtime.core import float_parsing, float_text, floats
from tests.runtime.core.simulated_objects import plain

pytestmark = pytest.mark.usefixtures("core")

any_bits = st.integers(0, 2**64 - 1).map(lambda bits: struct.unpack("<d", struct.pack("<Q", bits))[0])
short = st.builds(lambda digits, scale: float(f"{digits}e{scale}"), st.integers(0, 10**6), st.integers(-12, 12))
doubles = st.one_of(st.floats(), any_bits, short)

HARD = [
    2.0**-44,
    5e-324,
    2.2250738585072014e-308,
    2.225073858507201e-308,
    1.7976931348623157e308,
    9007199254740993.0,
    9.5e-05,
    1e16,
    123456789012345680.0,
    1e22,
    1e23,
    -0.0,
    0.1 + 0.2,
    *(2.0**power for power in range(-1074, 1024, 131)),
]


@pytest.mark.parametrize("value", HARD)
def test_repr_of_hard_cases(value: float) -> None:
    assert plain(float_text.float_to_string(value)) == repr(value)
    assert plain(float_text.float_to_string(-value)) == repr(-value)


@settings(max_examples=60)
@given(doubles)
def test_repr(value: float) -> None:
    assert plain(float_text.float_to_string(value)) == repr(value)


def outcome(text: str) -> object:
    try:
        value = float(text)
    except ValueError as error:
        return str(error)
    return "nan" if math.isnan(value) else struct.pack("<d", value)


def compiled_outcome(text: str) -> object:
    try:
        value = float_parsing.parse_float(text)
    except ValueError as error:
        return str(error)
    return "nan" if math.isnan(value) else struct.pack("<d", value)


@settings(max_examples=50)
@given(doubles)
def test_reading_what_was_written(value: float) -> None:
    assert compiled_outcome(repr(value)) == outcome(repr(value))


@settings(max_examples=50)
@given(st.integers(0, 10**25), st.integers(-345, 330))
def test_reading_any_decimal(digits: int, exponent: int) -> None:
    text = f"{digits}e{exponent}"
    assert compiled_outcome(text) == outcome(text)


@settings(max_examples=25)
@given(st.integers(0, 0x7FEF_FFFF_FFFF_FFFE), st.sampled_from(["", "1", "0" * 40 + "1"]))
def test_reading_halves_between_doubles(bits: int, tail: str) -> None:
    """The exact decimal between two neighbours, and a little more than it."""
    low, high = (struct.unpack("<d", struct.pack("<Q", b))[0] for b in (bits, bits + 1))
    middle = (Fraction(low) + Fraction(high)) / 2
    denominator_power = middle.denominator.bit_length() - 1
    digits = middle.numerator * 5**denominator_power
    text = f"{digits}{tail}e{-denominator_power - len(tail)}"
    assert compiled_outcome(text) == outcome(text)


@example("1__0")
@example("1_0")
@example("._1")
@example("1e")
@example("1e+_1")
@example("infinity")
@example("٣.٥")
@example("1e400")
@example("1e-400")
@example("0e999999999999999999")
@given(st.text(alphabet="0159.e+-_ inaf", max_size=8))
def test_grammar(text: str) -> None:
    assert compiled_outcome(text) == outcome(text)


def result(call: Any, *arguments: Any) -> object:
    try:
        value = call(*arguments)
    except (ZeroDivisionError, OverflowError, ValueError) as error:
        return type(error)
    if isinstance(value, float):
        return "nan" if math.isnan(value) else struct.pack("<d", value)
    return value


pairs = st.tuples(doubles, doubles) | st.tuples(short, short)


@example((5e-324, 1e-323))
@example((-1.0, 1e300))
@given(pairs)
def test_division(pair: tuple[float, float]) -> None:
    a, b = pair
    assert result(floats.float_modulo, a, b) == result(lambda: a % b)
    assert result(floats.float_floor_divide, a, b) == result(lambda: a // b)
    assert result(floats.remainder_toward_zero, a, b) == result(lambda: math.fmod(a, b)) or b == 0 or math.isinf(a)


@given(st.one_of(doubles, st.integers(-9, 9).map(lambda half: half / 2)))
def test_rounding(value: float) -> None:
    expected: Any = result(round, value)
    fits = isinstance(expected, type) or -(2**63) <= expected < 2**63
    assert result(floats.round_to_int, value) == (expected if fits else OverflowError)


@settings(max_examples=50)
@given(doubles, st.integers(-20, 20))
def test_rounding_to_digits(value: float, digits: int) -> None:
    assert result(floats.round_to_digits, value, digits) == result(round, value, digits)


integers = st.one_of(st.integers(-(2**63), 2**63 - 1), st.integers(-9, 9), st.integers(2**53 - 9, 2**53 + 9))


@given(integers, integers)
def test_int_division(a: int, b: int) -> None:
    assert result(floats.int_true_divide, a, b) == result(lambda: a / b)
