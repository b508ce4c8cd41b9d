"""A machine's memory for tests: RAM behind the direct map, a kernel root table, and frames from the real allocator."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from kernel.arch.x86_64 import table_frames
from kernel.arch.x86_64.address_layout import DIRECT_MAP
from kernel.arch.x86_64.page_table import PRESENT, WRITABLE
from kernel.arch.x86_64.per_cpu_block import BLOCKS, install_block
from kernel.arch.x86_64.physical_window import PHYSICAL_WINDOW, window_words
from kernel.debug.panic import PANIC
from kernel.mm import kernel_heap, physical_memory
from kernel.mm.frames import FrameAllocator, metadata_size
from kernel.mm.kernel_space import KERNEL_SPACE, KERNEL_SPACE_LOCK
from kernel.mm.memory_map import MemoryRanges
from runtime.host.arenas import memory
from runtime.host.machine import SimulatedMachine, use_machine
from runtime.lang import PhysicalAddress, Ptr, u8, u32, u64

RAM_START = 0x100000


@contextmanager
def machine_with_memory(size: int = 4 << 20) -> Iterator[SimulatedMachine]:
    """`size` bytes of RAM from 1 MiB on, ready for page tables, heap and address spaces."""
    ram = memory.map_memory(int(DIRECT_MAP) + RAM_START, size, "ram")
    kept = (PHYSICAL_WINDOW.base, physical_memory.FRAMES, KERNEL_SPACE.root)
    try:
        with use_machine(SimulatedMachine()) as machine:
            machine.spin_limit = 1000
            BLOCKS.fill(u8(0))
            install_block(0)
            PHYSICAL_WINDOW.base = u64(DIRECT_MAP)
            start_frames(size)
            table_frames.close_pool(physical_memory.take_table_frame, physical_memory.give_table_frame_back)
            KERNEL_SPACE.root = kernel_root()
            reset_heap()
            yield machine
    finally:
        PHYSICAL_WINDOW.base, physical_memory.FRAMES, KERNEL_SPACE.root = kept
        ram.release()


def start_frames(size: int) -> None:
    ranges = MemoryRanges()
    ranges.add(RAM_START, RAM_START + size)
    place = ranges.find_space(metadata_size(ranges))
    frames = FrameAllocator()
    frames.initialise(ranges, PhysicalAddress(u64(place)), Ptr[u8](u64(DIRECT_MAP + place)))
    physical_memory.FRAMES = frames


def kernel_root() -> u64:
    """A root whose first kernel entries have their tables, as the boot makes them."""
    root = table_frames.take_table()
    for index in (256, 384, 416, 511):
        window_words(root)[index] = table_frames.take_table() | PRESENT | WRITABLE
    return root


def reset_heap() -> None:
    """Forget what an earlier test left, a lock that its panic kept included."""
    for lock in (kernel_heap.HEAP_LOCK, physical_memory.FRAMES_LOCK, KERNEL_SPACE_LOCK):
        lock.word.held = u32(0)
    PANIC.depth = 0
    kernel_heap.WITH_ROOM.fill(u64(0))
    kernel_heap.SLAB_COUNTS.fill(u64(0))
    heap = kernel_heap.HEAP
    heap.live_objects = heap.live_bytes = heap.slab_frames = heap.large_frames = 0
    kernel_heap.initialise()


def frames_in_use() -> int:
    return int(physical_memory.allocated_frames())
