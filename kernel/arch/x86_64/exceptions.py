"""The processor's exceptions by number: names, and what a page fault's error code says. Pure; no state.

Intel SDM volume 3, table 6-1 and figure 4-12.
"""

from __future__ import annotations

from typing import Final

from runtime.lang import u64

DEBUG: Final = 1
NON_MASKABLE: Final = 2
BREAKPOINT: Final = 3
DOUBLE_FAULT: Final = 8
PAGE_FAULT: Final = 14
MACHINE_CHECK: Final = 18
EXCEPTION_COUNT: Final = 32

EXCEPTION_NAMES: Final[tuple[str, ...]] = (
    "division error",
    "debug trap",
    "non-maskable interrupt",
    "breakpoint",
    "overflow trap",
    "bound range exceeded",
    "invalid opcode",
    "device not available",
    "double fault",
    "coprocessor segment overrun",
    "invalid task state segment",
    "segment not present",
    "stack segment fault",
    "general protection fault",
    "page fault",
    "reserved exception 15",
    "x87 floating-point error",
    "alignment check",
    "machine check",
    "SIMD floating-point error",
    "virtualisation exception",
    "control protection exception",
    "reserved exception 22",
    "reserved exception 23",
    "reserved exception 24",
    "reserved exception 25",
    "reserved exception 26",
    "reserved exception 27",
    "hypervisor injection",
    "VMM communication",
    "security exception",
    "reserved exception 31",
)

# Bits of a page fault's error code.
FAULT_PRESENT: Final = 1 << 0
FAULT_WRITE: Final = 1 << 1
FAULT_USER: Final = 1 << 2
FAULT_RESERVED_BIT: Final = 1 << 3
FAULT_FETCH: Final = 1 << 4


def exception_name(vector: u64) -> str:
    if vector < EXCEPTION_COUNT:
        return EXCEPTION_NAMES[int(vector)]
    return "unexpected interrupt"


def fault_access(error: u64) -> str:
    """What the faulting instruction tried: the words between "a" and "of" in the message."""
    if error & FAULT_FETCH != 0:
        return "instruction fetch"
    if error & FAULT_WRITE != 0:
        return "write"
    return "read"


def fault_reason(error: u64) -> str:
    """Why the CPU refused."""
    if error & FAULT_RESERVED_BIT != 0:
        return "a reserved bit is set in a page table"
    if error & FAULT_PRESENT != 0:
        return "the page's protection forbids it"
    return "the page is not mapped"


def fault_mode(error: u64) -> str:
    return "user mode" if error & FAULT_USER != 0 else "kernel mode"
