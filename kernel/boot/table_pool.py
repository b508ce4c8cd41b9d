"""The frames for page tables, taken from firmware before it goes. UEFI 2.10, 7.2.1.

They must lie below 4 GiB where that is possible: leaving five-level paging passes through 32-bit mode, whose CR3 is
32 bits wide, and so will the start of further CPUs. How many: all L3 tables of the kernel half, an L2 table per GiB
that the map mentions as RAM, two L1 tables for the ragged ends of each descriptor, and a reserve for image,
framebuffer and window. What is not used goes to the frame allocator.
"""

from __future__ import annotations

from typing import Final

from kernel.arch.x86_64.address_layout import PAGE_SIZE
from kernel.arch.x86_64.table_frames import open_pool
from kernel.boot.boot_info import BOOT_INFO, memory_descriptors
from kernel.boot.firmware_calls import allocate_pages, allocate_pages_below
from kernel.boot.uefi_tables import LOADER_DATA, OUT_OF_RESOURCES, SUCCESS, BootServices
from kernel.mm.memory_map import RAM_TYPES, MemoryRanges, collect
from runtime.lang import Ptr, u64

KERNEL_HALF_TABLES: Final = 1 + 256
# Image: an L2 and an L1 per 2 MiB; framebuffer: ragged ends; identity window: a chain of tables; direct map of the
# image.
RESERVE_TABLES: Final = 64
GIGABYTE: Final = 1 << 30
BELOW_4_GIB: Final[u64] = 0xFFFF_FFFF

RAM = MemoryRanges()


def collect_ram() -> None:
    """Fill RAM from the current map: what the direct map will cover."""
    RAM.count = 0
    collect(RAM, memory_descriptors(), int(BOOT_INFO.descriptor_size), RAM_TYPES)


def tables_needed() -> int:
    """An upper bound for the current map and image."""
    gigabytes = 0
    for index in range(RAM.count):
        gigabytes += (RAM.end(index) - 1) // GIGABYTE - RAM.start(index) // GIGABYTE + 1
    # The map's final form may have more ranges than today's.
    ragged_ends = 2 * int(BOOT_INFO.map_size // BOOT_INFO.descriptor_size)
    image_tables = 2 * (int(BOOT_INFO.image_size >> 21) + 2)
    screen_tables = int(BOOT_INFO.framebuffer_size >> 21) + 4
    return KERNEL_HALF_TABLES + RESERVE_TABLES + gigabytes + ragged_ends + image_tables + screen_tables


def allocate_table_pool(services: Ptr[BootServices], must_be_low: bool) -> u64:
    """Take the pool from firmware and open it; the answer is a status."""
    pages = u64(tables_needed())
    start = allocate_pages_below(services, BELOW_4_GIB, LOADER_DATA, pages)
    if start == 0 and not must_be_low:
        start = allocate_pages(services, LOADER_DATA, pages)
    if start == 0:
        return OUT_OF_RESOURCES
    BOOT_INFO.pool_start = start
    BOOT_INFO.pool_end = start + pages * PAGE_SIZE
    open_pool(start, BOOT_INFO.pool_end)
    return SUCCESS
