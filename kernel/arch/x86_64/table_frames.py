"""Where frames for page tables come from: a pool during the boot, the frame allocator afterwards.

The boot allocates one contiguous pool from firmware. Tables that stay are taken from its low end, tables of the
identity window from its high end, so what is left in the middle and above goes back to the machine when `close_pool`
is called and the frame allocator takes over through two hooks. Owner: the boot CPU until then; afterwards the lock of
the frames.
"""

from __future__ import annotations

from collections.abc import Callable

from kernel.arch.x86_64.address_layout import PAGE_SIZE
from kernel.arch.x86_64.physical_window import clear_frame
from runtime.lang import u64


def take_nothing() -> u64:
    return 0


def keep_frame(physical: u64) -> None:
    """Nobody to give it back to."""


class TableFrames:
    """The pool [low, high) of physical addresses that are still free, and the hooks behind it."""

    def __init__(self) -> None:
        self.low: u64 = 0
        self.high: u64 = 0
        self.take: Callable[[], u64] = take_nothing
        self.give_back: Callable[[u64], None] = keep_frame


TABLE_FRAMES = TableFrames()


def open_pool(start: u64, end: u64) -> None:
    TABLE_FRAMES.low = start
    TABLE_FRAMES.high = end


def close_pool(take: Callable[[], u64], give_back: Callable[[u64], None]) -> None:
    """From now on `take` answers with a frame's physical address or 0, and `give_back` gets it back."""
    TABLE_FRAMES.low = 0
    TABLE_FRAMES.high = 0
    TABLE_FRAMES.take = take
    TABLE_FRAMES.give_back = give_back


def take_table() -> u64:
    """One zeroed frame for a table. MemoryError when there is none."""
    if TABLE_FRAMES.low < TABLE_FRAMES.high:
        frame = TABLE_FRAMES.low
        TABLE_FRAMES.low = frame + PAGE_SIZE
    else:
        take = TABLE_FRAMES.take
        frame = take()
    if frame == 0:
        raise MemoryError
    clear_frame(frame)
    return frame


def take_temporary_table() -> u64:
    """One zeroed frame from the high end of the pool, for tables that are dropped before the pool is closed."""
    if TABLE_FRAMES.low >= TABLE_FRAMES.high:
        raise MemoryError
    TABLE_FRAMES.high = TABLE_FRAMES.high - PAGE_SIZE
    clear_frame(TABLE_FRAMES.high)
    return TABLE_FRAMES.high


def give_table_back(frame: u64) -> None:
    give_back = TABLE_FRAMES.give_back
    give_back(frame)
