"""Collecting diagnostics: order, duplicates, the limit."""

from __future__ import annotations

from compiler.diagnostics.sink import DiagnosticSink
from compiler.diagnostics.span import Span, file_span


def at(line: int, file: str = "a.py") -> Span:
    return Span(file, line, 0, line, 1)


def test_reports_are_ordered_by_file_as_read_then_line() -> None:
    sink = DiagnosticSink()
    sink.add_source("z.py", "")
    sink.error("E0201", at(9), "third")
    sink.error("E0201", at(2), "second")
    sink.error("E0201", at(5, "z.py"), "first")
    assert [one.message for one in sink.diagnostics()] == ["first", "second", "third"]


def test_the_same_report_counts_once() -> None:
    sink = DiagnosticSink()
    for _ in range(3):
        sink.error("E0201", at(1), "again")
    assert len(sink.diagnostics()) == 1 and sink.error_count == 1


def test_the_limit_keeps_errors_before_warnings_and_counts_the_rest() -> None:
    sink = DiagnosticSink(limit=2)
    sink.warning("E0201", at(1), "early warning")
    sink.error("E0201", at(7), "late error")
    sink.error("E0201", at(3), "error")
    assert [one.message for one in sink.diagnostics()] == ["error", "late error"]
    assert sink.omitted_count == 1 and sink.error_count == 2


def test_a_warning_alone_is_no_error() -> None:
    sink = DiagnosticSink()
    sink.warning("E0201", at(1), "only a warning")
    assert not sink.has_errors


def test_spans_read_as_people_count() -> None:
    assert str(Span("a.py", 3, 0, 3, 5)) == "a.py:3:1"
    assert str(file_span("a.py")) == "a.py"
    assert at(1).to(at(4)) == Span("a.py", 1, 0, 4, 1)
