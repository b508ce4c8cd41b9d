"""The user's terminal: left as it was found, whatever happens in between."""

from __future__ import annotations

import contextlib
import fcntl
import signal
import sys
import termios
from collections.abc import Iterator
from types import FrameType

# Leave the alternate screen's habits behind: colours off, cursor shown.
SANE_SEQUENCE = "\x1b[0m\x1b[?25h"


@contextlib.contextmanager
def restored() -> Iterator[None]:
    """Restore the line discipline of standard input when the block is left.

    The file's flags too: QEMU makes its streams non-blocking, and the shell shares them with it.
    """
    if not sys.stdin.isatty():
        yield
        return
    handle = sys.stdin.fileno()
    before, flags = termios.tcgetattr(handle), fcntl.fcntl(handle, fcntl.F_GETFL)
    try:
        yield
    finally:
        termios.tcsetattr(handle, termios.TCSANOW, before)
        fcntl.fcntl(handle, fcntl.F_SETFL, flags)
        if sys.stdout.isatty():
            sys.stdout.write(SANE_SEQUENCE)
            sys.stdout.flush()


def interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def interrupt_on_signals() -> None:
    """A hang-up or a request to end is treated as Ctrl-C, so that everything is put away."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)
