"""Shows what went wrong, once, at the edge: diagnostics on stderr, and the exit code for them (DESIGN §7)."""

from __future__ import annotations

import errno
import os
import shlex
import sys
import traceback
from collections.abc import Callable

from compiler.crash_context import internal_error
from compiler.diagnostics.errors import CompileFailed, InternalError
from compiler.diagnostics.render import COLOURED, PLAIN, render_all
from compiler.diagnostics.sink import DiagnosticSink

USER_IS_WRONG = 1
WRONG_COMMAND_LINE = 2
MACHINE_LACKS = 3
OUR_FAULT = 4

LACKING = (errno.ENOSPC, errno.EDQUOT, errno.ENOMEM, errno.EMFILE, errno.ENFILE, errno.EIO, errno.EAGAIN, errno.ENOEXEC)
"""What the machine is short of. Any other refusal concerns a file that the command line named."""


def guarded(sink: DiagnosticSink, work: Callable[[], int]) -> int:
    """Run the work of a command; whatever fails is shown here and nowhere else."""
    code = attempt(sink, work)
    show(sink)
    return USER_IS_WRONG if sink.has_errors and code == 0 else code


def attempt(sink: DiagnosticSink, work: Callable[[], int]) -> int:
    """The exit code of some work; diagnostics stay in the sink."""
    try:
        return work()
    except CompileFailed:
        return USER_IS_WRONG
    except InternalError as fault:
        return report_fault(fault)
    except MemoryError:
        complain("out of memory")
        return MACHINE_LACKS
    except BrokenPipeError:
        raise  # the reader of our output has gone: nobody to tell
    except OSError as error:
        return system_error(error)
    except Exception as error:
        return report_fault(internal_error("command", error))


def complain(message: str) -> None:
    """One line on stderr."""
    print(f"pyc: {message}", file=sys.stderr)


def show(sink: DiagnosticSink) -> None:
    """All diagnostics, coloured on a terminal (NO_COLOR honoured)."""
    if sink.diagnostics():
        colour = sys.stderr.isatty() and not os.environ.get("NO_COLOR")
        print(render_all(sink, COLOURED if colour else PLAIN), file=sys.stderr, end="")


def system_error(error: OSError) -> int:
    """The system refused something: for want of means, or because of the file that was named."""
    place = f"{os.fsdecode(error.filename)}: " if isinstance(error.filename, str | bytes) else ""
    complain(f"{place}{error.strerror or error}")
    # Without a number it is a library that cannot be loaded.
    return MACHINE_LACKS if error.errno is None or error.errno in LACKING else WRONG_COMMAND_LINE


def report_fault(fault: InternalError) -> int:
    """A fault of the compiler: says where, and how to see it again."""
    complain(f"internal error in stage `{fault.stage}`: {fault.message}")
    if fault.function:
        print(f"  function: {fault.function}", file=sys.stderr)
    if fault.span:
        print(f"  source:   {fault.span}", file=sys.stderr)
    for frame in traceback.extract_tb((fault.__cause__ or fault).__traceback__)[-3:]:
        place = frame.filename.rpartition("/compiler/")[2]
        print(f"  raised in {place}:{frame.lineno} {frame.name}", file=sys.stderr)
    print(f"  to reproduce: pyc {shlex.join(sys.argv[1:])}", file=sys.stderr)
    print("This is a fault of pyc, not of your program; please report it with the source.", file=sys.stderr)
    if os.environ.get("PYC_TRACEBACK"):
        traceback.print_exception(fault)
    return OUR_FAULT
