"""The switch: our tables, the high address, the new stack, the relocation. One piece of assembly without a stack.

Everything it needs is in registers before CR3 changes, since neither firmware's stack nor the parameters are mapped
afterwards; no interrupt is on and no exception can be served. The relocation table is applied last, through the
direct map (where the image is writable whatever its section), because compiled code cannot run while half of its
pointers are old.
"""

from __future__ import annotations

from typing import Final, NoReturn

from kernel.arch.x86_64.control_registers import CR4_GLOBAL_PAGES
from runtime.lang import Ptr, assembly, naked, struct, u64, zeroed

# Firmware's global pages must leave the TLB: they lie where programs will live.
KEPT_CR4: Final = -1 ^ CR4_GLOBAL_PAGES


@struct
class SwitchParameters:
    """In the order in which the assembly reads them."""

    # CR3: physical address of the root table.
    root: u64
    # What is added to an address of the loaded image to get its address in the higher half (modulo 2^64).
    displacement: u64
    # High addresses.
    stack_top: u64
    relocations_start: u64
    relocations_end: u64
    entry: u64
    # The image in the direct map.
    image_alias: u64


SWITCH = zeroed(SwitchParameters)


@naked
def enter_high_half(parameters: Ptr[SwitchParameters]) -> NoReturn:
    """Never returns. `entry` is a function without parameters and without return."""
    assembly(
        """
        cli
        cld
        mov rax, qword ptr [rdi]
        mov rbx, qword ptr [rdi + 8]
        mov rsi, qword ptr [rdi + 16]
        mov r8, qword ptr [rdi + 24]
        mov r9, qword ptr [rdi + 32]
        mov r10, qword ptr [rdi + 40]
        mov r11, qword ptr [rdi + 48]
        mov rcx, cr4
        and rcx, {KEPT_CR4}
        mov cr4, rcx
        mov cr3, rax
        lea rcx, [rip + 2f]
        add rcx, rbx
        jmp rcx
    2:
        mov rsp, rsi
        xor ebp, ebp
    3:
        cmp r8, r9
        jae 4f
        mov ecx, dword ptr [r8]
        add qword ptr [r11 + rcx], rbx
        add r8, 4
        jmp 3b
    4:
        push 0
        jmp r10
        """
    )
