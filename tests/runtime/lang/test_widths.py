"""Every operation on every pair of widths, judged by big-integer arithmetic written out here."""

from __future__ import annotations

import operator
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.lang import i8, i16, i32, i64, u8, u16, u32, u64
from runtime.lang.integers import to_int

RANGES: dict[type, tuple[int, int]] = {
    u8: (0, 255),
    u16: (0, 65535),
    u32: (0, 4294967295),
    u64: (0, 18446744073709551615),
    i8: (-128, 127),
    i16: (-32768, 32767),
    i32: (-2147483648, 2147483647),
    i64: (-9223372036854775808, 9223372036854775807),
}
WIDTHS = list(RANGES)
CHECKED: list[Callable] = [operator.add, operator.sub, operator.mul, operator.floordiv, operator.mod]
BITWISE: list[Callable] = [operator.and_, operator.or_, operator.xor]
COMPARISONS: list[Callable] = [operator.lt, operator.le, operator.eq, operator.ne, operator.gt, operator.ge]

width = st.sampled_from(WIDTHS)


def bits_of(kind: type) -> int:
    low, high = RANGES[kind]
    return (high - low).bit_length()


def values(kind: type) -> st.SearchStrategy[int]:
    low, high = RANGES[kind]
    edges = sorted({low, low + 1, 0, 1, 2, high - 1, high, high // 2, min(max(-1, low), high)})
    return st.one_of(st.sampled_from(edges), st.integers(low, high))


number = st.one_of(st.integers(-(2**70), 2**70), st.integers(-300, 300))


@st.composite
def fixed(draw) -> tuple[type, int]:
    kind = draw(width)
    return kind, draw(values(kind))


def outcome(action: Callable, *arguments: object) -> tuple:
    try:
        result = action(*arguments)
    except (OverflowError, TypeError, ZeroDivisionError, ValueError) as error:
        return (type(error),)
    return type(result), int(result)


def in_width(kind: type, exact: Callable, *arguments: int) -> tuple:
    try:
        value = exact(*arguments)
    except (ZeroDivisionError, ValueError) as error:
        return (type(error),)
    low, high = RANGES[kind]
    return (kind, value) if low <= value <= high else (OverflowError,)


def joined(first: type, second: type) -> type | None:
    for outer, inner in ((first, second), (second, first)):
        if RANGES[outer][0] <= RANGES[inner][0] and RANGES[inner][1] <= RANGES[outer][1]:
            return outer
    return None


@given(width, number)
def test_construction_checks_the_range(kind, value):
    assert outcome(kind, value) == in_width(kind, lambda x: x, value)


@pytest.mark.parametrize("wrong", [1.0, "1", None, b"1", [1]])
def test_construction_refuses_what_is_no_integer(wrong):
    with pytest.raises(TypeError):
        u8(wrong)


def test_bool_and_other_widths_convert_explicitly():
    assert type(u8(True)) is u8
    assert u16(u8(200)) == 200
    assert int(i8(-5)) == -5 and type(int(i8(-5))) is int


@pytest.mark.parametrize("operation", CHECKED + BITWISE, ids=lambda op: op.__name__)
@given(data=st.data())
def test_two_fixed_widths(operation, data):
    (first, a), (second, b) = data.draw(fixed()), data.draw(fixed())
    kind = joined(first, second)
    expected = (TypeError,) if kind is None else in_width(kind, operation, a, b)
    assert outcome(operation, first(a), second(b)) == expected


@pytest.mark.parametrize("operation", CHECKED, ids=lambda op: op.__name__)
@given(data=st.data())
def test_fixed_beside_int(operation, data):
    kind, a = data.draw(fixed())
    b = data.draw(number)
    assert outcome(operation, kind(a), b) == in_width(kind, operation, a, b)
    assert outcome(operation, b, kind(a)) == in_width(kind, operation, b, a)


@pytest.mark.parametrize("operation", BITWISE, ids=lambda op: op.__name__)
@given(data=st.data())
def test_bitwise_beside_int(operation, data):
    kind, a = data.draw(fixed())
    b = data.draw(number)
    low, high = RANGES[kind]
    expected: tuple
    if low == 0 and b < 0:  # the complement of a value of the width
        expected = (kind, operation(a, b) % (high + 1)) if -b - 1 <= high else (OverflowError,)
    else:
        expected = in_width(kind, operation, a, b)
    assert outcome(operation, kind(a), b) == expected
    assert outcome(operation, b, kind(a)) == expected


@given(fixed(), st.one_of(number, fixed()))
def test_comparison_is_mathematical(left, right):
    kind, a = left
    other, b = (right[0](right[1]), right[1]) if isinstance(right, tuple) else (right, right)
    for compare in COMPARISONS:
        assert compare(kind(a), other) is compare(a, b)
        assert compare(other, kind(a)) is compare(b, a)


@given(fixed())
def test_unary(pair):
    kind, a = pair
    low, high = RANGES[kind]
    for operation in (operator.neg, operator.pos, abs):
        assert outcome(operation, kind(a)) == in_width(kind, operation, a)
    assert outcome(operator.invert, kind(a)) == (kind, high - a if low == 0 else -a - 1)


@given(fixed(), st.integers(-3, 200), st.sampled_from([int, *WIDTHS]))
def test_shifts_keep_the_left_width(pair, count, count_kind):
    kind, a = pair
    if count_kind is not int and not RANGES[count_kind][0] <= count <= RANGES[count_kind][1]:
        count = abs(count) % 100
    assert outcome(operator.lshift, kind(a), count_kind(count)) == in_width(kind, operator.lshift, a, count)
    assert outcome(operator.rshift, kind(a), count_kind(count)) == in_width(kind, operator.rshift, a, count)


def test_an_absurd_shift_is_refused_at_once():
    with pytest.raises(OverflowError):
        u8(1) << 10**12
    assert u8(0) << 10**12 == 0
    assert i32(-1) >> 10**12 == -1


def test_int_shifted_by_a_width_stays_int():
    assert outcome(operator.lshift, 1, u8(40)) == (int, 1 << 40)
    assert outcome(operator.rshift, 1000, u8(3)) == (int, 125)
    with pytest.raises(OverflowError):
        _ = 1 << u8(63)


@given(fixed(), st.integers(-2, 70))
def test_power(pair, exponent):
    kind, a = pair
    expected = (ValueError,) if exponent < 0 else in_width(kind, operator.pow, a, exponent)
    assert outcome(operator.pow, kind(a), exponent) == expected
    if exponent >= 0:
        assert outcome(pow, kind(a), exponent, 7) == in_width(kind, pow, a, exponent, 7)


@given(fixed(), number)
def test_divmod_and_true_division(pair, b):
    kind, a = pair
    if b == 0:
        for operation in (divmod, operator.truediv):
            with pytest.raises(ZeroDivisionError):
                operation(kind(a), b)
        return
    quotient, remainder = in_width(kind, operator.floordiv, a, b), in_width(kind, operator.mod, a, b)
    if len(quotient) == len(remainder) == 2:
        assert divmod(kind(a), b) == (quotient[1], remainder[1])
    else:
        with pytest.raises(OverflowError):
            divmod(kind(a), b)
    assert outcome(operator.truediv, kind(a), b)[0] is float
    assert kind(a) / b == a / b


@given(fixed())
def test_text_and_hash_are_those_of_int(pair):
    kind, a = pair
    value = kind(a)
    assert (str(value), repr(value), f"{value:#x}", f"{value:>30,}") == (str(a), repr(a), f"{a:#x}", f"{a:>30,}")
    assert hash(value) == hash(a)
    assert {value: 1}[a] == 1


@given(values(u64))
def test_to_int(value):
    expected = (int, value) if value <= 2**63 - 1 else (OverflowError,)
    assert outcome(to_int, u64(value)) == expected


def test_messages_are_those_of_the_compiled_program():
    with pytest.raises(OverflowError, match=r"^integer overflow$"):
        _ = u8(255) + 1
    with pytest.raises(ValueError, match=r"^negative shift count$"):
        _ = u8(1) << -1
    with pytest.raises(ZeroDivisionError, match=r"^integer division or modulo by zero$"):
        _ = u8(1) // 0
    with pytest.raises(TypeError, match=r"convert one"):
        _ = u64(1) + i64(1)


def test_a_float_beside_a_width_gives_a_float():
    assert u8(3) * 0.5 == 1.5
    assert 0.5 + u8(3) == 3.5


def test_index_and_range_take_any_width():
    assert [10, 20, 30][u8(1)] == 20
    assert list(range(u64(3))) == [0, 1, 2]
    assert bytes(u32(2)) == b"\0\0"


def test_negative_constant_as_a_mask():
    assert u64(0x1234_5678) & ~0xFFF == 0x1234_5000
    assert u64(0xFFFF_FFFF_FFFF_FFFF) & ~(1 << 63) == 0x7FFF_FFFF_FFFF_FFFF
    assert u8(0x0F) | ~0x7F == 0x8F
