"""The format mini-language: reading a specification and laying a number or a text out in its width.

``[[fill]align][sign][z][#][0][width][grouping][.precision][type]``, read as CPython 3.11 does
(Python/formatter_unicode.c), with its messages. Everything here is plain text handling.
"""

from __future__ import annotations

from typing import Final

from runtime.core.string_building import join_texts
from runtime.core.string_parts import padded

NONE: Final = -1
LARGEST_NUMBER: Final = 0x7FFF_FFFF_FFFF_FFFF


class FormatSpec:
    fill: str
    align: str
    sign: str
    positive_zero: bool  # z
    alternate: bool
    width: int
    separator: str
    precision: int
    code: str  # the type; empty for the default

    def __init__(self, align: str) -> None:
        self.fill = " "
        self.align = align
        self.sign = ""
        self.positive_zero = False
        self.alternate = False
        self.width = NONE
        self.separator = ""
        self.precision = NONE
        self.code = ""


def is_alignment(text: str, index: int) -> bool:
    if index >= len(text):
        return False
    letter = text[index]
    return letter == "<" or letter == ">" or letter == "=" or letter == "^"


def is_at(text: str, index: int, letter: str) -> bool:
    return index < len(text) and text[index] == letter


def read_spec(text: str, default_align: str, type_name: str) -> FormatSpec:
    spec = FormatSpec(default_align)
    index = _read_alignment(text, spec)
    filled = index == 2
    aligned = index != 0
    if is_at(text, index, "+") or is_at(text, index, "-") or is_at(text, index, " "):
        spec.sign = text[index]
        index += 1
    if is_at(text, index, "z"):
        spec.positive_zero = True
        index += 1
    if is_at(text, index, "#"):
        spec.alternate = True
        index += 1
    if not filled and is_at(text, index, "0"):
        spec.fill = "0"
        if not aligned and default_align == ">":
            spec.align = "="
        index += 1
    end = end_of_digits(text, index)
    if end > index:
        spec.width = read_number(text, index, end)
    return _read_tail(text, end, spec, type_name)


def _read_alignment(text: str, spec: FormatSpec) -> int:
    """Fill and alignment; the index behind them tells which were there."""
    if is_alignment(text, 1):
        spec.fill = text[0]
        spec.align = text[1]
        return 2
    if is_alignment(text, 0):
        spec.align = text[0]
        return 1
    return 0


def _read_tail(text: str, index: int, spec: FormatSpec, type_name: str) -> FormatSpec:
    """Grouping, precision and type."""
    if is_at(text, index, ","):
        spec.separator = ","
        index += 1
    if is_at(text, index, "_"):
        if spec.separator != "":
            raise ValueError("Cannot specify both ',' and '_'.")
        spec.separator = "_"
        index += 1
    if is_at(text, index, ",") and spec.separator == "_":
        raise ValueError("Cannot specify both ',' and '_'.")
    if is_at(text, index, "."):
        index += 1
        end = end_of_digits(text, index)
        if end == index:
            raise ValueError("Format specifier missing precision")
        spec.precision = read_number(text, index, end)
        index = end
    if len(text) - index > 1:
        raise ValueError("Invalid format specifier '" + text + "' for object of type '" + type_name + "'")
    if index < len(text):
        spec.code = text[index]
    elif type_name == "str":
        spec.code = "s"
    _check_separator(spec)
    return spec


def _check_separator(spec: FormatSpec) -> None:
    if spec.separator == "":
        return
    match spec.code:
        case "" | "d" | "e" | "f" | "g" | "E" | "F" | "G" | "%":
            return
        case "b" | "o" | "x" | "X":
            if spec.separator == "_":
                return
        case _:
            pass
    raise ValueError("Cannot specify '" + spec.separator + "' with '" + shown_code(spec.code) + "'.")


def end_of_digits(text: str, index: int) -> int:
    while index < len(text) and "0" <= text[index] <= "9":
        index += 1
    return index


def read_number(text: str, start: int, end: int) -> int:
    value = 0
    index = start
    while index < end:
        digit = ord(text[index]) - 48
        if value > (LARGEST_NUMBER - digit) // 10:
            raise ValueError("Too many decimal digits in format string")
        value = value * 10 + digit
        index += 1
    return value


def shown_code(code: str) -> str:
    """A type code in a message: as it is, or by number where it would not be seen."""
    if " " < code < "\x80":
        return code
    return "\\x" + hex(ord(code))[2:]


def unknown_code(code: str, type_name: str) -> ValueError:
    return ValueError("Unknown format code '" + shown_code(code) + "' for object of type '" + type_name + "'")


def align_text(text: str, spec: FormatSpec) -> str:
    rest = spec.width - len(text)
    if rest <= 0:
        return text
    match spec.align:
        case "<":
            return padded(text, 0, rest, spec.fill)
        case ">":
            return padded(text, rest, 0, spec.fill)
        case _:
            return padded(text, rest // 2, rest - rest // 2, spec.fill)


def grouped(digits: str, separator: str, size: int, minimum: int) -> str:
    """Separators between groups counted from the right, zeros in front up to ``minimum`` characters, but no
    separator in front."""
    parts: list[str] = []
    end = len(digits)
    total = 0
    while True:
        group = digits[max(end - size, 0) : end]
        missing = min(size, max(minimum - total, 1)) - len(group)
        if missing > 0:
            group = padded(group, missing, 0, "0")
        parts.append(group)
        total += len(group)
        end -= size
        if end <= 0 and total >= minimum:
            parts.reverse()
            return join_texts(separator, parts)
        total += 1
        if end < 0:
            end = 0


def lay_out_number(spec: FormatSpec, sign: str, prefix: str, digits: str, rest: str, group: int) -> str:
    """Sign, prefix, digits (grouped and zero-filled as the specification asks), rest, in the width."""
    outside = len(sign) + len(prefix) + len(rest)
    if spec.separator != "":
        minimum = spec.width - outside if spec.fill == "0" and spec.align == "=" else 0
        digits = grouped(digits, spec.separator, group, minimum)
    missing = spec.width - outside - len(digits)
    if missing <= 0:
        return sign + prefix + digits + rest
    if spec.align == "=":
        return sign + prefix + padded(digits, missing, 0, spec.fill) + rest
    return align_text(sign + prefix + digits + rest, spec)


def sign_text(spec: FormatSpec, negative: bool) -> str:
    if negative:
        return "-"
    return spec.sign if spec.sign == "+" or spec.sign == " " else ""
