"""`with InterruptsDisabled():` — a stretch of code that no interrupt of this CPU can enter. Rank 4.

Nests: the first entry notes whether interrupts were on, the last exit restores that. The count lives in the CPU's
block, so the object itself is empty and one constant (`INTERRUPTS_DISABLED`) serves all, without an allocation. Needs
the CPU's block (`per_cpu_block.install_block`). Never sleep inside.
"""

from __future__ import annotations

from types import TracebackType

from kernel.arch.x86_64.per_cpu_block import BLOCK_GUARD_DEPTH, BLOCK_GUARD_FLAGS
from kernel.arch.x86_64.registers import FLAG_INTERRUPTS
from kernel.debug.panic import panic
from runtime.lang import disable_interrupts, enable_interrupts, read_flags, read_gs, write_gs


def push_interrupts_off() -> None:
    """Disable interrupts and count."""
    flags = read_flags()
    disable_interrupts()
    depth = read_gs(BLOCK_GUARD_DEPTH)
    if depth == 0:
        write_gs(BLOCK_GUARD_FLAGS, flags)
    write_gs(BLOCK_GUARD_DEPTH, depth + 1)


def pop_interrupts_off() -> None:
    """Count down; enable interrupts when the first entry found them enabled."""
    depth = read_gs(BLOCK_GUARD_DEPTH)
    if depth == 0:
        panic("interrupts are released more often than disabled")
    write_gs(BLOCK_GUARD_DEPTH, depth - 1)
    if depth == 1 and read_gs(BLOCK_GUARD_FLAGS) & FLAG_INTERRUPTS != 0:
        enable_interrupts()


class InterruptsDisabled:
    """The `with` form."""

    def __enter__(self) -> None:
        push_interrupts_off()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pop_interrupts_off()


INTERRUPTS_DISABLED = InterruptsDisabled()
