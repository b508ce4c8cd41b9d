"""Which stretches of a program's address space are taken, and what may be done there: bookkeeping alone. Pure.

Regions are whole pages, disjoint and sorted by address. Removing a range may cut regions or split one in two. The pages
themselves are `program_memory`'s business.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from runtime.abi.limits import PAGE_SIZE

# Regions of one program; Linux allows 65530 (vm.max_map_count), a search here is linear.
MAXIMUM_REGIONS: Final = 4096


@dataclass(frozen=True, slots=True)
class MemoryRegion:
    """[start, end) with one protection; `accessible` is False for pages that were reserved without any right."""

    start: int
    end: int
    accessible: bool
    writable: bool
    executable: bool


class RegionList:
    """The regions of one program."""

    _regions: list[MemoryRegion]

    def __init__(self) -> None:
        self._regions = []

    def __len__(self) -> int:
        return len(self._regions)

    def region(self, index: int) -> MemoryRegion:
        """By order of address."""
        return self._regions[index]

    def is_full(self) -> bool:
        """Whether another region, and the split of one, might not fit."""
        return len(self._regions) + 2 > MAXIMUM_REGIONS

    def find(self, address: int) -> MemoryRegion | None:
        """The region that holds an address."""
        for region in self._regions:
            if region.start <= address < region.end:
                return region
        return None

    def overlaps(self, start: int, end: int) -> bool:
        """Whether any page of the range is taken."""
        for region in self._regions:
            if region.start < end and start < region.end:
                return True
        return False

    def insert(self, added: MemoryRegion) -> None:
        """Add a region that overlaps none."""
        assert added.start < added.end and not self.overlaps(added.start, added.end), "regions overlap"
        position = len(self._regions)
        while position > 0 and self._regions[position - 1].start > added.start:
            position -= 1
        self._regions.insert(position, added)

    def remove(self, start: int, end: int) -> None:
        """Forget every page of a range; what lies outside of it stays."""
        kept: list[MemoryRegion] = []
        for region in self._regions:
            if region.end <= start or region.start >= end:
                kept.append(region)
                continue
            if region.start < start:
                kept.append(part(region, region.start, start))
            if region.end > end:
                kept.append(part(region, end, region.end))
        self._regions = kept

    def find_gap(self, size: int, lowest: int, highest: int) -> int:
        """The highest free place of that size within [lowest, highest), or -1."""
        end = highest
        for region in reversed(self._regions):
            if region.start >= end:
                continue
            if region.end < end and end - max(region.end, lowest) >= size:
                break
            end = min(end, region.start)
        return end - size if end - size >= lowest and not self.overlaps(end - size, end) else -1


def part(region: MemoryRegion, start: int, end: int) -> MemoryRegion:
    """A piece of a region with the same rights."""
    return MemoryRegion(start, end, region.accessible, region.writable, region.executable)


def page_down(address: int) -> int:
    return address & ~(PAGE_SIZE - 1)


def page_up(address: int) -> int:
    return (address + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1)
