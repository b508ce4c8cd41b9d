"""Running a program: stack, kernel stack, ring 3, and the way back with its exit status.

The program runs with the caller's frame waiting in `run_user`; its system calls, faults and interrupts use a kernel
stack of their own. Whatever happens, the kernel stack is given back and the kernel's own tables are active afterwards;
the process and its memory stay until `destroy`, so frames before and after are equal. A program ends by `exit`, by a
fault (128 + 11), or by ^C (128 + 2).
"""

from __future__ import annotations

from typing import Final

from kernel.arch.x86_64.page_table import activate
from kernel.arch.x86_64.per_cpu_block import set_kernel_stack
from kernel.arch.x86_64.registers import RegisterFrame, prepare_user_frame
from kernel.arch.x86_64.segments import set_interrupt_stack
from kernel.arch.x86_64.user_mode import run_user
from kernel.mm.kernel_space import kernel_root
from kernel.mm.kernel_stack import allocate_stack, release_stack, stack_top
from kernel.proc.elf_loader import LoadedProgram
from kernel.proc.process import CURRENT, Process
from kernel.proc.program_memory import STACK_TOP
from kernel.proc.program_stack import RANDOM_BYTES, build_stack
from runtime.abi.error_numbers import EBUSY
from runtime.lang import pointer_to, read_timestamp, rotate_left, truncate, u8, u64, wrapping_mul, zeroed

BOOT_CPU: Final = 0
# An odd constant without structure (2^64 divided by the golden ratio), as multiplicative hashing uses it.
MIXING_FACTOR: Final[u64] = 0x9E37_79B9_7F4A_7C15


def prepare_stack(process: Process, program: LoadedProgram, arguments: list[bytes], environment: list[bytes]) -> u64:
    """Put the first stack into the program's memory; the answer is rsp. E2BIG, ENOMEM."""
    image = build_stack(STACK_TOP, arguments, environment, program.facts, unpredictable_bytes())
    page = image.address
    while page < STACK_TOP:
        if not process.memory.grow_stack(page):
            raise MemoryError
        page = (page | 0xFFF) + 1
    process.memory.space.write(u64(image.address), image.content)
    return u64(image.address)


def run_process(process: Process, entry: u64, stack: u64) -> int:
    """Run until the program ends; its exit status. EBUSY when another one runs, MemoryError."""
    if CURRENT.process is not None:
        raise OSError(EBUSY, "another program is running")
    slot = allocate_stack()
    try:
        set_kernel_stack(stack_top(slot))
        set_interrupt_stack(BOOT_CPU, stack_top(slot))
        frame = zeroed(RegisterFrame)
        prepare_user_frame(pointer_to(frame), entry, stack)
        CURRENT.process = process
        process.memory.space.activate()
        status = run_user(pointer_to(frame))
        process.exit_status = int(status & 0xFF)
    finally:
        CURRENT.process = None
        activate(kernel_root())
        release_stack(slot)
    return process.exit_status


def unpredictable_bytes() -> bytes:
    """AT_RANDOM: the time-stamp counter, stirred. Enough for hash seeds; not for keys."""
    state = read_timestamp()
    values: list[int] = []
    for _ in range(RANDOM_BYTES):
        state = rotate_left(wrapping_mul(state ^ read_timestamp(), MIXING_FACTOR), 29)
        values.append(int(truncate(u8, state >> 32)))
    return bytes(values)
