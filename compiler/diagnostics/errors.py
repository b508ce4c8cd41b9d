"""The two ways a compilation ends early.

`CompileFailed` is the user's: the diagnostics are already in the sink, the command exits 1. `InternalError` is ours:
it names stage, function and place so that the report can be reproduced, the command exits 4.
"""

from __future__ import annotations

from compiler.diagnostics.span import Span


class CompileFailed(Exception):
    """The program is wrong; the sink says how."""


class InternalError(Exception):
    """The compiler is wrong; what is known about where."""

    def __init__(self, stage: str, function: str | None, span: Span | None, message: str) -> None:
        super().__init__(message)
        self.stage = stage
        self.function = function
        self.span = span
        self.message = message

    def __str__(self) -> str:
        function = f" in {self.function}" if self.function else ""
        place = f" at {self.span}" if self.span else ""
        return f"internal error in stage {self.stage}{function}{place}: {self.message}"
