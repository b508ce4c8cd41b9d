"""A process: identity, memory, input that it has not read yet, and how it ended.

One process runs at a time (`CURRENT`), on the boot CPU, from `run.run_process` until it ends; several may exist. Owner
of a process: whoever made it, who also destroys it. `CURRENT` belongs to run.py.
"""

from __future__ import annotations

from kernel.proc.program_memory import ProgramMemory
from runtime.abi.error_numbers import ESRCH


class ProcessNumbers:
    """The next process number; they are not used again before 2^22 others, as on Linux."""

    next: int = 2


NUMBERS = ProcessNumbers()


def take_number() -> int:
    number = NUMBERS.next
    NUMBERS.next = number + 1 if number < (1 << 22) else 2
    return number


class Process:
    """One program and its state."""

    number: int
    name: str
    memory: ProgramMemory
    # What the console has given beyond what the program asked for.
    input: bytes = b""
    exit_status: int = 0
    # Whether a fault or a defect of the kernel ended it, rather than itself.
    was_killed: bool = False

    def __init__(self, name: str) -> None:
        """MemoryError when there is no frame for its tables."""
        self.number = take_number()
        self.name = name
        self.memory = ProgramMemory()

    def destroy(self) -> None:
        """Give its memory back; the exit status stays readable."""
        self.memory.destroy()


class CurrentProcess:
    """Who runs."""

    def __init__(self) -> None:
        self.process: Process | None = None


CURRENT = CurrentProcess()


def current_process() -> Process:
    """The process whose call or fault is being served; ESRCH when none runs (a defect of the caller)."""
    process = CURRENT.process
    if process is None:
        raise OSError(ESRCH, "no process runs")
    return process
