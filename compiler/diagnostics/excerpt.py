"""Source lines as a terminal shows them, with the span marked underneath.

The source is hostile: tabs are expanded, wide characters counted as two columns and combining ones as none, control
and direction characters replaced (they could rewrite the terminal or reorder the text), long lines cut around the
span, and positions beyond the text pulled back into it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from compiler.diagnostics.span import Span

TAB_WIDTH = 4
MAXIMUM_WIDTH = 140
CONTEXT_BEFORE_SPAN = 40
SHOWN_LINES = 6  # of a span over several lines: the first ones, and the last
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class ExcerptRow:
    """A row to print: a source line under its number, or (number None) the marks under the line before it."""

    number: int | None
    text: str


def excerpt_rows(source: str, span: Span, label: str | None) -> Iterator[ExcerptRow]:
    """The lines of a span with its underline; nothing when the span speaks of the whole file."""
    lines = source.split("\n")
    if not 1 <= span.line <= len(lines):
        return
    last_line = min(max(span.end_line, span.line), len(lines))
    if span.line == last_line:
        yield from _single_line(lines[span.line - 1], span, label)
    else:
        yield from _several_lines(lines, span, last_line, label)


def _single_line(line: str, span: Span, label: str | None) -> Iterator[ExcerptRow]:
    shown = _Shown(line)
    start = shown.column_of(span.column)
    end = max(shown.column_of(span.end_column), start + 1)
    text, shift = _cut(shown.text, start)
    start, end = start - shift, min(end - shift, MAXIMUM_WIDTH)
    yield ExcerptRow(span.line, text)
    marks = " " * start + "^" * max(1, end - start)
    yield ExcerptRow(None, f"{marks} {label}" if label else marks)


def _several_lines(lines: list[str], span: Span, last_line: int, label: str | None) -> Iterator[ExcerptRow]:
    numbers = list(range(span.line, last_line + 1))
    hidden = len(numbers) - SHOWN_LINES
    for index, number in enumerate(numbers):
        if hidden > 1 and SHOWN_LINES - 1 <= index < len(numbers) - 1:
            if index == SHOWN_LINES - 1:
                yield ExcerptRow(None, f"| {ELLIPSIS} {hidden} lines")
            continue
        text, _ = _cut(_Shown(lines[number - 1]).text, 0)
        yield ExcerptRow(number, f"{'/' if index == 0 else '|'} {text}")
    end = min(_Shown(lines[last_line - 1]).column_of(span.end_column), MAXIMUM_WIDTH)
    marks = "|" + "_" * max(1, end) + "^"
    yield ExcerptRow(None, f"{marks} {label}" if label else marks)


class _Shown:
    """A line as shown, with the display column of every byte position."""

    def __init__(self, line: str) -> None:
        pieces: list[str] = []
        self._columns: list[int] = []
        column = 0
        for character in line:
            piece, width = _displayed(character, column)
            self._columns.extend([column] * len(character.encode("utf-8", "surrogatepass")))
            pieces.append(piece)
            column += width
        self._columns.append(column)
        self.text = "".join(pieces)

    def column_of(self, byte_position: int) -> int:
        return self._columns[min(max(byte_position, 0), len(self._columns) - 1)]


def _displayed(character: str, column: int) -> tuple[str, int]:
    if " " <= character <= "~":
        return character, 1
    if character == "\t":
        width = TAB_WIDTH - column % TAB_WIDTH
        return " " * width, width
    category = unicodedata.category(character)
    if category in ("Cc", "Cf", "Cs", "Zl", "Zp"):
        return REPLACEMENT, 1
    if category in ("Mn", "Me"):
        return character, 0
    return character, 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def _cut(text: str, start: int) -> tuple[str, int]:
    """At most `MAXIMUM_WIDTH` characters around a column, and how far the columns moved to the left."""
    if len(text) <= MAXIMUM_WIDTH:
        return text, 0
    first = max(0, start - CONTEXT_BEFORE_SPAN)
    piece = text[first : first + MAXIMUM_WIDTH]
    if first + MAXIMUM_WIDTH < len(text):
        piece = piece[:-1] + ELLIPSIS
    return (ELLIPSIS + piece[1:], first) if first else (piece, 0)


def printable(text: str) -> str:
    """A message or path without characters that would act on the terminal; line breaks stay."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(one if one == "\n" else _displayed(one, 0)[0] for one in text)
