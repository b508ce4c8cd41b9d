"""Shows what went wrong, once, at the edge: diagnostics on stderr, and the exit code that belongs to them."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable

from compiler.diagnostics.diagnostic import Diagnostic
from compiler.diagnostics.errors import CompileFailed, InternalError
from compiler.diagnostics.render import COLOURED, PLAIN, render_all
from compiler.diagnostics.sink import DiagnosticSink
from compiler.diagnostics.span import file_span

USER_IS_WRONG = 1
WRONG_COMMAND_LINE = 2
MACHINE_LACKS = 3
OUR_FAULT = 4


def guarded(sink: DiagnosticSink, command: str, work: Callable[[], int]) -> int:
    """Run the work of a command; whatever fails is shown here and nowhere else."""
    try:
        code = work()
    except CompileFailed:
        code = USER_IS_WRONG
    except InternalError as fault:
        show(sink)
        return internal_error(command, fault, fault.stage, fault.message)
    except MemoryError:
        print("pyc: out of memory", file=sys.stderr)
        return MACHINE_LACKS
    except OSError as error:
        show(sink)
        return system_error(error)
    except Exception as error:
        if type(error).__name__ == "LinkError":
            sink.report(
                Diagnostic(
                    str(getattr(error, "code", "E0701")), str(getattr(error, "message", error)), file_span("<link>")
                )
            )
            show(sink)
            return USER_IS_WRONG
        show(sink)
        return internal_error(command, error, stage_of(error), f"{type(error).__name__}: {error}")
    show(sink)
    return USER_IS_WRONG if sink.has_errors else code


def show(sink: DiagnosticSink) -> None:
    """All diagnostics, coloured on a terminal (NO_COLOR honoured)."""
    if sink.diagnostics():
        colour = sys.stderr.isatty() and not os.environ.get("NO_COLOR")
        print(render_all(sink, COLOURED if colour else PLAIN), file=sys.stderr, end="")


def system_error(error: OSError) -> int:
    place = f": {error.filename}" if error.filename else ""
    print(f"pyc: {error.strerror or error}{place}", file=sys.stderr)
    return MACHINE_LACKS if error.errno in (28, 30, 122) else USER_IS_WRONG


def stage_of(error: BaseException) -> str:
    """The compiler folder in which an unexpected exception arose."""
    frames = traceback.extract_tb(error.__traceback__)
    for frame in reversed(frames):
        if "/compiler/" in frame.filename:
            return frame.filename.rpartition("/compiler/")[2].partition("/")[0].removesuffix(".py")
    return "unknown"


def internal_error(command: str, error: BaseException, stage: str, message: str) -> int:
    """A fault of the compiler: says where, and how to see it again."""
    print(f"pyc: internal error in stage `{stage}`: {message}", file=sys.stderr)
    function, span = getattr(error, "function", None), getattr(error, "span", None)
    if function:
        print(f"  function: {function}", file=sys.stderr)
    if span:
        print(f"  source:   {span}", file=sys.stderr)
    for frame in traceback.extract_tb(error.__traceback__)[-3:]:
        print(f"  raised in {frame.filename.rpartition('/compiler/')[2]}:{frame.lineno} {frame.name}", file=sys.stderr)
    print(
        f"  to reproduce: {command}\nThis is a fault of pyc, not of your program; please report it with the source.",
        file=sys.stderr,
    )
    if os.environ.get("PYC_TRACEBACK"):
        traceback.print_exception(error)
    return OUR_FAULT
