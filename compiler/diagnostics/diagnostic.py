"""One thing to tell the user: a stable code, a message, the place, and what helps to understand and repair it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from compiler.diagnostics.span import Span


class Severity(Enum):
    """How much a diagnostic weighs: only an error stops the build."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Note:
    """A remark under a diagnostic; with a span it shows that place too ("declared here")."""

    message: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """What is wrong (`message`), where (`span`), why (`label` beside the underline), and what to write instead.

    A `suggestion` without a space is code and shown as "help: write `code`"; any other is a phrase.
    """

    code: str
    message: str
    span: Span
    notes: tuple[Note, ...] = ()
    suggestion: str | None = None
    label: str | None = None
    severity: Severity = Severity.ERROR
