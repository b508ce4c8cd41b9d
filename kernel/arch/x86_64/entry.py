"""The syscall instruction: its entry code and the registers that switch it on. Intel SDM volume 2, SYSCALL, SYSRET.

The CPU leaves rsp alone, so the entry swaps GS, keeps the user's rsp in the CPU's block and takes the program's
kernel stack. It pushes a complete frame, the same as an interrupt's. Number in rax, arguments in rdi rsi rdx r10 r8
r9, result in rax; every register but rax, rcx and r11 survives. The way back is sysret only if nothing in the frame
forbids it (rcx and r11 still are rip and rflags, the segments are the user's, the address is canonical, neither TF
nor RF set), else iretq.
"""

# ruff: noqa: F401 - some names are used by assembly text alone

from __future__ import annotations

from typing import Final

from kernel.arch.x86_64 import msr
from kernel.arch.x86_64.dispatch import dispatch_system_call
from kernel.arch.x86_64.per_cpu_block import BLOCK_KERNEL_STACK, BLOCK_SCRATCH
from kernel.arch.x86_64.registers import (
    FLAG_ALIGNMENT_CHECK,
    FLAG_DIRECTION,
    FLAG_INTERRUPTS,
    FLAG_NESTED_TASK,
    FLAG_RESUME,
    FLAG_TRAP,
    FRAME_CS,
    FRAME_R11,
    FRAME_RCX,
    FRAME_RFLAGS,
    FRAME_RIP,
    FRAME_RSP,
    FRAME_SS,
    SYSCALL_VECTOR,
)
from kernel.arch.x86_64.segments import KERNEL_CODE, KERNEL_DATA, USER_CODE, USER_DATA
from runtime.lang import assembly, function_address, naked, u64, write_msr

# Flags cleared on entry: no interrupts until the stack is ours, forward string operations, no trap, SMAP in force.
CLEARED_FLAGS: Final = FLAG_INTERRUPTS | FLAG_DIRECTION | FLAG_TRAP | FLAG_ALIGNMENT_CHECK | FLAG_NESTED_TASK
# Flags that sysret would not restore as iretq does.
SLOW_FLAGS: Final = FLAG_TRAP | FLAG_RESUME
# From the first register pushed below to the end of the frame: where rsp is after the pops, seen from the frame.
POPPED_BYTES: Final = 120
REMAINING_RSP: Final = FRAME_RSP - POPPED_BYTES


def initialise_system_calls() -> None:
    """Point the syscall instruction of this CPU at the entry. EFER.SCE is set with the control registers."""
    # sysret takes CS = base + 16 and SS = base + 8, both with ring 3: the base is the selector before the user's data.
    star = u64(KERNEL_DATA | 3) << 48 | u64(KERNEL_CODE) << 32
    write_msr(msr.STAR, star)
    write_msr(msr.LSTAR, function_address(system_call_entry))
    # The compatibility-mode entry of AMD CPUs: 32-bit programs do not run here, and the same code refuses nothing
    # silently.
    write_msr(msr.CSTAR, function_address(system_call_entry))
    write_msr(msr.SYSCALL_MASK, CLEARED_FLAGS)


@naked
def system_call_entry() -> None:
    """Entered with rcx = the user's rip, r11 = its flags, interrupts off, on the user's stack."""
    assembly(
        """
        swapgs
        mov qword ptr gs:[{BLOCK_SCRATCH}], rsp
        mov rsp, qword ptr gs:[{BLOCK_KERNEL_STACK}]
        push {USER_DATA}
        push qword ptr gs:[{BLOCK_SCRATCH}]
        push r11
        push {USER_CODE}
        push rcx
        push rax
        push {SYSCALL_VECTOR}
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
        mov rdi, rsp
        xor ebp, ebp
        call {dispatch_system_call}
        mov rcx, qword ptr [rsp + {FRAME_RIP}]
        cmp rcx, qword ptr [rsp + {FRAME_RCX}]
        jne 3f
        mov rax, rcx
        shr rax, 47
        jne 3f
        mov r11, qword ptr [rsp + {FRAME_RFLAGS}]
        cmp r11, qword ptr [rsp + {FRAME_R11}]
        jne 3f
        test r11d, {SLOW_FLAGS}
        jne 3f
        cmp qword ptr [rsp + {FRAME_CS}], {USER_CODE}
        jne 3f
        cmp qword ptr [rsp + {FRAME_SS}], {USER_DATA}
        jne 3f
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
        mov rsp, qword ptr [rsp + {REMAINING_RSP}]
        swapgs
        sysretq
    3:
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
        swapgs
        iretq
        """
    )
