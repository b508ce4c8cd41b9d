"""What can go wrong in build.py, as one exception with an exit code of DESIGN §7.

    Problem(code, message)      one clear message on standard error, never a traceback

The code belongs to the one who knows the fault, so every `raise Problem` names it.
"""

from __future__ import annotations

import enum


class ExitCode(enum.IntEnum):
    """The exit codes of `build.py` and `pyc`; 124 and 130 are the shell's own conventions."""

    FINE = 0
    PROGRAM_WRONG = 1
    COMMAND_LINE_WRONG = 2
    MACHINE_LACKS = 3
    OUR_FAULT = 4
    TIMED_OUT = 124
    INTERRUPTED = 130


class Problem(Exception):
    """Ends the command with `code` after printing `message`."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
