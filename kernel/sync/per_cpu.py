"""Which CPU is this: the typed face of the CPU's block for everything above arch. Rank 4.

Values are only stable while the code cannot move to another CPU, that is with interrupts off (kernel threads do not
migrate yet; say so where you rely on it).
"""

from __future__ import annotations

from kernel.arch.x86_64.per_cpu_block import BLOCK_GUARD_DEPTH, BLOCK_HELD_RANKS, BLOCK_INDEX
from runtime.lang import read_gs


def cpu_index() -> int:
    return int(read_gs(BLOCK_INDEX))


def holds_spin_lock() -> bool:
    """Whether sleeping or touching user memory would be wrong now because of a lock."""
    return read_gs(BLOCK_HELD_RANKS) != 0


def interrupts_held_off() -> bool:
    """Whether a guard or a lock keeps interrupts off."""
    return read_gs(BLOCK_GUARD_DEPTH) != 0
