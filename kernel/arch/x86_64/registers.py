"""The registers of interrupted code, as entry code pushes them.

One structure for interrupts, exceptions and system calls.

The order is the order of the pushes, last push first; the last five words are what the CPU itself pushes. Every entry
and exit path names the same registers in the same order, which tests/kernel/arch/test_entry_contract.py compares with
this structure. 176 bytes: with rsp aligned to 16 before, it is aligned to 16 after, as the System V ABI wants it at a
call.
"""

from __future__ import annotations

from typing import Final

from kernel.arch.x86_64.address_layout import USER_TOP
from kernel.arch.x86_64.segments import USER_CODE, USER_DATA
from kernel.debug import log
from runtime.lang import Ptr, struct, u64

FRAME_R11: Final = 32
FRAME_RCX: Final = 96
FRAME_VECTOR: Final = 120
FRAME_RIP: Final = 136
FRAME_CS: Final = 144
FRAME_RFLAGS: Final = 152
FRAME_RSP: Final = 160
FRAME_SS: Final = 168
FRAME_SIZE: Final = 176

FLAG_ALWAYS: Final = 1 << 1
FLAG_TRAP: Final = 1 << 8
FLAG_INTERRUPTS: Final = 1 << 9
FLAG_DIRECTION: Final = 1 << 10
FLAG_NESTED_TASK: Final = 1 << 14
FLAG_RESUME: Final = 1 << 16
FLAG_ALIGNMENT_CHECK: Final = 1 << 18

# The vector of a frame that came by the syscall instruction: no interrupt has it.
SYSCALL_VECTOR: Final = 256


@struct
class RegisterFrame:
    """All of a context. `error` is the exception's error code, 0 for interrupts, the call's number for `syscall`."""

    r15: u64
    r14: u64
    r13: u64
    r12: u64
    r11: u64
    r10: u64
    r9: u64
    r8: u64
    rbp: u64
    rdi: u64
    rsi: u64
    rdx: u64
    rcx: u64
    rbx: u64
    rax: u64
    vector: u64
    error: u64
    rip: u64
    cs: u64
    rflags: u64
    rsp: u64
    ss: u64


def came_from_user(frame: Ptr[RegisterFrame]) -> bool:
    """Whether the frame interrupted ring 3: the privilege level is the low two bits of CS."""
    return frame[0].cs & 3 == 3


def prepare_user_frame(frame: Ptr[RegisterFrame], entry: u64, stack: u64) -> None:
    """Fill a frame with which a program starts: all registers zero, interrupts on."""
    if entry >= USER_TOP or stack > USER_TOP:
        raise ValueError("a program starts inside the user half")
    words = frame.cast(u64)
    for index in range(FRAME_SIZE // 8):
        words[index] = 0
    frame[0].rip = entry
    frame[0].cs = USER_CODE
    frame[0].rflags = FLAG_ALWAYS | FLAG_INTERRUPTS
    frame[0].rsp = stack
    frame[0].ss = USER_DATA


def print_registers(frame: Ptr[RegisterFrame]) -> None:
    """All registers, three to a line, without allocating."""
    registers = frame[0]
    print_row("rax", registers.rax, "rbx", registers.rbx, "rcx", registers.rcx)
    print_row("rdx", registers.rdx, "rsi", registers.rsi, "rdi", registers.rdi)
    print_row("rbp", registers.rbp, "rsp", registers.rsp, "r8 ", registers.r8)
    print_row("r9 ", registers.r9, "r10", registers.r10, "r11", registers.r11)
    print_row("r12", registers.r12, "r13", registers.r13, "r14", registers.r14)
    print_row("r15", registers.r15, "rip", registers.rip, "flg", registers.rflags)
    print_row("cs ", registers.cs, "ss ", registers.ss, "err", registers.error)


def print_row(name_1: str, value_1: u64, name_2: str, value_2: u64, name_3: str, value_3: u64) -> None:
    print_register(name_1, value_1)
    print_register(name_2, value_2)
    print_register(name_3, value_3)
    log.end_line()


def print_register(name: str, value: u64) -> None:
    log.write("  ")
    log.write(name)
    log.write(" ")
    log.write_hexadecimal(value, 16)
