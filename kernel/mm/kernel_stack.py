"""Kernel stacks: one per thread, each in its own slot of address space with an unmapped page below. Rank 5.

A slot is guard page plus KERNEL_STACK_BYTES; running over faults on the guard and ends in the double-fault panic
instead of a neighbour's data. Frames are mapped when a slot is taken and given back with it; the page tables of all
slots are there from the boot on (`initialise`), so a slot takes STACK_PAGES frames and nothing else, the first time
too. Owner: KERNEL_SPACE_LOCK.
"""

from __future__ import annotations

from typing import Final

from kernel.arch.x86_64.address_layout import KERNEL_STACKS, PAGE_SIZE
from kernel.arch.x86_64.page_table import Protection, map_page, prepare_tables, unmap_page
from kernel.config import KERNEL_STACK_BYTES, MAXIMUM_KERNEL_STACKS
from kernel.mm.frames import FrameOwner
from kernel.mm.kernel_space import KERNEL_SPACE_LOCK, kernel_root
from kernel.mm.physical_memory import allocate_frame, release_frame
from runtime.lang import VirtualAddress, new_array, u8, u64

SLOT_BYTES: Final = PAGE_SIZE + KERNEL_STACK_BYTES
STACK_PAGES: Final = KERNEL_STACK_BYTES // PAGE_SIZE

# 1 where the slot is taken.
SLOTS = new_array(u8, MAXIMUM_KERNEL_STACKS)


def initialise() -> None:
    """Make the page tables of all slots. MemoryError."""
    prepare_tables(kernel_root(), VirtualAddress(KERNEL_STACKS), u64(MAXIMUM_KERNEL_STACKS * SLOT_BYTES))


def allocate_stack() -> int:
    """Take a slot and map its stack; the answer is the slot's number. MemoryError when either runs out."""
    KERNEL_SPACE_LOCK.acquire()
    try:
        slot = find_slot()
        mapped = 0
        try:
            while mapped < STACK_PAGES:
                map_stack_page(slot, mapped)
                mapped += 1
        except MemoryError:
            unmap_stack(slot, mapped)
            raise
        SLOTS[slot] = 1
        return slot
    finally:
        KERNEL_SPACE_LOCK.release()


def release_stack(slot: int) -> None:
    """Give a slot and its frames back. No CPU may be running on it."""
    KERNEL_SPACE_LOCK.acquire()
    try:
        assert SLOTS[slot] == 1, "a kernel stack is released twice"
        unmap_stack(slot, STACK_PAGES)
        SLOTS[slot] = 0
    finally:
        KERNEL_SPACE_LOCK.release()


def stack_top(slot: int) -> u64:
    """The first address above the stack: what rsp starts with."""
    return KERNEL_STACKS + (slot + 1) * SLOT_BYTES


def find_slot() -> int:
    for slot in range(MAXIMUM_KERNEL_STACKS):
        if SLOTS[slot] == 0:
            return slot
    raise MemoryError


def stack_page(slot: int, page: int) -> VirtualAddress:
    return VirtualAddress(KERNEL_STACKS + (slot * SLOT_BYTES + (page + 1) * PAGE_SIZE))


def map_stack_page(slot: int, page: int) -> None:
    frame = allocate_frame(FrameOwner.STACK)
    try:
        map_page(kernel_root(), stack_page(slot, page), frame, Protection.KERNEL_WRITE)
    except MemoryError:
        release_frame(frame)
        raise


def unmap_stack(slot: int, pages: int) -> None:
    for page in range(pages):
        release_frame(unmap_page(kernel_root(), stack_page(slot, page)))
