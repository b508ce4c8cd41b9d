"""What the process layer does about faults and ^C: grow the stack, end the program with a message, end it quietly.

Registered with page_fault, with arch's hooks and with the console. The message is the one line of
`page_fault.describe_user_fault`.
"""

from __future__ import annotations

from typing import Final

from kernel.arch.x86_64.exceptions import FAULT_PRESENT
from kernel.arch.x86_64.hooks import register_user_fault
from kernel.arch.x86_64.registers import RegisterFrame
from kernel.arch.x86_64.user_mode import request_exit
from kernel.console.console import CONSOLE
from kernel.mm.page_fault import FAULT_STATUS, describe_user_fault, register_demand
from kernel.proc.process import CURRENT
from runtime.lang import Ptr, u64

# What a shell shows for a program that SIGINT ended.
INTERRUPTED_STATUS: Final = 130
# Exceptions whose signal is not SIGSEGV: 128 + SIGFPE (8), SIGTRAP (5), SIGILL (4), SIGBUS (7).
FAULT_STATUSES: Final[tuple[tuple[int, int], ...]] = (
    (0, 136), (1, 133), (3, 133), (6, 132), (16, 136), (17, 135), (19, 136),
)  # fmt: skip


def initialise() -> None:
    """After page_fault.initialise, before the first program."""
    register_demand(bring_stack)
    register_user_fault(end_faulting_program)
    CONSOLE.on_interrupt = interrupt_program


def bring_stack(address: u64, error: u64) -> bool:
    """The demand hook: the stack grows where it is touched."""
    process = CURRENT.process
    if process is None or error & FAULT_PRESENT != 0:
        return False
    return process.memory.grow_stack(int(address))


def end_faulting_program(frame: Ptr[RegisterFrame], address: u64) -> None:
    """The user-fault hook."""
    process = CURRENT.process
    if process is not None:
        process.was_killed = True
    if not CONSOLE.quiet:
        CONSOLE.begin_line()
        describe_user_fault(frame, address)
    request_exit(u64(status_of_fault(frame[0].vector)))


def status_of_fault(vector: u64) -> int:
    """What a shell shows for the signal that Linux sends for an exception (arch/x86/kernel/traps.c)."""
    for number, status in FAULT_STATUSES:
        if vector == number:
            return status
    return FAULT_STATUS


def interrupt_program() -> bool:
    """^C, in interrupt context: ends the program that runs; False when none does."""
    if CURRENT.process is None:
        return False
    request_exit(INTERRUPTED_STATUS)
    return True
