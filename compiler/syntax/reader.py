"""What the functions that copy CPython's `ast` share: where they are, and where they report.

A reader lives for one file. Its functions are found through tables keyed by the type of the `ast` node: one lookup
and one call per node, which is what keeps the copy about as fast as CPython's parser itself.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from typing import Any, TypeVar

from compiler.diagnostics.sink import DiagnosticSink
from compiler.diagnostics.span import Span
from compiler.syntax import subset

Result = TypeVar("Result")

_NAME_AFTER_KEYWORD = re.compile(rb"(?:async[ \t\f]+)?(?:def|class)[ \t\f]+([\w\x80-\xff]+)")


class Reader:
    """The file being read: its label, its lines as UTF-8, and the sink."""

    __slots__ = ("_lines", "file", "sink", "source")

    def __init__(self, source: str, file: str, sink: DiagnosticSink) -> None:
        self.file = file
        self.source = source
        self.sink = sink
        self._lines: list[str] | None = None

    def span(self, node: Any) -> Span:
        """The place of an `ast` node that carries positions."""
        return Span(self.file, node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)

    def definition_name_span(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> Span:
        """The place of the name in a `def` or `class` header, which `ast` does not record."""
        if self._lines is None:
            self._lines = self.source.split("\n")
        line = self._lines[node.lineno - 1].encode("utf-8", "surrogatepass")
        found = _NAME_AFTER_KEYWORD.match(line, node.col_offset)
        if found is None:  # the name stands on a continuation line
            return Span(self.file, node.lineno, node.col_offset, node.lineno, node.col_offset)
        return Span(self.file, node.lineno, found.start(1), node.lineno, found.end(1))

    def refuse(self, refusal: subset.Refusal, span: Span) -> None:
        """Report a refused construct."""
        subset.refuse(self.sink, refusal, span)


class ReaderTable(dict[type, Callable[[Reader, Any], Result]]):
    """From the type of an `ast` node to the function that copies it; a node of a newer Python is refused."""

    def __init__(
        self, rows: dict[type, Callable[[Reader, Any], Result]], otherwise: Callable[[Reader, Any], Result]
    ) -> None:
        super().__init__(rows)
        self._otherwise = otherwise

    def __missing__(self, node_type: type) -> Callable[[Reader, Any], Result]:
        return self._otherwise
