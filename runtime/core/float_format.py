"""``format(x, spec)`` of a float: exact digits at any precision, then the common layout.

Contract: CPython 3.11's results and messages for the codes e E f F g G n % and none.
"""

from __future__ import annotations

from typing import Final

from runtime.core.decimals import Decimal
from runtime.core.float_bits import is_finite, is_nan, is_negative
from runtime.core.float_text import (
    digits_text,
    exact_decimal,
    exponent_text,
    float_to_string,
    fraction_text,
    integer_text,
    shortest_decimal,
)
from runtime.core.format_layout import NONE, FormatSpec, lay_out_number, read_spec, sign_text, unknown_code
from runtime.core.integers import ascii_upper
from runtime.core.string_building import concatenate, concatenate3

DEFAULT_PRECISION: Final = 6
SMALLEST_PLAIN: Final = -4
FIRST_REPR_EXPONENT: Final = 16


class NumberText:
    """The parts of a formatted magnitude: digits before the point, and everything from the point on."""

    digits: str
    rest: str
    is_zero: bool

    def __init__(self, digits: str, rest: str, is_zero: bool) -> None:
        self.digits = digits
        self.rest = rest
        self.is_zero = is_zero


def format_float(value: float, spec: str) -> str:
    if spec == "":
        return float_to_string(value)
    layout = read_spec(spec, ">", "float")
    number = _number_text(value, layout)
    negative = is_negative(value) and not is_nan(value)
    if negative and layout.positive_zero and number.is_zero:
        negative = False
    upper = layout.code == "E" or layout.code == "F" or layout.code == "G"
    digits = ascii_upper(number.digits) if upper else number.digits
    rest = ascii_upper(number.rest) if upper else number.rest
    if not is_finite(value):
        return _lay_out_special(layout, sign_text(layout, negative), digits, rest)
    return lay_out_number(layout, sign_text(layout, negative), "", digits, rest, 3)


def _lay_out_special(layout: FormatSpec, sign: str, name: str, rest: str) -> str:
    """``inf`` and ``nan`` have no digits to group, but zeros fill in front of them all the same."""
    return (
        lay_out_number(layout, sign, "", "", concatenate(name, rest), 3)
        if layout.separator == ""
        else (lay_out_number(_without_separator(layout), sign, "", "", concatenate(name, rest), 3))
    )


def _without_separator(layout: FormatSpec) -> FormatSpec:
    layout.separator = ""
    return layout


def _number_text(value: float, layout: FormatSpec) -> NumberText:
    code = layout.code
    percent = "%" if code == "%" else ""
    match code:
        case "" | "e" | "E" | "f" | "F" | "g" | "G" | "n" | "%":
            pass
        case _:
            raise unknown_code(code, "float")
    if not is_finite(value):
        name = "nan" if is_nan(value) else "inf"
        return NumberText(name, percent, False)
    precision = DEFAULT_PRECISION if layout.precision == NONE else layout.precision
    match code:
        case "e" | "E":
            return _exponent_form(_rounded(value, precision + 1), precision, layout.alternate)
        case "f" | "F":
            return _fixed_form(exact_decimal(value), precision, layout.alternate, "")
        case "%":
            return _fixed_form(exact_decimal(value * 100.0), precision, layout.alternate, "%")
        case "":
            return _default_form(value, layout)
        case _:
            return _general_form(_rounded(value, max(precision, 1)), max(precision, 1), layout.alternate)


def _rounded(value: float, count: int) -> Decimal:
    decimal = exact_decimal(value)
    decimal.round_to(count)
    return decimal


def _point(shown: bool) -> str:
    return "." if shown else ""


def _exponent_form(decimal: Decimal, precision: int, alternate: bool) -> NumberText:
    zero = decimal.count == 0
    point = _point(precision > 0 or alternate)
    exponent = exponent_text("e", 0 if zero else decimal.point - 1)
    fraction = digits_text(decimal, 1, 1 + precision)
    return NumberText(digits_text(decimal, 0, 1), concatenate3(point, fraction, exponent), zero)


def _fixed_form(decimal: Decimal, precision: int, alternate: bool, tail: str) -> NumberText:
    decimal.round_to(decimal.point + precision)
    point = _point(precision > 0 or alternate)
    rest = concatenate3(point, fraction_text(decimal, precision), tail)
    return NumberText(integer_text(decimal), rest, decimal.count == 0)


def _general_form(decimal: Decimal, precision: int, alternate: bool) -> NumberText:
    """Fixed or exponent form by the exponent after rounding; zeros at the end go unless ``#`` keeps them."""
    exponent = 0 if decimal.count == 0 else decimal.point - 1
    if SMALLEST_PLAIN <= exponent < precision:
        places = precision - 1 - exponent if alternate else max(decimal.count - exponent - 1, 0)
        return _fixed_form(decimal, places, alternate, "")
    places = precision - 1 if alternate else max(decimal.count - 1, 0)
    return _exponent_form(decimal, places, alternate)


def _default_form(value: float, layout: FormatSpec) -> NumberText:
    """No code: like ``repr`` without a precision, else like ``g`` with a digit after the point.

    The exponent form begins one place earlier than for ``g``, because that digit needs a place.
    """
    shortest = layout.precision == NONE
    precision = max(layout.precision, 1)
    decimal = shortest_decimal(value) if shortest else _rounded(value, precision)
    exponent = 0 if decimal.count == 0 else decimal.point - 1
    limit = FIRST_REPR_EXPONENT if shortest else precision - 1
    if not SMALLEST_PLAIN <= exponent < limit:
        places = precision - 1 if layout.alternate and not shortest else max(decimal.count - 1, 0)
        return _exponent_form(decimal, places, layout.alternate)
    places = max(decimal.count - exponent - 1, 1)
    if layout.alternate and not shortest:
        places = max(precision - 1 - exponent, 1)
    return _fixed_form(decimal, places, layout.alternate, "")
