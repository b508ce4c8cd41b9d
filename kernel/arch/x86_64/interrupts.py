"""The interrupt descriptor table and the code behind its 256 gates. Intel SDM volume 3, chapter 6.

Every gate points into one table of stubs of STUB_SIZE bytes that push the vector (and a zero where the CPU pushes no
error code) and join one of two common paths. Both push a complete RegisterFrame and call `dispatch_interrupt`.

The common path swaps GS when the saved CS is ring 3. The vectors that may hit between a swapgs and the instruction
that needs it (NMI, debug, double fault, machine check) take the paranoid path: it looks at the GS base itself (kernel
addresses are negative) and remembers in rbx whether it swapped. Neither trusts the interrupted AC flag: with it set,
SMAP would be off.
"""

# ruff: noqa: F401 - some names are used by assembly text alone

from __future__ import annotations

from typing import Final

from kernel.arch.x86_64 import msr
from kernel.arch.x86_64.dispatch import dispatch_interrupt
from kernel.arch.x86_64.exceptions import BREAKPOINT, DEBUG, DOUBLE_FAULT, MACHINE_CHECK, NON_MASKABLE
from kernel.arch.x86_64.hooks import SYSTEM_CALL_VECTOR
from kernel.arch.x86_64.segments import (
    DEBUG_STACK,
    DOUBLE_FAULT_STACK,
    KERNEL_CODE,
    MACHINE_CHECK_STACK,
    NMI_STACK,
)
from runtime.lang import Ptr, assembly, function_address, load_idt, naked, new_array, u8, u16, u64

VECTORS: Final = 256
STUB_SIZE: Final = 16

# Vectors that push an error code: 8, 10-14, 17, 21, 29, 30. Intel SDM volume 3, table 6-1; AMD64 APM volume 2, 8.2.
ERROR_CODE_VECTORS: Final = 0x6022_7D00
# Vectors on the paranoid path: 1, 2, 8, 18.
PARANOID_VECTORS: Final = 0x0004_0106

# Gate type: present, 64-bit interrupt gate (clears IF), for ring 0 and for ring 3.
KERNEL_GATE: Final = 0x8E
USER_GATE: Final = 0xEE

# Everything that entry must clear before Python runs: AC (1 << 18) and DF (1 << 10).
KEPT_FLAGS: Final = -1 ^ (1 << 18 | 1 << 10)
GS_BASE: Final = msr.GS_BASE

DESCRIPTORS = new_array(u64, VECTORS * 2, align=16)
TABLE_REGISTER = new_array(u8, 16, align=16)


def initialise_interrupts() -> None:
    """Fill the table with all 256 gates and load it. The segments must be ours already."""
    for vector in range(VECTORS):
        set_gate(vector)
    load_interrupt_table()


def load_interrupt_table() -> None:
    """Load the shared table on this CPU."""
    register = TABLE_REGISTER.pointer
    Ptr[u16](register.address)[0] = u16(VECTORS * 16 - 1)
    Ptr[u64](register.address + 2)[0] = DESCRIPTORS.pointer.address
    load_idt(register.address)


def set_gate(vector: int) -> None:
    """Intel SDM volume 3, figure 6-8: the offset is scattered over both words."""
    handler = stub_address(vector)
    # `int3` is a program's to use; every other exception by `int` is a protection fault.
    is_for_user = vector == SYSTEM_CALL_VECTOR or vector == BREAKPOINT
    kind = u64(USER_GATE if is_for_user else KERNEL_GATE)
    stack = u64(interrupt_stack(vector))
    low = handler & 0xFFFF | u64(KERNEL_CODE) << 16 | stack << 32 | kind << 40
    DESCRIPTORS[vector * 2] = low | ((handler >> 16) & 0xFFFF) << 48
    DESCRIPTORS[vector * 2 + 1] = handler >> 32


def interrupt_stack(vector: int) -> int:
    """The entry of the interrupt stack table, or 0 for the current stack."""
    if vector == DOUBLE_FAULT:
        return DOUBLE_FAULT_STACK
    if vector == NON_MASKABLE:
        return NMI_STACK
    if vector == MACHINE_CHECK:
        return MACHINE_CHECK_STACK
    if vector == DEBUG:
        return DEBUG_STACK
    return 0


def stub_address(vector: int) -> u64:
    # The stubs start at the first multiple of their size.
    first = (function_address(interrupt_stubs) + (STUB_SIZE - 1)) & ~(STUB_SIZE - 1)
    return first + vector * STUB_SIZE


@naked
def interrupt_stubs() -> None:
    """256 stubs, each 16 bytes at most: push, push (5 bytes), jmp (5 bytes)."""
    assembly(
        """
        .balign {STUB_SIZE}
        .set interrupt_vector, 0
        .rept {VECTORS}
        .balign {STUB_SIZE}
        .if interrupt_vector < 32
            .if (({ERROR_CODE_VECTORS} >> interrupt_vector) & 1) == 0
                push 0
            .endif
            push interrupt_vector
            .if (({PARANOID_VECTORS} >> interrupt_vector) & 1) == 0
                jmp {interrupt_common}
            .else
                jmp {interrupt_paranoid}
            .endif
        .else
            push 0
            push interrupt_vector
            jmp {interrupt_common}
        .endif
        .set interrupt_vector, interrupt_vector + 1
        .endr
        """
    )


@naked
def interrupt_common() -> None:
    """On the stack: vector, error code, and what the CPU pushed. Interrupts are off across both swapgs."""
    assembly(
        """
        push rax
        push rbx
        push rcx
        push rdx
        push rsi
        push rdi
        push rbp
        push r8
        push r9
        push r10
        push r11
        push r12
        push r13
        push r14
        push r15
        test byte ptr [rsp + 144], 3
        je 3f
        swapgs
        xor ebp, ebp
    3:
        pushfq
        and qword ptr [rsp], {KEPT_FLAGS}
        popfq
        mov rdi, rsp
        call {dispatch_interrupt}
        cli
        test byte ptr [rsp + 144], 3
        je 4f
        swapgs
    4:
        pop r15
        pop r14
        pop r13
        pop r12
        pop r11
        pop r10
        pop r9
        pop r8
        pop rbp
        pop rdi
        pop rsi
        pop rdx
        pop rcx
        pop rbx
        pop rax
        add rsp, 16
        iretq
        """
    )


@naked
def interrupt_paranoid() -> None:
    """As `interrupt_common`, but the GS base says whether to swap; rbx, which a callee keeps, remembers it."""
    assembly(
        """
        push rax
        push rbx
        push rcx
        push rdx
        push rsi
        push rdi
        push rbp
        push r8
        push r9
        push r10
        push r11
        push r12
        push r13
        push r14
        push r15
        xor ebx, ebx
        mov ecx, {GS_BASE}
        rdmsr
        test edx, edx
        js 3f
        swapgs
        inc ebx
    3:
        pushfq
        and qword ptr [rsp], {KEPT_FLAGS}
        popfq
        mov rdi, rsp
        call {dispatch_interrupt}
        cli
        test ebx, ebx
        je 4f
        swapgs
    4:
        pop r15
        pop r14
        pop r13
        pop r12
        pop r11
        pop r10
        pop r9
        pop r8
        pop rbp
        pop rdi
        pop rsi
        pop rdx
        pop rcx
        pop rbx
        pop rax
        add rsp, 16
        iretq
        """
    )
