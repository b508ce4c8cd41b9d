"""The functions on widths, judged by bit strings and big integers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.lang import (
    byte_swap,
    count_leading_zeros,
    count_ones,
    count_trailing_zeros,
    i8,
    i64,
    max_of,
    min_of,
    rotate_left,
    rotate_right,
    shift_left_wrapping,
    truncate,
    u8,
    u16,
    u32,
    u64,
    wrapping_add,
    wrapping_mul,
    wrapping_sub,
)
from tests.runtime.lang.test_widths import RANGES, bits_of, fixed, number, values, width


def low_bits(kind: type, value: int) -> int:
    low, high = RANGES[kind]
    return (value - low) % (high - low + 1) + low


def text(kind: type, value: int) -> str:
    return format(value % (1 << bits_of(kind)), f"0{bits_of(kind)}b")


@given(width, number)
def test_truncate(kind, value):
    result = truncate(kind, value)
    assert type(result) is kind
    assert result == low_bits(kind, value)


@given(st.data())
def test_wrapping_arithmetic(data):
    kind, a = data.draw(fixed())
    b = data.draw(values(kind))
    for operation, exact in ((wrapping_add, a + b), (wrapping_sub, a - b), (wrapping_mul, a * b)):
        for second in (kind(b), b):
            result = operation(kind(a), second)
            assert type(result) is kind
            assert result == low_bits(kind, exact)


def test_wrapping_on_plain_int_is_64_bits_signed():
    assert wrapping_add(2**63 - 1, 1) == -(2**63)
    assert type(wrapping_add(1, 1)) is int
    with pytest.raises(TypeError):
        wrapping_add(u8(1), i8(1))
    with pytest.raises(TypeError):
        wrapping_add(1.0, 1)  # type: ignore[arg-type]


@given(fixed(), st.integers(0, 100))
def test_shift_left_wrapping(pair, count):
    kind, a = pair
    assert shift_left_wrapping(kind(a), count) == low_bits(kind, a << count)
    with pytest.raises(ValueError, match="negative shift count"):
        shift_left_wrapping(kind(a), -1)


@given(fixed(), st.integers(-70, 200))
def test_rotate(pair, count):
    kind, a = pair
    pattern = text(kind, a)
    turn = count % len(pattern)
    turned = int(pattern[turn:] + pattern[:turn], 2)
    assert rotate_left(kind(a), count) == low_bits(kind, turned)
    assert rotate_right(rotate_left(kind(a), count), count) == a


@given(fixed())
def test_counts(pair):
    kind, a = pair
    pattern = text(kind, a)
    assert count_leading_zeros(kind(a)) == len(pattern) - len(pattern.lstrip("0"))
    assert count_trailing_zeros(kind(a)) == len(pattern) - len(pattern.rstrip("0"))
    assert count_ones(kind(a)) == pattern.count("1")


@given(fixed())
def test_byte_swap(pair):
    kind, a = pair
    signed = RANGES[kind][0] < 0
    swapped = int.from_bytes(a.to_bytes(bits_of(kind) // 8, "little", signed=signed), "big", signed=signed)
    assert byte_swap(kind(a)) == swapped
    assert type(byte_swap(kind(a))) is kind


@pytest.mark.parametrize("kind", RANGES, ids=lambda kind: kind.__name__)
def test_limits(kind):
    assert (min_of(kind), max_of(kind)) == RANGES[kind]
    assert type(max_of(kind)) is kind


def test_limits_of_int_and_of_what_has_none():
    assert (min_of(int), max_of(int)) == (-(2**63), 2**63 - 1)
    assert type(max_of(int)) is int
    with pytest.raises(TypeError):
        max_of(bool)


def test_known_values():
    assert byte_swap(u32(0x12345678)) == 0x78563412
    assert rotate_left(u16(0x8001), 1) == 3
    assert count_leading_zeros(u64(1)) == 63
    assert truncate(i64, 2**63) == -(2**63)
