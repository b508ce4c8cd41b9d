"""Building the page tables of the kernel half from nothing, and the identity window for the switch.

    0xffff800000000000   direct map: all RAM, read-write, never executable, the largest pages that fit
    0xffffc00000000000   the framebuffer, write-combining
    0xffffffff80000000   the image, each section with its own rights
    physical address     the image's code once more, for the instructions around the switch

The image's frames are mapped with small pages in the direct map, so that `settle` can make the alias of what is read-
only read-only as well. Firmware's tables are only ever walked by the CPU, never read or changed. Runs at physical
addresses with boot services gone and interrupts off.
"""

from __future__ import annotations

from typing import Final

from kernel.arch.x86_64.address_layout import (
    DEVICE_MEMORY,
    DIRECT_MAP,
    FIRST_KERNEL_L4_ENTRY,
    KERNEL_IMAGE,
    LARGE_PAGE,
    PAGE_SIZE,
    TABLE_ENTRIES,
)
from kernel.arch.x86_64.page_table import PRESENT, WRITABLE, Protection, map_page, map_range
from kernel.arch.x86_64.physical_window import window_words
from kernel.arch.x86_64.table_frames import take_table
from kernel.boot.boot_info import BOOT_INFO, has_framebuffer
from kernel.boot.table_pool import RAM, collect_ram
from runtime.lang import PhysicalAddress, VirtualAddress, linker_symbol, u64

PAGE_MASK: Final[u64] = 0xFFFF_FFFF_FFFF_F000
# The direct map ends where the next region begins: 64 TiB.
DIRECT_MAP_LIMIT: Final = 1 << 46


def build_kernel_tables() -> None:
    """Everything; the root table's address goes to BOOT_INFO."""
    root = PhysicalAddress(take_table())
    BOOT_INFO.root_table = root.value
    make_kernel_half(root)
    map_image(root)
    collect_ram()
    for index in range(RAM.count):
        map_ram(root, u64(RAM.start(index)), u64(min(RAM.end(index), DIRECT_MAP_LIMIT)))
    map_screen(root)
    map_identity_window(root)


def make_kernel_half(root: PhysicalAddress) -> None:
    """All 256 tables of the next level, now: later mappings then show in every address space without a copy."""
    entries = window_words(root.value)
    for index in range(FIRST_KERNEL_L4_ENTRY, TABLE_ENTRIES):
        entries[index] = take_table() | PRESENT | WRITABLE


def map_image(root: PhysicalAddress) -> None:
    """Headers and read-only sections without rights to write or run, code without writing, data without running."""
    map_section(root, linker_symbol("__image_start"), linker_symbol("__text_start"), Protection.KERNEL_READ)
    map_section(root, linker_symbol("__text_start"), linker_symbol("__text_end"), Protection.KERNEL_EXECUTE)
    map_section(root, linker_symbol("__rodata_start"), linker_symbol("__rodata_end"), Protection.KERNEL_READ)
    map_section(root, linker_symbol("__relro_start"), linker_symbol("__relro_end"), Protection.KERNEL_READ)
    map_section(root, linker_symbol("__data_start"), linker_symbol("__data_end"), Protection.KERNEL_WRITE)
    bss_start = linker_symbol("__bss_start")
    data_end = page_up(linker_symbol("__data_end"))
    # .bss may begin in the last page of .data, which is mapped by now.
    first = data_end if bss_start < data_end and bss_start >= linker_symbol("__data_start") else bss_start
    map_section(root, first, linker_symbol("__bss_end"), Protection.KERNEL_WRITE)


def map_section(root: PhysicalAddress, start: u64, end: u64, protection: Protection) -> None:
    """One section of the image, at its place in the higher half."""
    first = start & PAGE_MASK
    last = page_up(end)
    if first >= last:
        return
    address = KERNEL_IMAGE + (first - BOOT_INFO.image_base)
    page = first
    # Small pages: sections are small, and guard pages are taken out of them later.
    while page < last:
        map_page(root, VirtualAddress(address), PhysicalAddress(page), protection)
        address += PAGE_SIZE
        page += PAGE_SIZE


def map_ram(root: PhysicalAddress, start: u64, end: u64) -> None:
    """One range of RAM in the direct map, with small pages where it overlaps the image."""
    image_start = BOOT_INFO.image_base & PAGE_MASK
    image_end = page_up(BOOT_INFO.image_base + BOOT_INFO.image_size)
    low_end = min(end, max(start, image_start))
    high_start = max(start, min(end, image_end))
    map_direct(root, start, low_end)
    page = low_end
    while page < high_start:
        map_page(root, VirtualAddress(DIRECT_MAP + page), PhysicalAddress(page), Protection.KERNEL_WRITE)
        page += PAGE_SIZE
    map_direct(root, high_start, end)


def map_direct(root: PhysicalAddress, start: u64, end: u64) -> None:
    if start < end:
        map_range(
            root, VirtualAddress(DIRECT_MAP + start), PhysicalAddress(start), end - start, Protection.KERNEL_WRITE
        )


def map_screen(root: PhysicalAddress) -> None:
    """The framebuffer at the start of device memory, at the same offset within a large page as in physical memory."""
    BOOT_INFO.device_memory_end = DEVICE_MEMORY
    if not has_framebuffer():
        return
    first = BOOT_INFO.framebuffer & PAGE_MASK
    size = page_up(BOOT_INFO.framebuffer + BOOT_INFO.framebuffer_size) - first
    address = DEVICE_MEMORY + first % LARGE_PAGE
    map_range(root, VirtualAddress(address), PhysicalAddress(first), size, Protection.FRAMEBUFFER)
    BOOT_INFO.framebuffer_virtual = address + BOOT_INFO.framebuffer % PAGE_SIZE
    # A page stays free behind it.
    BOOT_INFO.device_memory_end = address + size + PAGE_SIZE


def map_identity_window(root: PhysicalAddress) -> None:
    """The code at its physical address, executable: the CPU fetches from there right after CR3 has changed."""
    first = linker_symbol("__text_start") & PAGE_MASK
    size = page_up(linker_symbol("__text_end")) - first
    map_range(root, VirtualAddress(first), PhysicalAddress(first), size, Protection.IDENTITY_EXECUTE)
    if BOOT_INFO.low_page != 0:
        low = u64(BOOT_INFO.low_page)
        map_page(root, VirtualAddress(low), PhysicalAddress(low), Protection.IDENTITY_EXECUTE)


def page_up(address: u64) -> u64:
    return (address + (PAGE_SIZE - 1)) & PAGE_MASK
