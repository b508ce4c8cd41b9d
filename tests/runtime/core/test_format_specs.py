"""The format mini-language against CPython: results and messages."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from runtime.core import float_format, format_specs
from tests.runtime.core.simulated_objects import plain

pytestmark = pytest.mark.usefixtures("core")

parts = [
    st.sampled_from(["", "", "<", ">", "=", "^", "*<", "ß^", "0=", "x>"]),
    st.sampled_from(["", "", "+", "-", " "]),
    st.sampled_from(["", "", "", "z"]),
    st.sampled_from(["", "", "#"]),
    st.sampled_from(["", "", "0"]),
    st.sampled_from(["", "", "1", "7", "12", "23"]),
    st.sampled_from(["", "", "", ",", "_"]),
    st.sampled_from(["", "", "", ".0", ".1", ".3", ".17", "."]),
]
codes = st.sampled_from(["", "d", "x", "X", "o", "b", "c", "n", "e", "E", "f", "F", "g", "G", "%", "s", "q", "\x01"])
specs = st.one_of(st.builds(lambda *items: "".join(items), *parts, codes), st.text(alphabet="0,_.<>+#1d", max_size=4))
INTEGER_CODES = "eEfFgG%"


def answer(call: Any, *arguments: Any) -> Any:
    try:
        return plain(call(*arguments))
    except (ValueError, OverflowError) as error:
        return type(error), str(error)


@settings(max_examples=1500)
@example("text", "<,")
@given(st.text(max_size=9), specs)
def test_text(value: str, spec: str) -> None:
    assert answer(format_specs.format_string, value, spec) == answer(format, value, spec)


@settings(max_examples=1500)
@given(st.one_of(st.integers(-(2**63), 2**63 - 1), st.integers(-2000, 2000)), specs)
def test_int(value: int, spec: str) -> None:
    if spec[-1:] in tuple(INTEGER_CODES):
        return  # the compiler sends these through format_float
    assert answer(format_specs.format_int, value, spec) == answer(format, value, spec)


@settings(max_examples=100)
@given(st.integers(0, 2**64 - 1), specs)
def test_unsigned(value: int, spec: str) -> None:
    if spec[-1:] not in tuple(INTEGER_CODES):
        assert answer(format_specs.format_unsigned, value, spec) == answer(format, value, spec)


@settings(max_examples=150)
@example(0.0, "#.3")
@example(-0.001, "z.1f")
@given(
    st.one_of(st.floats(), st.sampled_from([0.5, 2.5, 999.95, 1e16, 123456.0, 0.00012345, 1e15, 99999999999999.0])),
    specs,
)
def test_float(value: float, spec: str) -> None:
    assert answer(float_format.format_float, value, spec) == answer(format, value, spec)
