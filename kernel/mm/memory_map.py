"""The firmware's memory map turned into sorted, disjoint, page-aligned ranges.

UEFI 2.10 §7.2.3 (EFI_MEMORY_DESCRIPTOR). Real maps are unsorted, overlap, have entries off the page grid and of zero
length; a hostile one may point anywhere. So: wanted entries are aligned inwards, clipped to 52 physical address bits
and merged; then every entry of another type, aligned outwards, is cut out again, because what any descriptor calls
reserved is not ours. Below 1 MiB nothing is taken (start-up code of further CPUs, firmware leftovers).

No allocation: this runs before there is a heap. A `MemoryRanges` holds a fixed number of ranges; when a map needs
more, the smallest range is given up, which loses memory and never safety.
"""

from __future__ import annotations

from typing import Final

from kernel.lib.byte_codec import get_u32, get_u64
from runtime.lang import Array, new_array, u8, u64

PAGE_SIZE: Final = 4096
LOWEST_USABLE: Final = 0x100000
ADDRESS_LIMIT: Final = 1 << 52  # MAXPHYADDR never exceeds 52 bits (Intel SDM volume 3 §4.1.4)
MAX_RANGES: Final = 512

# EFI_MEMORY_TYPE (UEFI 2.10 table 7-6).
LOADER_CODE: Final = 1
LOADER_DATA: Final = 2
BOOT_SERVICES_CODE: Final = 3
BOOT_SERVICES_DATA: Final = 4
RUNTIME_SERVICES_CODE: Final = 5
RUNTIME_SERVICES_DATA: Final = 6
CONVENTIONAL: Final = 7
ACPI_RECLAIM: Final = 9
ACPI_NVS: Final = 10
_MAX_TYPE: Final = 31  # types beyond belong to firmware vendors or loaders: never ours

# Free once boot services are gone. The kernel's image and what the boot code allocated are loader memory: not listed.
USABLE_TYPES: Final = 1 << CONVENTIONAL | 1 << BOOT_SERVICES_CODE | 1 << BOOT_SERVICES_DATA
# Ordinary memory of any owner: what the direct map may cover.
RAM_TYPES: Final = (
    USABLE_TYPES
    | 1 << LOADER_CODE
    | 1 << LOADER_DATA
    | 1 << RUNTIME_SERVICES_CODE
    | 1 << RUNTIME_SERVICES_DATA
    | 1 << ACPI_RECLAIM
    | 1 << ACPI_NVS
)

# Offsets in EFI_MEMORY_DESCRIPTOR.
_TYPE: Final = 0
_PHYSICAL_START: Final = 8
_PAGE_COUNT: Final = 24
_ATTRIBUTE: Final = 32
_MIN_DESCRIPTOR_SIZE: Final = 40
_RUNTIME: Final[u64] = 1 << 63  # EFI_MEMORY_RUNTIME: the firmware keeps using it
_SPECIFIC_PURPOSE: Final = 1 << 18  # EFI_MEMORY_SP: set aside for a device driver


class MemoryRanges:
    """Disjoint, sorted, non-empty ranges of whole pages; neighbours are merged."""

    count: int = 0
    given_up: int = 0  # bytes that were dropped because the table was full
    _starts: Array[u64]
    _ends: Array[u64]  # first address past each range

    def __init__(self) -> None:
        self._starts = new_array(u64, MAX_RANGES + 1)
        self._ends = new_array(u64, MAX_RANGES + 1)

    def start(self, index: int) -> int:
        """Return the first address of a range."""
        return int(self._starts[index])

    def end(self, index: int) -> int:
        """Return the first address past a range."""
        return int(self._ends[index])

    def total(self) -> int:
        """Return the sum of all ranges in bytes."""
        size = 0
        for index in range(self.count):
            size += self.end(index) - self.start(index)
        return size

    def highest(self) -> int:
        """Return the first address past the last range, 0 when there is none."""
        return self.end(self.count - 1) if self.count > 0 else 0

    def contains(self, address: int) -> bool:
        """Tell whether the address lies in a range."""
        for index in range(self.count):
            if self.start(index) <= address < self.end(index):
                return True
        return False

    def find_space(self, size: int) -> int:
        """Return the address of the lowest `size` free bytes, or -1."""
        for index in range(self.count):
            if self.end(index) - self.start(index) >= size:
                return self.start(index)
        return -1

    def add(self, start: int, end: int) -> None:
        """Add a range, aligned inwards and clipped; joined with what it touches."""
        start = (max(0, start) + PAGE_SIZE - 1) // PAGE_SIZE * PAGE_SIZE
        end = min(end, ADDRESS_LIMIT) // PAGE_SIZE * PAGE_SIZE
        if start >= end:
            return
        index = 0
        while index < self.count and self.end(index) < start:
            index += 1
        while index < self.count and self.start(index) <= end:
            start = min(start, self.start(index))
            end = max(end, self.end(index))
            self._delete(index)
        self._insert(index, start, end)

    def remove(self, start: int, end: int) -> None:
        """Cut a range out, aligned outwards."""
        start = max(0, start) // PAGE_SIZE * PAGE_SIZE
        end = (min(end, ADDRESS_LIMIT) + PAGE_SIZE - 1) // PAGE_SIZE * PAGE_SIZE
        index = 0
        while index < self.count and start < end:
            old_start = self.start(index)
            old_end = self.end(index)
            if old_end <= start or old_start >= end:
                index += 1
                continue
            self._delete(index)
            if old_start < start:
                self._insert(index, old_start, start)
                index += 1
            if end < old_end:
                self._insert(index, end, old_end)
                index += 1

    def _insert(self, index: int, start: int, end: int) -> None:
        """Insert at a position; a full table gives up its smallest range."""
        for position in range(self.count, index, -1):
            self._starts[position] = self._starts[position - 1]
            self._ends[position] = self._ends[position - 1]
        self._starts[index] = u64(start)
        self._ends[index] = u64(end)
        self.count += 1
        if self.count > MAX_RANGES:
            self._give_up_smallest()

    def _delete(self, index: int) -> None:
        """Remove the range at a position."""
        self.count -= 1
        for position in range(index, self.count):
            self._starts[position] = self._starts[position + 1]
            self._ends[position] = self._ends[position + 1]

    def _give_up_smallest(self) -> None:
        """Drop the smallest range."""
        smallest = 0
        for index in range(1, self.count):
            if self.end(index) - self.start(index) < self.end(smallest) - self.start(smallest):
                smallest = index
        self.given_up += self.end(smallest) - self.start(smallest)
        self._delete(smallest)


def collect_usable(ranges: MemoryRanges, descriptors: Array[u8], descriptor_size: int) -> None:
    """Add the memory that the kernel may hand out to empty `ranges`."""
    collect(ranges, descriptors, descriptor_size, USABLE_TYPES)
    ranges.remove(0, LOWEST_USABLE)


def collect(ranges: MemoryRanges, descriptors: Array[u8], descriptor_size: int, wanted_types: int) -> None:
    """Add all memory of the wanted types (a mask of 1 << type) and cut out what another descriptor claims.

    A descriptor size below the specification's makes the map unreadable: nothing is added.
    """
    if descriptor_size < _MIN_DESCRIPTOR_SIZE:
        return
    for offset in range(0, len(descriptors) - descriptor_size + 1, descriptor_size):
        descriptor = descriptors[offset : offset + descriptor_size]
        if _is_wanted(descriptor, wanted_types):
            ranges.add(_start(descriptor), _end(descriptor))
    for offset in range(0, len(descriptors) - descriptor_size + 1, descriptor_size):
        descriptor = descriptors[offset : offset + descriptor_size]
        if not _is_wanted(descriptor, wanted_types) and _start(descriptor) < _end(descriptor):
            ranges.remove(_start(descriptor), _end(descriptor))


def _is_wanted(descriptor: Array[u8], wanted_types: int) -> bool:
    """Tell whether a descriptor's type is in the mask and no attribute keeps it from ordinary use."""
    kind = get_u32(descriptor, _TYPE)
    attribute = get_u64(descriptor, _ATTRIBUTE)
    if attribute & _SPECIFIC_PURPOSE != 0:
        return False
    if attribute & _RUNTIME != 0 and wanted_types & 1 << RUNTIME_SERVICES_DATA == 0:
        return False
    return kind <= _MAX_TYPE and wanted_types >> kind & 1 != 0


def _start(descriptor: Array[u8]) -> int:
    """Return the first address, clipped to the physical address space."""
    start = get_u64(descriptor, _PHYSICAL_START)
    return int(start) if start < ADDRESS_LIMIT else ADDRESS_LIMIT


def _end(descriptor: Array[u8]) -> int:
    """Return the first address past the memory, clipped to the physical address space."""
    pages = get_u64(descriptor, _PAGE_COUNT)
    room = (ADDRESS_LIMIT - _start(descriptor)) // PAGE_SIZE
    if pages > room:
        return ADDRESS_LIMIT
    return _start(descriptor) + int(pages) * PAGE_SIZE
