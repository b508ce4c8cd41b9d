"""What to do about a page fault:

bring the page in, send a user copy to its fix-up, end the program, or panic. Rank 5.

`initialise` fills the two hooks of arch. `register_demand` lets the process layer bring pages in (a growing stack, a
file mapping); it gets the address and the error code, answers whether the access may be tried again, and may block.

    not present, user half   -> demand says yes: try again
    in a user copy           -> continue at the fix-up: the copy reports EFAULT
    from user mode           -> the hook `user_fault`: a message, and the end of the program
    anything else            -> dispatch panics
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from kernel.arch.x86_64.address_layout import USER_TOP
from kernel.arch.x86_64.exceptions import (
    FAULT_PRESENT,
    PAGE_FAULT,
    exception_name,
    fault_access,
    fault_reason,
)
from kernel.arch.x86_64.hooks import register_page_fault, register_user_fault
from kernel.arch.x86_64.registers import RegisterFrame, came_from_user
from kernel.arch.x86_64.user_mode import request_exit
from kernel.debug import log
from kernel.mm.user_memory import fix_up
from runtime.lang import Ptr, u64

# What a shell shows for a program that SIGSEGV ended.
FAULT_STATUS: Final = 139


def bring_nothing(address: u64, error: u64) -> bool:
    return False


class DemandHook:
    """Owner: filled once by the process layer, read-only afterwards."""

    def __init__(self) -> None:
        self.bring: Callable[[u64, u64], bool] = bring_nothing


DEMAND = DemandHook()


def initialise() -> None:
    register_page_fault(resolve)
    register_user_fault(end_program)


def register_demand(handler: Callable[[u64, u64], bool]) -> None:
    DEMAND.bring = handler


def resolve(frame: Ptr[RegisterFrame], address: u64) -> bool:
    """The page-fault hook: whether the interrupted code may go on."""
    error = frame[0].error
    continuation: u64 = 0 if came_from_user(frame) else fix_up(frame[0].rip)
    # The kernel itself may reach user pages only from within a copy; anywhere else the fault stands.
    if came_from_user(frame) or continuation != 0:
        if error & FAULT_PRESENT == 0 and address < USER_TOP and bring_in(address, error):
            return True
    if continuation == 0:
        return False
    frame[0].rip = continuation
    return True


def bring_in(address: u64, error: u64) -> bool:
    """Ask the process layer; memory that has run out means the fault stands."""
    try:
        bring = DEMAND.bring
        return bring(address, error)
    except MemoryError:
        return False


def end_program(frame: Ptr[RegisterFrame], address: u64) -> None:
    """The user-fault hook unless the process layer has its own: say what happened and end the program."""
    describe_user_fault(frame, address)
    request_exit(FAULT_STATUS)


def describe_user_fault(frame: Ptr[RegisterFrame], address: u64) -> None:
    """One line, e.g.

    "Page fault in user mode! write of 0x10 at rip 0x400123: the page is not mapped (error code 0x6)".
    """
    vector = frame[0].vector
    error = frame[0].error
    if vector == PAGE_FAULT:
        log.write("Page fault in user mode! ")
        log.write(fault_access(error))
        log.write(" of ")
        log.write_hexadecimal(address)
        log.write(" at rip ")
        log.write_hexadecimal(frame[0].rip)
        log.write(": ")
        log.write(fault_reason(error))
    else:
        log.write("Fault in user mode! ")
        log.write(exception_name(vector))
        log.write(" at rip ")
        log.write_hexadecimal(frame[0].rip)
    log.write(" (error code ")
    log.write_hexadecimal(error)
    log.line(")")
