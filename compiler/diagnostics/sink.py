"""Collects the diagnostics of a run.

Stages report here and go on as far as their results can be trusted. Equal reports at the same place count once, the
result is ordered by file and line, and at most `limit` are kept (the number beyond is known). Files are ordered as
they were first read or mentioned, which is import order, so the order does not depend on where the tree is checked out.
"""

from __future__ import annotations

from collections.abc import Iterable

from compiler.diagnostics.diagnostic import Diagnostic, Note, Severity
from compiler.diagnostics.span import Span

DEFAULT_LIMIT = 50


class DiagnosticSink:
    """The one place of a compilation where what went wrong is gathered; it never prints."""

    def __init__(self, limit: int = DEFAULT_LIMIT) -> None:
        self._limit = limit
        self._found: list[Diagnostic] = []
        self._seen: set[tuple[str, Span, str]] = set()
        self._file_order: dict[str, int] = {}
        self.sources: dict[str, str] = {}

    def add_source(self, file: str, text: str) -> None:
        """Remember the text of a file, so that excerpts can be shown and files are ordered as they were read."""
        self.sources[file] = text
        self._file_order.setdefault(file, len(self._file_order))

    def error(
        self,
        code: str,
        span: Span,
        message: str,
        *,
        notes: Iterable[Note] = (),
        suggestion: str | None = None,
        label: str | None = None,
    ) -> None:
        """Report an error; the build fails."""
        self.report(Diagnostic(code, message, span, tuple(notes), suggestion, label))

    def warning(
        self,
        code: str,
        span: Span,
        message: str,
        *,
        notes: Iterable[Note] = (),
        suggestion: str | None = None,
        label: str | None = None,
    ) -> None:
        """Report something suspicious that does not stop the build."""
        self.report(Diagnostic(code, message, span, tuple(notes), suggestion, label, Severity.WARNING))

    def report(self, diagnostic: Diagnostic) -> None:
        """Keep `diagnostic` unless the same was said of the same place before."""
        key = (diagnostic.code, diagnostic.span, diagnostic.message)
        if key in self._seen:
            return
        self._seen.add(key)
        self._file_order.setdefault(diagnostic.span.file, len(self._file_order))
        self._found.append(diagnostic)

    @property
    def has_errors(self) -> bool:
        """Whether the build must fail."""
        return any(found.severity is Severity.ERROR for found in self._found)

    @property
    def error_count(self) -> int:
        """How many errors were reported, shown or not."""
        return sum(found.severity is Severity.ERROR for found in self._found)

    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """The first `limit` reports in reading order; errors go before warnings when not all can be shown."""
        kept = self._found
        if len(kept) > self._limit:
            kept = sorted(self._in_order(kept), key=lambda found: found.severity is not Severity.ERROR)[: self._limit]
        return tuple(self._in_order(kept))

    @property
    def omitted_count(self) -> int:
        """How many reports `diagnostics` leaves out because of the limit."""
        return max(0, len(self._found) - self._limit)

    def _in_order(self, found: Iterable[Diagnostic]) -> list[Diagnostic]:
        return sorted(found, key=lambda one: (self._file_order[one.span.file], one.span[1:], one.code, one.message))
