"""The places of each module where the checker converts an integer implicitly, and how.

The checker notes a place each time it checks the expression there: once per instance of a generic function, and more
than once where it looks ahead. Notes that agree count once; a place whose notes differ between instances has no
conversion that could be written into the one source that all instances share, and is left to the width classes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from compiler.diagnostics.span import Span

RANGE = "range "
"""Prefix of a note about a call of `range`; the width of its numbers follows."""
INT = "int"
"""A note about an expression whose result is a plain integer where CPython's would have a width."""
SAME = "same"
"""A note about a constant of a generic function that stays an `int` in one instance."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A range of one source, as `Span` counts: lines from 1, columns in UTF-8 bytes from 0, the end exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


Findings = dict[Place, str]
"""How the expression at each place is converted: a width, `int`, or RANGE and a width."""


def findings_by_file(notes: Iterable[tuple[Span, str]]) -> dict[str, Findings]:
    """The checker's notes by the file label of their spans, without those that contradict each other."""
    heard: dict[str, dict[Place, set[str]]] = {}
    for span, how in notes:
        place = Place(span.line, span.column, span.end_line, span.end_column)
        heard.setdefault(span.file, {}).setdefault(place, set()).add(how)
    return {file: agreed(places) for file, places in heard.items()}


def agreed(places: dict[Place, set[str]]) -> Findings:
    """The places with one meaning."""
    chosen = {place: meaning(notes) for place, notes in sorted(places.items())}
    return {place: how for place, how in chosen.items() if how is not None}


def meaning(notes: set[str]) -> str | None:
    """What the notes on one place come to: `int(5)` that then gets a width has that width."""
    widths = notes - {INT, SAME}
    if not widths:
        return INT if INT in notes else None
    return widths.pop() if len(widths) == 1 and SAME not in notes else None
