"""Into ring 3 and back: `enter_user` runs a program until somebody asks for its end. Interrupts decide nothing here.

A kernel function calls `enter_user(frame)` and gets the exit status back, as from any call. In between, the program
runs; its system calls and faults run on the kernel stack set by `per_cpu_block.set_kernel_stack` and
`segments.set_interrupt_stack`, which must not be the caller's own stack. `request_exit` only notes the wish: the
outermost dispatcher acts on it (`leave_user`) when every function below it has returned, so no object is left behind
on the stack.

State: the words `resume`, `exit_requested` and `exit_status` of the CPU's block; owner: the CPU, interrupts off.
`enter_user` may nest (a program run from within a system call): the outer resume word is kept on the stack.
"""

from __future__ import annotations

from typing import Final, NoReturn

from kernel.arch.x86_64.per_cpu_block import (
    BLOCK_EXIT_REQUESTED,
    BLOCK_EXIT_STATUS,
    BLOCK_RESUME,
)
from kernel.arch.x86_64.registers import RegisterFrame
from runtime.lang import Ptr, assembly, naked, read_gs, u64, write_gs

# The name under which the assembly below knows it.
RESUME_WORD: Final = BLOCK_RESUME


def run_user(frame: Ptr[RegisterFrame]) -> u64:
    """Run the program whose registers are in `frame` until it ends; the answer is the status of `request_exit`."""
    write_gs(BLOCK_EXIT_REQUESTED, 0)
    reset_floating_point()
    return enter_user(frame)


def request_exit(status: u64) -> None:
    """The program that this CPU serves shall not be resumed. The first request counts."""
    if read_gs(BLOCK_EXIT_REQUESTED) == 0:
        write_gs(BLOCK_EXIT_STATUS, status)
        write_gs(BLOCK_EXIT_REQUESTED, 1)


def exit_requested() -> bool:
    return read_gs(BLOCK_EXIT_REQUESTED) != 0


@naked
def enter_user(frame: Ptr[RegisterFrame]) -> u64:
    """Save what a System V callee must keep, note the stack, load the frame and go. Returns through `leave_user`.

    Seven words and the return address are on the stack, which no one looks at until `leave_user` takes them back.
    """
    assembly(
        """
        push rbp
        push rbx
        push r12
        push r13
        push r14
        push r15
        push qword ptr gs:[{RESUME_WORD}]
        cli
        mov qword ptr gs:[{RESUME_WORD}], rsp
        mov rsp, rdi
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


@naked
def leave_user(status: u64) -> NoReturn:
    """Return from the innermost `enter_user` with `status`, whatever stack we are on. Interrupts are on afterwards."""
    assembly(
        """
        cli
        mov rsp, qword ptr gs:[{RESUME_WORD}]
        pop qword ptr gs:[{RESUME_WORD}]
        pop r15
        pop r14
        pop r13
        pop r12
        pop rbx
        pop rbp
        mov rax, rdi
        sti
        ret
        """
    )


@naked
def reset_floating_point() -> None:
    """Give the program a fresh FPU:

    x87 defaults, MXCSR 0x1f80 (all exceptions masked), no value of an earlier program.
    """
    assembly(
        """
        fninit
        push 0x1f80
        ldmxcsr dword ptr [rsp]
        add rsp, 8
        pxor xmm0, xmm0
        pxor xmm1, xmm1
        pxor xmm2, xmm2
        pxor xmm3, xmm3
        pxor xmm4, xmm4
        pxor xmm5, xmm5
        pxor xmm6, xmm6
        pxor xmm7, xmm7
        pxor xmm8, xmm8
        pxor xmm9, xmm9
        pxor xmm10, xmm10
        pxor xmm11, xmm11
        pxor xmm12, xmm12
        pxor xmm13, xmm13
        pxor xmm14, xmm14
        pxor xmm15, xmm15
        ret
        """
    )
