"""Which function of the user's program the compiler was busy with when it failed.

Every stage keeps the function and the tree node it works on in local variables, so the frames of the traceback hold the
answer, the innermost the most exact one. Nothing has to be noted while all goes well.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import FrameType, TracebackType

from compiler.diagnostics.errors import InternalError
from compiler.diagnostics.span import Span


def internal_error(stage: str, error: Exception) -> InternalError:
    """The fault with all that is known about its place."""
    function: str | None = None
    span: Span | None = None
    for frame in innermost_first(error.__traceback__):
        for value in list(frame.f_locals.values()):
            function = function or function_name(value)
            span = span or source_span(value)
    text = str(error)
    return InternalError(stage, function, span, type(error).__name__ + (f": {text}" if text else ""))


def innermost_first(trace: TracebackType | None) -> Iterator[FrameType]:
    frames = []
    while trace is not None:
        frames.append(trace.tb_frame)
        trace = trace.tb_next
    return reversed(frames)


def function_name(value: object) -> str | None:
    """The name of an IR function or of a checked instance of one."""
    name = getattr(value, "source_name", None) or getattr(value, "symbol", None)
    is_function = hasattr(value, "parameters") and hasattr(value, "symbol")
    return name if is_function and isinstance(name, str) else None


def source_span(value: object) -> Span | None:
    found = value if isinstance(value, Span) else getattr(value, "span", None)
    if found is None:
        found = getattr(getattr(value, "info", None), "span", None)  # an instance of a function or a class
    return found if isinstance(found, Span) and found.line > 0 else None
