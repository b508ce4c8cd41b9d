"""The memory that GS points to while a CPU is in the kernel: one block per CPU. Owner: that CPU, with interrupts off.

Entry code reads the first four words by their offsets, so the order of the fields is part of the entry contract; the
test `tests/kernel/arch/test_entry_contract.py` compares the constants with the structure.
"""

from __future__ import annotations

from typing import Final

from kernel.arch.x86_64 import msr
from kernel.config import MAXIMUM_CPUS
from runtime.lang import Ptr, new_array, read_gs, struct, u8, u64, write_gs, write_msr

BLOCK_SIZE: Final = 128

# Offsets from GS of the fields below.
BLOCK_SELF: Final = 0
BLOCK_SCRATCH: Final = 8
BLOCK_KERNEL_STACK: Final = 16
BLOCK_RESUME: Final = 24
BLOCK_EXIT_REQUESTED: Final = 32
BLOCK_EXIT_STATUS: Final = 40
BLOCK_INDEX: Final = 48
BLOCK_GUARD_DEPTH: Final = 56
BLOCK_GUARD_FLAGS: Final = 64
BLOCK_HELD_RANKS: Final = 72


@struct
class PerCpuBlock:
    """What one CPU keeps for itself."""

    # The block's own address, so that its fields can be reached by a pointer.
    self_address: u64
    # Where the syscall entry puts the user's rsp while it switches stacks.
    scratch: u64
    # Top of the stack on which system calls of the current program run.
    kernel_stack: u64
    # rsp of the kernel function that entered user mode; `leave_user` returns there.
    resume: u64
    # 1 when the program that is being served shall not be resumed, and what `enter_user` then returns.
    exit_requested: u64
    exit_status: u64
    index: u64
    # Nesting of disabled interrupts, and the flags before the first.
    guard_depth: u64
    guard_flags: u64
    # One bit per rank of a spin lock that this CPU holds.
    held_ranks: u64


BLOCKS = new_array(u8, MAXIMUM_CPUS * BLOCK_SIZE, align=BLOCK_SIZE)


def install_block(cpu: int) -> None:
    """Make GS of this CPU point to its block. Until then no guard, no lock and no entry code may run."""
    block = Ptr[PerCpuBlock]((BLOCKS.pointer + cpu * BLOCK_SIZE).address)
    block[0].self_address = block.address
    block[0].index = u64(cpu)
    write_msr(msr.GS_BASE, block.address)
    # What swapgs exchanges it with: the user's GS base, zero until a program sets one.
    write_msr(msr.KERNEL_GS_BASE, 0)


def current_block() -> Ptr[PerCpuBlock]:
    return Ptr[PerCpuBlock](read_gs(BLOCK_SELF))


def set_kernel_stack(top: u64) -> None:
    """The stack for system calls; `segments.set_interrupt_stack` takes the same one for faults from user mode."""
    write_gs(BLOCK_KERNEL_STACK, top)
