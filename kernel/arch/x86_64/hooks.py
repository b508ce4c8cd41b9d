"""Slots that upper layers fill: arch calls up only through these. Each holds a plain module-level function.

Owner: the boot CPU fills them before interrupts are enabled (device handlers: with interrupts off); read-only
afterwards. Rules for what is registered:
- `timer` and device handlers run in interrupt context: interrupts off, no allocation, no sleeping, bounded. The end
  of interrupt is signalled by dispatch after they return.
- `page_fault(frame, address)` answers True when it has resolved the fault (a user page brought in, or a faulting user
  copy sent to its fix-up) and False when the fault stands.
- `user_fault(frame, address)` runs when a fault in user mode stands: it prints, and asks for the end of the program
  by `user_mode.request_exit`. It may allocate.
- `system_call(frame)` reads number and arguments from the frame and puts the result into frame[0].rax. It runs with
  interrupts on, on the program's kernel stack, and may allocate and block. An exception that leaves a hook is a
  defect of the hook and panics.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from kernel.arch.x86_64.registers import RegisterFrame
from runtime.lang import Ptr, u64

# Interrupt vectors. 0-31 are exceptions, 32-47 the remapped legacy lines, 48-95 free for message-signalled interrupts.
FIRST_DEVICE_VECTOR: Final = 32
DEVICE_VECTORS: Final = 64
PIT_VECTOR: Final = 32
SYSTEM_CALL_VECTOR: Final = 0x80
TIMER_VECTOR: Final = 0xF0
SPURIOUS_VECTOR: Final = 0xFF

# ENOSYS, Linux's number, negated as u64: what an unfilled system-call slot answers.
NO_SUCH_CALL: Final[u64] = 0xFFFF_FFFF_FFFF_FFDA


def ignore_timer() -> None:
    """No timer user yet."""


def ignore_device(vector: int) -> None:
    """No driver has claimed the line."""


def resolve_nothing(frame: Ptr[RegisterFrame], address: u64) -> bool:
    return False


def ignore_fault(frame: Ptr[RegisterFrame], address: u64) -> None:
    """No process layer yet; dispatch panics if the program is still to be resumed."""


def refuse_call(frame: Ptr[RegisterFrame]) -> None:
    frame[0].rax = NO_SUCH_CALL


class Hooks:
    """The slots."""

    def __init__(self) -> None:
        self.timer: Callable[[], None] = ignore_timer
        self.page_fault: Callable[[Ptr[RegisterFrame], u64], bool] = resolve_nothing
        self.user_fault: Callable[[Ptr[RegisterFrame], u64], None] = ignore_fault
        self.system_call: Callable[[Ptr[RegisterFrame]], None] = refuse_call
        # By vector, from FIRST_DEVICE_VECTOR on; grows with the highest vector that was claimed.
        self.devices: list[Callable[[int], None]] = []


HOOKS = Hooks()


def register_timer(handler: Callable[[], None]) -> None:
    HOOKS.timer = handler


def register_page_fault(handler: Callable[[Ptr[RegisterFrame], u64], bool]) -> None:
    HOOKS.page_fault = handler


def register_user_fault(handler: Callable[[Ptr[RegisterFrame], u64], None]) -> None:
    HOOKS.user_fault = handler


def register_system_call(handler: Callable[[Ptr[RegisterFrame]], None]) -> None:
    HOOKS.system_call = handler


def register_device(vector: int, handler: Callable[[int], None]) -> None:
    """Claim a device vector (32 to 95); the handler gets the vector, so that one function can serve several."""
    if vector < FIRST_DEVICE_VECTOR or vector >= FIRST_DEVICE_VECTOR + DEVICE_VECTORS:
        raise ValueError("not a device vector")
    while len(HOOKS.devices) <= vector - FIRST_DEVICE_VECTOR:
        HOOKS.devices.append(ignore_device)
    HOOKS.devices[vector - FIRST_DEVICE_VECTOR] = handler
