"""Four-level page tables: the only code that writes an entry. Intel SDM volume 3, 4.5; AMD64 APM volume 2, 5.3.

`set_leaf` is the one function that maps, and it enforces what holds everywhere:
- no page is writable and executable (a Protection cannot even say so, and the final bits are tested again);
- the first 64 KiB and the last page of the user half are never mapped;
- user pages lie in the lower half, kernel pages in the upper;
- nothing is mapped over something else.
The L3 tables of the upper half exist from the boot on, so a kernel mapping appears in every address space at once.

Tables are reached through the physical window. Functions that need a table may raise MemoryError, wrong requests
raise OSError(EINVAL) whose text names the broken rule. Locks: entries of the user half belong to their address space,
those of the kernel half to the boot CPU until `settle` and then to the callers in mm (device memory, kernel stacks),
each of which has its own stretch.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Final

from kernel.arch.x86_64.address_layout import (
    FIRST_KERNEL_L4_ENTRY,
    HUGE_PAGE,
    KERNEL_HALF,
    LARGE_PAGE,
    LOWEST_USER_ADDRESS,
    PAGE_SIZE,
    TABLE_ENTRIES,
    USER_TOP,
)
from kernel.arch.x86_64.cpu import FEATURES
from kernel.arch.x86_64.physical_window import window_words
from kernel.arch.x86_64.table_frames import give_table_back, take_table, take_temporary_table
from runtime.abi.error_numbers import EINVAL
from runtime.lang import PhysicalAddress, Ptr, VirtualAddress, invalidate_page, u64, write_cr3

PRESENT: Final[u64] = 1 << 0
WRITABLE: Final[u64] = 1 << 1
USER: Final[u64] = 1 << 2
# With PCD and PWT the cache type is picked from PAGE_ATTRIBUTE_TABLE: 0 write-back, 1 write-combining, 3 uncached.
WRITE_COMBINING: Final[u64] = 1 << 3
UNCACHED: Final[u64] = 3 << 3
LARGE: Final[u64] = 1 << 7
GLOBAL: Final[u64] = 1 << 8
NO_EXECUTE: Final[u64] = 1 << 63
FRAME_MASK: Final[u64] = 0x000F_FFFF_FFFF_F000


class Protection(Enum):
    """What a page may be. There is no writable and executable one."""

    KERNEL_READ = 0
    KERNEL_WRITE = 1
    KERNEL_EXECUTE = 2
    DEVICE = 3
    FRAMEBUFFER = 4
    USER_READ = 5
    USER_WRITE = 6
    USER_EXECUTE = 7
    # Kernel code at its physical address, for the few instructions around the switch to the higher half.
    IDENTITY_EXECUTE = 8


def protection_bits(protection: Protection) -> u64:
    """The entry bits of a protection, without the frame."""
    match protection:
        case Protection.KERNEL_READ:
            return PRESENT | GLOBAL | NO_EXECUTE
        case Protection.KERNEL_WRITE:
            return PRESENT | GLOBAL | NO_EXECUTE | WRITABLE
        case Protection.KERNEL_EXECUTE:
            return PRESENT | GLOBAL
        case Protection.DEVICE:
            return PRESENT | GLOBAL | NO_EXECUTE | WRITABLE | UNCACHED
        case Protection.FRAMEBUFFER:
            return PRESENT | GLOBAL | NO_EXECUTE | WRITABLE | WRITE_COMBINING
        case Protection.USER_READ:
            return PRESENT | USER | NO_EXECUTE
        case Protection.USER_WRITE:
            return PRESENT | USER | NO_EXECUTE | WRITABLE
        case Protection.USER_EXECUTE:
            return PRESENT | USER
        case Protection.IDENTITY_EXECUTE:
            return PRESENT


def check_request(address: u64, size: u64, bits: u64, identity: bool) -> None:
    """The rules about where; `set_leaf` holds the rule about what."""
    if address % PAGE_SIZE != 0:
        raise OSError(EINVAL, "the address is not aligned to a page")
    if address >= KERNEL_HALF:
        if bits & USER != 0 or identity:
            raise OSError(EINVAL, "a user page in the kernel half")
        return
    if address < LOWEST_USER_ADDRESS:
        raise OSError(EINVAL, "the null page is never mapped")
    if address >= USER_TOP or size > USER_TOP - address:
        raise OSError(EINVAL, "beyond the end of the user half")
    if bits & USER == 0 and not identity:
        raise OSError(EINVAL, "a kernel page in the user half")


def table_index(address: u64, level: int) -> int:
    """The index into the table of a level: 4 for the root, 1 for the last."""
    return int((address >> (12 + 9 * (level - 1))) & 0x1FF)


def entry_of(root: u64, address: u64, level: int, temporary: bool) -> Ptr[u64]:
    """The entry for `address` in the table of `level`, making the tables above it."""
    table = root
    for upper in range(4, level, -1):
        entry = window_words(table) + table_index(address, upper)
        if entry[0] & PRESENT == 0:
            frame = take_temporary_table() if temporary else take_table()
            # The rights of a page are those of its leaf: upper levels allow everything their half may have.
            entry[0] = frame | PRESENT | WRITABLE | (0 if address >= KERNEL_HALF else USER)
        if entry[0] & LARGE != 0:
            raise OSError(EINVAL, "inside a larger page")
        table = entry[0] & FRAME_MASK
    return window_words(table) + table_index(address, level)


def set_leaf(entry: Ptr[u64], physical: u64, bits: u64) -> None:
    """Write one leaf entry. The one place where a mapping comes into being."""
    if bits & WRITABLE != 0 and bits & NO_EXECUTE == 0:
        raise OSError(EINVAL, "writable and executable")
    if physical & ~FRAME_MASK != 0:
        raise OSError(EINVAL, "not a frame address")
    if entry[0] != 0:
        raise OSError(EINVAL, "already mapped")
    entry[0] = physical | bits


def map_page(root: PhysicalAddress, address: VirtualAddress, frame: PhysicalAddress, protection: Protection) -> None:
    """Map one page. Nothing may be mapped there; no TLB entry can exist for what was not present."""
    bits = protection_bits(protection)
    identity = protection is Protection.IDENTITY_EXECUTE
    check_request(address.value, PAGE_SIZE, bits, identity)
    set_leaf(entry_of(root.value, address.value, 1, identity), frame.value, bits)


def map_range(
    root: PhysicalAddress, address: VirtualAddress, frame: PhysicalAddress, size: u64, protection: Protection
) -> None:
    """Map a physically contiguous stretch with the largest pages that fit. `size` is a multiple of a page."""
    bits = protection_bits(protection)
    identity = protection is Protection.IDENTITY_EXECUTE
    if size % PAGE_SIZE != 0:
        raise OSError(EINVAL, "the size is not a multiple of a page")
    if size == 0:
        return
    check_request(address.value, size, bits, identity)
    virtual = address.value
    physical = frame.value
    left = size
    while left != 0:
        level = largest_level(virtual | physical, left)
        step = level_size(level)
        entry = entry_of(root.value, virtual, level, identity)
        set_leaf(entry, physical, bits if level == 1 else bits | LARGE)
        left -= step
        # The last page of the address space ends at 2^64, which is no number of this width.
        if left != 0:
            virtual += step
            physical += step


def prepare_tables(root: PhysicalAddress, address: VirtualAddress, size: u64) -> None:
    """Make the tables for a stretch of kernel pages now, so that mapping there takes no frame and cannot fail later."""
    check_request(address.value, size, 0, False)
    done: u64 = 0
    while done < size:
        entry_of(root.value, address.value + done, 1, False)
        done += LARGE_PAGE - (address.value + done) % LARGE_PAGE


def largest_level(alignment: u64, left: u64) -> int:
    """3, 2 or 1: the level of the largest page that the addresses (or-ed) and the size allow."""
    if FEATURES.huge_pages and alignment % HUGE_PAGE == 0 and left >= HUGE_PAGE:
        return 3
    if alignment % LARGE_PAGE == 0 and left >= LARGE_PAGE:
        return 2
    return 1


def level_size(level: int) -> u64:
    if level == 3:
        return HUGE_PAGE
    if level == 2:
        return LARGE_PAGE
    return PAGE_SIZE


def leaf_pointer(root: u64, address: u64) -> Ptr[u64]:
    """The 4 KiB leaf entry of an address. OSError(EINVAL) where there is none (not mapped, or a larger page)."""
    table = root
    for level in range(4, 1, -1):
        entry = window_words(table)[table_index(address, level)]
        if entry & PRESENT == 0:
            raise OSError(EINVAL, "not mapped")
        if entry & LARGE != 0:
            raise OSError(EINVAL, "inside a larger page")
        table = entry & FRAME_MASK
    leaf = window_words(table) + table_index(address, 1)
    if leaf[0] & PRESENT == 0:
        raise OSError(EINVAL, "not mapped")
    return leaf


def unmap_page(root: PhysicalAddress, address: VirtualAddress) -> PhysicalAddress:
    """Take one page away and answer with its frame, which is the caller's again."""
    leaf = leaf_pointer(root.value, address.value)
    frame = leaf[0] & FRAME_MASK
    leaf[0] = 0
    invalidate_page(address.value)
    return PhysicalAddress(frame)


def protect_page(root: PhysicalAddress, address: VirtualAddress, protection: Protection) -> None:
    """Change what one mapped page may be; the frame stays."""
    bits = protection_bits(protection)
    check_request(address.value, PAGE_SIZE, bits, protection is Protection.IDENTITY_EXECUTE)
    leaf = leaf_pointer(root.value, address.value)
    frame = leaf[0] & FRAME_MASK
    leaf[0] = 0
    set_leaf(leaf, frame, bits)
    invalidate_page(address.value)


def look_up(root: PhysicalAddress, address: VirtualAddress) -> u64:
    """The leaf entry that translates an address, of whatever size; 0 when nothing is mapped. Raises nothing."""
    table = root.value
    for level in range(4, 0, -1):
        entry = window_words(table)[table_index(address.value, level)]
        if entry & PRESENT == 0:
            return 0
        if level == 1 or entry & LARGE != 0:
            return entry
        table = entry & FRAME_MASK
    return 0


def translate(root: PhysicalAddress, address: VirtualAddress) -> PhysicalAddress:
    """The physical address behind a virtual one. OSError(EINVAL) when nothing is mapped."""
    table = root.value
    for level in range(4, 0, -1):
        entry = window_words(table)[table_index(address.value, level)]
        if entry & PRESENT == 0:
            raise OSError(EINVAL, "not mapped")
        if level == 1 or entry & LARGE != 0:
            offset_mask = level_size(level) - 1
            return PhysicalAddress((entry & FRAME_MASK & ~offset_mask) | (address.value & offset_mask))
        table = entry & FRAME_MASK
    raise OSError(EINVAL, "not mapped")


def new_root(kernel_root: PhysicalAddress) -> PhysicalAddress:
    """A root table for an address space: an empty user half, the kernel half shared."""
    root = take_table()
    source = window_words(kernel_root.value)
    target = window_words(root)
    for index in range(FIRST_KERNEL_L4_ENTRY, TABLE_ENTRIES):
        target[index] = source[index]
    return PhysicalAddress(root)


def release_user_half(root: PhysicalAddress, release_page: Callable[[PhysicalAddress], None]) -> None:
    """Give every page of the user half to `release_page` and every table back. The root stays, empty below."""
    table = window_words(root.value)
    for index in range(FIRST_KERNEL_L4_ENTRY):
        if table[index] & PRESENT != 0:
            release_level_3(table[index] & FRAME_MASK, release_page)
            table[index] = 0


def release_level_3(physical: u64, release_page: Callable[[PhysicalAddress], None]) -> None:
    table = window_words(physical)
    for index in range(TABLE_ENTRIES):
        if table[index] & PRESENT != 0:
            release_level_2(table[index] & FRAME_MASK, release_page)
    give_table_back(physical)


def release_level_2(physical: u64, release_page: Callable[[PhysicalAddress], None]) -> None:
    table = window_words(physical)
    for index in range(TABLE_ENTRIES):
        if table[index] & PRESENT != 0:
            release_level_1(table[index] & FRAME_MASK, release_page)
    give_table_back(physical)


def release_level_1(physical: u64, release_page: Callable[[PhysicalAddress], None]) -> None:
    table = window_words(physical)
    for index in range(TABLE_ENTRIES):
        if table[index] & PRESENT != 0:
            release_page(PhysicalAddress(table[index] & FRAME_MASK))
    give_table_back(physical)


def release_root(root: PhysicalAddress) -> None:
    """Give the root table back. No CPU may have it in CR3."""
    give_table_back(root.value)


def activate(root: PhysicalAddress) -> None:
    """Make a root table the current one. Kernel pages are global and stay in the TLB."""
    write_cr3(root.value)
