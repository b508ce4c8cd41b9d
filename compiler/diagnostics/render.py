"""Diagnostics as text for people and as JSON for programs.

    error[E0201]: name `totl` is not defined
     --> sum.py:2:7
      |
    2 | print(totl)
      |       ^^^^
      |
      = help: write `total`

Columns shown to people count bytes from 1, as most editors jump to; JSON has the spans as they are (`span.py`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from compiler.diagnostics.diagnostic import Diagnostic, Note, Severity
from compiler.diagnostics.excerpt import excerpt_rows, printable
from compiler.diagnostics.sink import DiagnosticSink
from compiler.diagnostics.span import Span


@dataclass(frozen=True, slots=True)
class Palette:
    """The escape sequences around each part; empty ones for plain text."""

    error: str = ""
    warning: str = ""
    note: str = ""
    help: str = ""
    gutter: str = ""
    strong: str = ""
    reset: str = ""

    def paint(self, colour: str, text: str) -> str:
        """`text` between a colour and its end."""
        return f"{colour}{text}{self.reset}" if colour else text


PLAIN = Palette()
COLOURED = Palette(
    error="\x1b[1;31m",
    warning="\x1b[1;33m",
    note="\x1b[1;36m",
    help="\x1b[1;32m",
    gutter="\x1b[1;34m",
    strong="\x1b[1m",
    reset="\x1b[0m",
)


def render_all(sink: DiagnosticSink, palette: Palette = PLAIN) -> str:
    """Everything a run has to say, in reading order, with a line for what the limit leaves out."""
    parts = [render(one, sink.sources, palette) for one in sink.diagnostics()]
    if sink.omitted_count:
        parts.append(f"… and {sink.omitted_count} more, not shown\n")
    return "\n".join(parts)


def render(diagnostic: Diagnostic, sources: Mapping[str, str], palette: Palette = PLAIN) -> str:
    """One diagnostic with excerpt, notes and help; ends with a newline."""
    return "\n".join(_Text(sources, palette).lines(diagnostic)) + "\n"


class _Text:
    """Renders against a set of sources in a palette."""

    def __init__(self, sources: Mapping[str, str], palette: Palette) -> None:
        self._sources = sources
        self._palette = palette

    def lines(self, diagnostic: Diagnostic) -> Iterator[str]:
        palette = self._palette
        colour = palette.error if diagnostic.severity is Severity.ERROR else palette.warning
        head = palette.paint(colour, f"{diagnostic.severity.value}[{diagnostic.code}]")
        yield f"{head}{palette.paint(palette.strong, ': ' + printable(diagnostic.message))}"
        spans = [diagnostic.span, *(note.span for note in diagnostic.notes if note.span is not None)]
        width = len(str(max(max(span.line, span.end_line) for span in spans)))
        yield from self._place(diagnostic.span, diagnostic.label, colour, width)
        yield from self._remarks(diagnostic, width)

    def _remarks(self, diagnostic: Diagnostic, width: int) -> Iterator[str]:
        plain = [note for note in diagnostic.notes if note.span is None]
        margin = " " * width + " "
        if (plain or diagnostic.suggestion) and diagnostic.span.line:
            yield margin + self._palette.paint(self._palette.gutter, "|")
        for note in plain:
            yield from self._remark(margin, "note", self._palette.note, note.message)
        if diagnostic.suggestion:
            yield from self._remark(margin, "help", self._palette.help, _help_text(diagnostic.suggestion))
        for note in diagnostic.notes:
            if note.span is not None:
                yield from self._located_note(note, note.span, width)

    def _remark(self, margin: str, kind: str, colour: str, text: str) -> Iterator[str]:
        lead = f"{margin}= "
        first, *others = printable(text).split("\n")
        yield f"{lead}{self._palette.paint(colour, kind)}: {first}"
        for other in others:
            yield f"{' ' * len(lead)}      {other}"

    def _located_note(self, note: Note, span: Span, width: int) -> Iterator[str]:
        yield f"{self._palette.paint(self._palette.note, 'note')}: {printable(note.message)}"
        yield from self._place(span, None, self._palette.note, width)

    def _place(self, span: Span, label: str | None, colour: str, width: int) -> Iterator[str]:
        paint, gutter = self._palette.paint, self._palette.gutter
        yield f"{' ' * width}{paint(gutter, '-->')} {printable(str(span))}"
        rows = list(excerpt_rows(self._sources.get(span.file, ""), span, printable(label) if label else None))
        if not rows or not self._sources.get(span.file):
            return
        yield f"{' ' * width} {paint(gutter, '|')}"
        for row in rows:
            number = "" if row.number is None else str(row.number)
            text = paint(colour, row.text) if row.number is None else row.text
            yield f"{paint(gutter, f'{number:>{width}} |')} {text}".rstrip()


def _help_text(suggestion: str) -> str:
    return suggestion if " " in suggestion else f"write `{suggestion}`"


def render_json(sink: DiagnosticSink) -> str:
    """The diagnostics as a JSON array, one object each, for editors and scripts."""
    return json.dumps([_as_object(one) for one in sink.diagnostics()], indent=2, ensure_ascii=True) + "\n"


def _as_object(diagnostic: Diagnostic) -> dict[str, Any]:
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity.value,
        "message": diagnostic.message,
        "span": diagnostic.span._asdict(),
        "label": diagnostic.label,
        "notes": [
            {"message": note.message, "span": None if note.span is None else note.span._asdict()}
            for note in diagnostic.notes
        ],
        "suggestion": diagnostic.suggestion,
    }
