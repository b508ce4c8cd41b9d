"""From the firmware's memory map to a running frame allocator and heap. Rank 5.

`start` is called once by the boot with plain values. What may be handed out: conventional and boot-services memory of
the map (mm.memory_map decides), plus what the boot took from firmware and did not use. Image, page tables and
everything else that is loader memory is in nobody's list and stays out. Owner: the boot CPU, interrupts off.
"""

from __future__ import annotations

from kernel.arch.x86_64.table_frames import close_pool
from kernel.debug.panic import panic
from kernel.mm import device_memory, kernel_heap
from kernel.mm.direct_map import bytes_at
from kernel.mm.frames import metadata_size
from kernel.mm.kernel_space import KERNEL_SPACE
from kernel.mm.memory_map import MemoryRanges, collect_usable
from kernel.mm.physical_memory import FRAMES, give_table_frame_back, take_table_frame
from runtime.lang import Array, PhysicalAddress, u8, u64

USABLE = MemoryRanges()


def start(root: u64, descriptors: Array[u8], descriptor_size: int, spare_start: u64, spare_end: u64) -> None:
    """Bring up frames and heap. `spare` is memory that the boot allocated and gives back."""
    KERNEL_SPACE.root = root
    collect_usable(USABLE, descriptors, descriptor_size)
    # The pool is closed from here on: its rest is part of the ranges.
    if spare_start < spare_end:
        USABLE.add(int(spare_start), int(spare_end))
    size = metadata_size(USABLE)
    place = USABLE.find_space(size)
    if place < 0:
        panic("there is no memory for the frame allocator's tables")
    tables = PhysicalAddress(u64(place))
    FRAMES.initialise(USABLE, tables, bytes_at(tables))
    close_pool(take_table_frame, give_table_frame_back)
    kernel_heap.initialise()


def reserve_device_memory(end: u64) -> None:
    """The boot has mapped device memory below this address."""
    device_memory.reserve(end)
