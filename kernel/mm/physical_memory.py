"""The one frame allocator of the machine behind its lock: what everybody calls who wants a frame. Rank 5.

`FRAMES` is filled by `mm.bootstrap`; before that every call raises MemoryError. Owner of FRAMES: FRAMES_LOCK (rank
FRAMES, the highest but the log's: nothing is taken under it). Callable from any context that may take a spin lock,
interrupts included. MemoryError when memory is out; a frame released twice is a defect of the caller and panics
further up.
"""

from __future__ import annotations

from kernel.arch.x86_64.physical_window import clear_frame
from kernel.mm.frames import FrameAllocator, FrameOwner
from kernel.sync.spinlock import LockRank, LockWord, SpinLock
from runtime.lang import PhysicalAddress, u64, zeroed

FRAMES = FrameAllocator()
FRAMES_LOCK = SpinLock(LockRank.FRAMES, zeroed(LockWord))


def allocate_frame(owner: FrameOwner) -> PhysicalAddress:
    """One frame; its content is whatever it was."""
    FRAMES_LOCK.acquire()
    try:
        return FRAMES.allocate(owner)
    finally:
        FRAMES_LOCK.release()


def allocate_zeroed_frame(owner: FrameOwner) -> PhysicalAddress:
    """One frame full of zeroes: what a program may see of a new page."""
    frame = allocate_frame(owner)
    clear_frame(frame.value)
    return frame


def allocate_frames(count: int, owner: FrameOwner) -> PhysicalAddress:
    """The first of `count` consecutive frames."""
    FRAMES_LOCK.acquire()
    try:
        return FRAMES.allocate_run(count, owner)
    finally:
        FRAMES_LOCK.release()


def release_frame(address: PhysicalAddress) -> None:
    FRAMES_LOCK.acquire()
    try:
        FRAMES.release(address)
    finally:
        FRAMES_LOCK.release()


def release_frames(address: PhysicalAddress, count: int) -> None:
    FRAMES_LOCK.acquire()
    try:
        FRAMES.release_run(address, count)
    finally:
        FRAMES_LOCK.release()


def take_table_frame() -> u64:
    """The hook of `arch.table_frames`: a frame for a page table, 0 when there is none."""
    try:
        return allocate_frame(FrameOwner.PAGE_TABLE).value
    except MemoryError:
        return 0


def give_table_frame_back(physical: u64) -> None:
    release_frame(PhysicalAddress(physical))


def free_frames() -> int:
    return FRAMES.free


def allocated_frames() -> int:
    return FRAMES.allocated


def total_frames() -> int:
    return FRAMES.total
