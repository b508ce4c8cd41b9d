"""Integers as text and back, powers, and the exception hierarchy, against CPython."""

from __future__ import annotations

import builtins
import os
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from runtime.core import builtins as core_builtins
from runtime.core import error_numbers, exceptions, integer_parsing, integers, os_errors
from tests.runtime.core import unicode_table_writer
from tests.runtime.core.simulated_objects import plain

pytestmark = pytest.mark.usefixtures("core")

LARGEST = 2**63 - 1
values = st.one_of(
    st.integers(-(2**63), LARGEST),
    st.integers(0, 20)
    .flatmap(lambda power: st.sampled_from([10**power, 10**power - 1]))
    .filter(lambda v: v <= LARGEST),
)


def answer(call: Any, *arguments: Any) -> Any:
    try:
        value = plain(call(*arguments))
    except (ValueError, OverflowError, ZeroDivisionError) as error:
        return type(error), str(error)
    if isinstance(value, int) and not -(2**63) <= value <= LARGEST:
        return "overflow"
    return value


@given(values)
def test_text_in_every_base(value: int) -> None:
    assert plain(integers.int_to_string(value)) == str(value)
    assert plain(integers.hex_string(value)) == hex(value)
    assert plain(integers.oct_string(value)) == oct(value)
    assert plain(integers.bin_string(value)) == bin(value)


@given(st.integers(0, 2**64 - 1))
def test_unsigned_text(value: int) -> None:
    assert plain(integers.unsigned_to_string(value)) == str(value)
    assert plain(integers.unsigned_hex_string(value)) == hex(value)
    assert plain(integers.unsigned_oct_string(value)) == oct(value)
    assert plain(integers.unsigned_bin_string(value)) == bin(value)


@example("9223372036854775807", 10)
@example("-9223372036854775808", 10)
@example("9223372036854775808", 10)
@example(" \u2028-0_1\n", 0)
@example("00", 0)
@example("0x", 16)
@example("٣_٤", 10)
@given(
    st.one_of(st.text(alphabet="01279afxXobB_+- \n٣z", max_size=7), values.map(str), values.map(hex), values.map(bin)),
    st.sampled_from([0, 2, 8, 10, 16, 36, 1, 37]),
)
def test_reading(text: str, base: int) -> None:
    expected = answer(int, text, base)
    found = answer(integer_parsing.parse_int, text, base)
    if expected == "overflow":
        assert found[0] is OverflowError
    else:
        assert found == expected


@given(st.integers(-12, 12), st.integers(0, 24))
def test_power(base: int, exponent: int) -> None:
    if abs(base**exponent) < 2**62:
        assert integers.power(base, exponent) == base**exponent


@given(values, st.one_of(values, st.integers(-5, 5)), st.one_of(values, st.integers(-40, 40)))
def test_power_modulo(base: int, exponent: int, modulus: int) -> None:
    assert answer(integers.power_modulo, base, exponent, modulus) == answer(pow, base, exponent, modulus)


@given(st.integers(-20, 20), st.integers(-20, 20), st.integers(-4, 4))
def test_ranges(start: int, stop: int, step: int) -> None:
    assert answer(core_builtins.range_length, start, stop, step) == answer(lambda: len(range(start, stop, step)))
    if step:
        assert core_builtins.list_from_range(start, stop, step) == list(range(start, stop, step))


@given(st.lists(st.integers(-3, 300), max_size=5))
def test_bytes_from_list(items: list[int]) -> None:
    assert answer(core_builtins.bytes_from_list, items) == answer(bytes, items)


def test_exception_hierarchy_is_complete() -> None:
    groups = {"BaseExceptionGroup", "ExceptionGroup"}  # hold several exceptions: come with except*
    for name, kind in vars(builtins).items():
        if isinstance(kind, type) and issubclass(kind, BaseException) and kind.__name__ == name and name not in groups:
            ours = getattr(exceptions, name + "_")
            bases = [base.__name__.removesuffix("_") for base in ours.__mro__[:-1]]
            assert bases == [base.__name__ for base in kind.__mro__[:-1]], name


@pytest.mark.parametrize("number", range(135))
def test_error_numbers(number: int) -> None:
    assert error_numbers.error_text(number) == os.strerror(number)
    assert type(os_errors.os_error(number, "f")) is type(OSError(number, "x"))


@pytest.mark.parametrize(
    ("message", "representation", "value"),
    [(None, None, ()), ("a'b", None, ("a'b",)), ("3", "3", (3,)), ("(1, 'a')", "1, 'a'", (1, "a"))],
)
def test_exception_texts(message: str | None, representation: str | None, value: tuple[object, ...]) -> None:
    for name in ("ValueError", "KeyError"):
        ours = getattr(exceptions, name + "_")(message, representation)
        theirs = getattr(builtins, name)(*value)
        assert str(ours) == str(theirs)
        assert ours.arguments_text() == repr(theirs)[len(name) + 1 : -1]


@pytest.mark.parametrize(
    ("representation", "message", "status"),
    [(None, None, 0), (None, "bye", 1), ("3", "3", 3), ("-1", "-1", 255), ("300", "300", 44), ("None", "None", 0)],
)
def test_exit_status(representation: str | None, message: str | None, status: int) -> None:
    error = exceptions.SystemExit_(message, representation)
    assert error.exit_status() == status
    assert error.shows_message() == (status == 1 and message == "bye")


def test_unicode_tables_are_what_cpython_says() -> None:
    for name, text in unicode_table_writer.sources().items():
        assert (unicode_table_writer.FOLDER / name).read_text(encoding="utf-8") == text
