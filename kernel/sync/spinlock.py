"""Spin locks with ranks: `with LOCK:`. Rank 4.

A spin lock disables interrupts while it is held, always, because a lock that an interrupt may take must never be found
held by the code it interrupted. Locks are taken in ascending rank only: each CPU keeps one bit per rank it holds, and
taking a lock at or below the highest of them panics. That makes every possible deadlock show up in the first run that
takes two locks, not in the one that loses the race. The ranks are listed in kernel/README.md and here, nowhere else.

Inside: no sleeping, no user memory, no waiting for a device without a bound. An exception that leaves the block panics:
the state under the lock may be half changed.
"""

from __future__ import annotations

from enum import IntEnum
from types import TracebackType

from kernel.arch.x86_64.per_cpu_block import BLOCK_HELD_RANKS
from kernel.debug.panic import panic, panic_with
from kernel.sync.interrupt_guard import pop_interrupts_off, push_interrupts_off
from runtime.lang import (
    Ptr,
    atomic_exchange,
    atomic_load,
    atomic_store,
    pointer_to,
    read_gs,
    spin_pause,
    struct,
    u32,
    u64,
    write_gs,
)


class LockRank(IntEnum):
    """Ascending order of acquisition; at most 63."""

    CONSOLE = 10
    DEVICE = 20
    BLOCK = 25
    PROCESS = 30
    ADDRESS_SPACE = 35
    KERNEL_SPACE = 40
    HEAP = 50
    FRAMES = 60
    LOG = 63


@struct
class LockWord:
    """1 while held. A structure of its own, because atomics need an address."""

    held: u32


class SpinLock:
    """One lock; make it a module-level constant next to what it protects."""

    def __init__(self, rank: LockRank, word: LockWord) -> None:
        self.rank: int = rank.value
        self.word: LockWord = word

    def acquire(self) -> None:
        push_interrupts_off()
        held = read_gs(BLOCK_HELD_RANKS)
        bit = u64(1) << self.rank
        if held >= bit:
            panic("a spin lock was taken out of order")
        word = lock_address(self.word)
        while atomic_exchange(word, 1) != 0:
            while atomic_load(word) != 0:
                spin_pause()
        write_gs(BLOCK_HELD_RANKS, held | bit)

    def release(self) -> None:
        bit = u64(1) << self.rank
        held = read_gs(BLOCK_HELD_RANKS)
        if held & bit == 0:
            panic("a spin lock was released by a CPU that does not hold it")
        write_gs(BLOCK_HELD_RANKS, held & ~bit)
        atomic_store(lock_address(self.word), 0)
        pop_interrupts_off()

    def __enter__(self) -> None:
        self.acquire()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            panic_with("an exception left a spin lock", error)
        self.release()


def lock_address(word: LockWord) -> Ptr[u32]:
    return pointer_to(word).cast(u32)
