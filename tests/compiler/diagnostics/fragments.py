"""Reading back what a span covers, so that tests can say it in the source's own words."""

from __future__ import annotations

from compiler.diagnostics.diagnostic import Diagnostic
from compiler.diagnostics.sink import DiagnosticSink
from compiler.diagnostics.span import Span


def only(sink: DiagnosticSink) -> Diagnostic:
    """The one diagnostic of a run."""
    (found,) = sink.diagnostics()
    return found


def fragment(sink: DiagnosticSink, span: Span) -> str:
    """The text a span covers; fails when the span leaves the text."""
    if span.line == 0 or span.file not in sink.sources:
        return ""
    lines = sink.sources[span.file].encode("utf-8", "surrogatepass").split(b"\n")
    assert 1 <= span.line <= span.end_line <= len(lines)
    assert 0 <= span.column <= len(lines[span.line - 1]) and 0 <= span.end_column <= len(lines[span.end_line - 1])
    taken = lines[span.line - 1 : span.end_line]
    taken[-1] = taken[-1][: span.end_column]
    taken[0] = taken[0][span.column :]
    return b"\n".join(taken).decode("utf-8", "surrogatepass")
