"""``format(value, spec)`` for int, unsigned and str; floats are formatted in ``float_format``.

Contract: CPython 3.11's results and messages. An int with a float type code goes through ``format_float``; the
compiler sees the code in a constant specification and calls that.
"""

from __future__ import annotations

from runtime.core.format_layout import (
    NONE,
    FormatSpec,
    align_text,
    lay_out_number,
    read_spec,
    sign_text,
    unknown_code,
)
from runtime.core.integers import ascii_upper, digits_in_base, int_to_string, magnitude_of, unsigned_to_string
from runtime.lang import u64


def format_string(value: str, spec: str) -> str:
    if spec == "":
        return value
    layout = read_spec(spec, "<", "str")
    if layout.code != "s":
        raise unknown_code(layout.code, "str")
    _refuse_for_text(layout)
    if layout.precision != NONE and layout.precision < len(value):
        value = value[: layout.precision]
    return align_text(value, layout)


def _refuse_for_text(layout: FormatSpec) -> None:
    if layout.sign == " ":
        raise ValueError("Space not allowed in string format specifier")
    if layout.sign != "":
        raise ValueError("Sign not allowed in string format specifier")
    if layout.positive_zero:
        raise ValueError("Negative zero coercion (z) not allowed in string format specifier")
    if layout.alternate:
        raise ValueError("Alternate form (#) not allowed in string format specifier")
    if layout.align == "=":
        raise ValueError("'=' alignment not allowed in string format specifier")


def format_int(value: int, spec: str) -> str:
    if spec == "":
        return int_to_string(value)
    return _format_magnitude(magnitude_of(value), value < 0, spec)


def format_unsigned(value: u64, spec: str) -> str:
    if spec == "":
        return unsigned_to_string(value)
    return _format_magnitude(value, False, spec)


def _format_magnitude(magnitude: u64, negative: bool, spec: str) -> str:
    layout = read_spec(spec, ">", "int")
    if layout.code == "c":
        return _format_character(magnitude, negative, layout)
    digits, prefix = _digits_for(magnitude, layout)
    _refuse_for_int(layout)
    group = 3 if layout.code == "" or layout.code == "d" else 4
    return lay_out_number(layout, sign_text(layout, negative), prefix, digits, "", group)


def _refuse_for_int(layout: FormatSpec) -> None:
    if layout.precision != NONE:
        raise ValueError("Precision not allowed in integer format specifier")
    if layout.positive_zero:
        raise ValueError("Negative zero coercion (z) not allowed in integer format specifier")


def _digits_for(magnitude: u64, layout: FormatSpec) -> tuple[str, str]:
    """The digits and the prefix that ``#`` asks for."""
    match layout.code:
        case "" | "d" | "n":
            return unsigned_to_string(magnitude), ""
        case "x":
            return digits_in_base(magnitude, 4), "0x" if layout.alternate else ""
        case "X":
            return ascii_upper(digits_in_base(magnitude, 4)), "0X" if layout.alternate else ""
        case "o":
            return digits_in_base(magnitude, 3), "0o" if layout.alternate else ""
        case "b":
            return digits_in_base(magnitude, 1), "0b" if layout.alternate else ""
        case _:
            raise unknown_code(layout.code, "int")


def _format_character(magnitude: u64, negative: bool, layout: FormatSpec) -> str:
    _refuse_for_int(layout)
    if layout.sign != "":
        raise ValueError("Sign not allowed with integer format specifier 'c'")
    if layout.alternate:
        raise ValueError("Alternate form (#) not allowed with integer format specifier 'c'")
    if negative or magnitude > 0x10_FFFF:
        raise OverflowError("%c arg not in range(0x110000)")
    return lay_out_number(layout, "", "", chr(int(magnitude)), "", 3)
