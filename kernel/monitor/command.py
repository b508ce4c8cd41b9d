"""What a monitor command is, and the statuses that commands share.

A command gets its words (the first is its own name) and answers with an exit status, 0 for success, as a program's.
OSError and MemoryError may leave it: the interpreter shows them in one line and makes STATUS_FAILED of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from kernel.console import console

STATUS_FINE: Final = 0
STATUS_FAILED: Final = 1
STATUS_USAGE: Final = 2
# As a shell's: found but no program, and not found.
STATUS_NOT_EXECUTABLE: Final = 126
STATUS_NOT_FOUND: Final = 127


class Command:
    """One row of the command table."""

    name: str
    # The arguments as `help` shows them.
    usage: str
    summary: str
    run: Callable[[list[str]], int]

    def __init__(self, name: str, usage: str, summary: str, run: Callable[[list[str]], int]) -> None:
        self.name = name
        self.usage = usage
        self.summary = summary
        self.run = run


def complain(name: str, reason: str) -> int:
    """Say in one line why a command failed; the status of failure."""
    console.CONSOLE.begin_line()
    console.line(f"{name}: {reason}")
    return STATUS_FAILED


def reject_usage(usage: str) -> int:
    """Say how a command is written; the status of a wrong command line."""
    console.line(f"usage: {usage}")
    return STATUS_USAGE
