"""The memory of a running program: image, heap (`brk`), mappings, stack. Regions here, pages in its AddressSpace.

    0x400000            image, then the heap, which grows upwards
    … MAPPING_TOP       mappings, from high to low
    gap                 one MiB that stays free
    STACK_BOTTOM …      the stack: 8 MiB at most, a page when it is touched
    USER_ADDRESS_LIMIT

Heap and mappings get their pages at once, so that running out of memory is an answer of the call and not a fault of the
program later. Only the stack is filled on demand. Every failure leaves things as they were.

Errors: ENOMEM (as OSError or MemoryError), EINVAL. Owner: the process.
"""

from __future__ import annotations

from typing import Final

from kernel.arch.x86_64.address_layout import LOWEST_USER_ADDRESS
from kernel.arch.x86_64.page_table import Protection
from kernel.mm.address_space import AddressSpace
from kernel.mm.physical_memory import free_frames
from kernel.proc.memory_regions import MemoryRegion, RegionList, page_down, page_up
from runtime.abi.error_numbers import EINVAL, ENOMEM
from runtime.abi.limits import PAGE_SIZE, STACK_LIMIT, USER_ADDRESS_LIMIT
from runtime.lang import u64

STACK_TOP: Final = USER_ADDRESS_LIMIT
STACK_BOTTOM: Final = STACK_TOP - STACK_LIMIT
# Bytes below the stack that are never mapped: a runaway stack faults there.
STACK_GUARD: Final = 1 << 20
MAPPING_TOP: Final = STACK_BOTTOM - STACK_GUARD
# Frames that a program may not take: the kernel has to be able to end it.
RESERVED_FRAMES: Final = 64


class ProgramMemory:
    """What a program has mapped."""

    space: AddressSpace
    break_start: int = 0
    break_end: int = 0
    _regions: RegionList

    def __init__(self) -> None:
        self.space = AddressSpace()
        self._regions = RegionList()

    # ------------------------------------------------------------------------------------------------- image

    def add_image(self, address: int, page_count: int, writable: bool, executable: bool) -> None:
        """Map zeroed pages of the program file."""
        size = page_count * PAGE_SIZE
        self._require_frames(size)
        self.space.map_zeroed_range(u64(address), u64(size), protection_of(writable, executable))
        self._regions.insert(MemoryRegion(address, address + size, True, writable, executable))

    def start_heap(self, address: int) -> None:
        """The break begins right behind the image."""
        self.break_start = address
        self.break_end = address

    # ------------------------------------------------------------------------------------------------- heap

    def set_break(self, wanted: int) -> int:
        """Move the end of the heap; the answer is the break as it is afterwards, unchanged when it cannot move."""
        if wanted < self.break_start or wanted > MAPPING_TOP:
            return self.break_end
        old_end = page_up(self.break_end)
        new_end = page_up(wanted)
        if new_end > old_end and not self._grow_heap(old_end, new_end):
            return self.break_end
        if new_end < old_end:
            self._drop(new_end, old_end)
        self.break_end = wanted
        return wanted

    def _grow_heap(self, start: int, end: int) -> bool:
        if self._regions.overlaps(start, end) or self._regions.is_full():
            return False
        try:
            self._require_frames(end - start)
            self.space.map_zeroed_range(u64(start), u64(end - start), Protection.USER_WRITE)
        except MemoryError:
            return False
        except OSError:
            return False
        self._regions.insert(MemoryRegion(start, end, True, True, False))
        return True

    # ------------------------------------------------------------------------------------------------- mappings

    def map_anonymous(self, hint: int, length: int, accessible: bool, writable: bool, executable: bool) -> int:
        """Map zeroed pages near the hint, or anywhere; the answer is their address."""
        if length <= 0:
            raise OSError(EINVAL, "a mapping of no length")
        if length > MAPPING_TOP or self._regions.is_full():
            raise OSError(ENOMEM, "no room in the address space")
        size = page_up(length)
        start = self._place(page_down(hint), size)
        if accessible:
            self._require_frames(size)
            self.space.map_zeroed_range(u64(start), u64(size), protection_of(writable, executable))
        self._regions.insert(MemoryRegion(start, start + size, accessible, writable, executable))
        return start

    def unmap(self, start: int, length: int) -> None:
        """Give up whatever is mapped in a range; nothing being there is fine, as on Linux."""
        if start % PAGE_SIZE != 0 or start < 0 or length <= 0 or length > STACK_TOP or start > STACK_TOP - length:
            raise OSError(EINVAL, "not a range of pages in the user half")
        if self._regions.is_full():
            raise OSError(ENOMEM, "too many regions")
        self._drop(start, min(page_up(start + length), STACK_TOP))

    def _place(self, hint: int, size: int) -> int:
        """Where a new mapping goes: at the hint when that is free, else as high as possible."""
        lowest = int(LOWEST_USER_ADDRESS)
        if lowest <= hint <= MAPPING_TOP - size and not self._regions.overlaps(hint, hint + size):
            return hint
        start = self._regions.find_gap(size, max(lowest, page_up(self.break_end)), MAPPING_TOP)
        if start < 0:
            raise OSError(ENOMEM, "no room in the address space")
        return start

    def _drop(self, start: int, end: int) -> None:
        """Unmap only what regions or the stack hold: a huge empty range costs nothing."""
        for index in range(len(self._regions)):
            region = self._regions.region(index)
            first = max(start, region.start)
            last = min(end, region.end)
            if first < last and region.accessible:
                self.space.unmap_range(u64(first), u64(last - first))
        self._regions.remove(start, end)
        first = max(start, STACK_BOTTOM)
        if first < end:
            self.space.unmap_range(u64(first), u64(end - first))

    # ------------------------------------------------------------------------------------------------- stack

    def grow_stack(self, address: int) -> bool:
        """Bring in the page of the stack that was touched; False when the address is not the stack's."""
        if address < STACK_BOTTOM or address >= STACK_TOP or free_frames() <= RESERVED_FRAMES:
            return False
        page = u64(page_down(address))
        if self.space.is_mapped(page):
            return False
        self.space.map_zeroed(page, Protection.USER_WRITE)
        return True

    def destroy(self) -> None:
        """Give everything back."""
        self.space.destroy()

    def _require_frames(self, size: int) -> None:
        """ENOMEM before any work is done when the pages cannot be there."""
        if size // PAGE_SIZE + RESERVED_FRAMES > free_frames():
            raise OSError(ENOMEM, "not enough memory")


def protection_of(writable: bool, executable: bool) -> Protection:
    """User memory is always readable on x86; EINVAL for what no page may be."""
    if writable and executable:
        raise OSError(EINVAL, "writable and executable")
    if writable:
        return Protection.USER_WRITE
    return Protection.USER_EXECUTE if executable else Protection.USER_READ
