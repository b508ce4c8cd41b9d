"""Where something stands in the source.

Conventions, stated once for the whole compiler: lines count from 1; columns count UTF-8 bytes from 0, as CPython's
`ast` gives them; the end is exclusive. A span whose `line` is 0 speaks of the file as a whole. A named tuple rather
than a dataclass because the parser makes one for every node and a tuple is made three times faster.
"""

from __future__ import annotations

from typing import NamedTuple


class Span(NamedTuple):
    """A half-open range of source text inside one file."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int

    def to(self, last: Span) -> Span:
        """The range from the start of this span to the end of `last`."""
        return Span(self.file, self.line, self.column, last.end_line, last.end_column)

    def start(self) -> Span:
        """The empty range at the start of this span."""
        return Span(self.file, self.line, self.column, self.line, self.column)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column + 1}" if self.line else self.file


def file_span(file: str) -> Span:
    """The span that means a file as a whole."""
    return Span(file, 0, 0, 0, 0)
