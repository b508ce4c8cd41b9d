"""Effects that a declaration forbids, as diagnostics: the call chain that leads to the offence."""

from __future__ import annotations

from compiler.diagnostics.diagnostic import Note
from compiler.diagnostics.sink import DiagnosticSink
from compiler.diagnostics.span import Span
from compiler.passes.effects import Effect, Violation


def place(file: str, line: int) -> Span:
    """A whole line."""
    return Span(file, line, 0, line, 0)


def report_violations(violations: list[Violation], sink: DiagnosticSink) -> None:
    """One E04xx diagnostic per broken declaration."""
    for violation in violations:
        report_violation(violation, sink)


CODES = {Effect.CONDITION: "E0401", Effect.ALLOCATION: "E0402", Effect.BLOCKING: "E0403"}


def report_violation(violation: Violation, sink: DiagnosticSink) -> None:
    """The declaration at its function, one note per call on the way, the offence last."""
    first, last = violation.chain[0], violation.chain[-1]
    notes = [Note(f"`{link.source_name}` goes on here", place(link.file, link.line)) for link in violation.chain[:-1]]
    notes.append(Note(violation.reason, place(last.file, last.line)))
    sink.error(
        CODES[violation.effect],
        place(first.file, first.line),
        f"`{first.source_name}` is declared @{violation.marker} but may {violation.effect.value}",
        notes=notes,
    )
