"""The allocator of programs and UEFI applications: size classes in slabs, large blocks on their own.

Idea: everything comes in regions aligned to 64 KiB whose first 64 bytes are a header, so the owner of any address is
found by clearing its low 16 bits. A slab holds blocks of one size class: multiples of 16 up to 128, then four classes
for each doubling (at most a quarter wasted). Blocks freed are chained inside the slab; a slab that empties goes to a
pool and may serve another class. A block above ``SMALL_LIMIT`` has a mapping of its own, and some freed ones are kept.

Contract: ``pyc_allocate`` returns an address aligned to 16, or 0 when memory is out; ``pyc_free`` takes it back in
constant time. Single-threaded. The kernel brings its own pair instead of this module.
"""

from __future__ import annotations

from typing import Final

from runtime.lang import (
    Array,
    Ptr,
    count_leading_zeros,
    export,
    external,
    inline,
    new_array,
    no_raise,
    struct,
    u64,
)

REGION_SIZE: Final = 0x1_0000  # bytes; also the alignment of every region
REGION_MASK: Final = REGION_SIZE - 1
HEADER_SIZE: Final = 64
PAGE_SIZE: Final = 4096
ARENA_REGIONS: Final = 4  # slabs asked from the system at once
POOL_LIMIT: Final = 16  # empty slabs kept before pages go back to the system
SMALL_LIMIT: Final = 16368  # four blocks and the header fill a slab
CLASS_COUNT: Final = 36
LARGE_CLASS: Final = 255
LARGE_KEPT_LIMIT: Final = 0x100_0000  # bytes of freed large blocks kept for reuse
LARGE_KEPT_BLOCK: Final = 0x40_0000  # a larger block goes back at once
LARGE_CLASSES: Final = 40
SIZE_LIMIT: Final = 0x4000_0000_0000  # 64 TiB: nothing larger can be mapped


@struct
class Region:
    """Header of a slab or of a large block; its address is the region's."""

    free: u64  # first freed block, chained through the blocks' first words; 0 = none
    fresh: u64  # first block never handed out
    limit: u64  # end of the blocks (slab); mapped bytes (large)
    live: u64  # blocks handed out
    block_size: u64
    class_index: u64
    previous: u64  # list of slabs with room (slab); unused (large)
    next: u64  # likewise; list of kept blocks (large)


_with_room: Array[u64] = new_array(u64, CLASS_COUNT)  # head of the list of slabs with room, for each class
_large_kept: Array[u64] = new_array(u64, LARGE_CLASSES)
_pool: u64 = 0  # empty slabs, chained through ``next``
_pool_count: int = 0
_kept_bytes: u64 = 0
_live_objects: int = 0


@external("pyc_map_pages")
@no_raise
def map_pages(size: u64) -> u64:
    """Zeroed pages from the system: their address, or 0."""
    raise NotImplementedError


@external("pyc_unmap_pages")
@no_raise
def unmap_pages(address: u64, size: u64) -> None:
    raise NotImplementedError


def live_objects() -> int:
    """Blocks allocated and not yet freed: the leak counter of tests."""
    return _live_objects


@inline
def class_of(size: u64) -> u64:
    """Index of the smallest class that holds ``size`` bytes (size > 0)."""
    if size <= 128:
        return (size - 1) >> 4
    exponent = 63 - count_leading_zeros(size - 1)
    return 8 + ((exponent - 7) << 2) + (((size - 1) >> (exponent - 2)) & 3)


def size_of_class(index: u64) -> u64:
    if index < 8:
        return (index + 1) << 4
    octave = (index - 8) >> 2
    size: u64 = (5 + (index & 3)) << (octave + 5)
    return size if size != SMALL_LIMIT + 16 else u64(SMALL_LIMIT)


@export("pyc_allocate")
def allocate(size: u64) -> u64:
    global _live_objects
    if size > SMALL_LIMIT:
        return _allocate_large(size)
    index = class_of(size if size != 0 else u64(1))
    slab = _with_room.pointer[index]
    if slab == 0:
        slab = _add_slab(index)
        if slab == 0:
            return 0
    _live_objects += 1
    return _take_block(Ptr[Region](slab), slab, index)


@inline
def _take_block(region: Ptr[Region], slab: u64, index: u64) -> u64:
    block = region[0].free
    if block != 0:
        region[0].free = Ptr[u64](block)[0]
    else:
        block = region[0].fresh
        region[0].fresh = block + region[0].block_size
    region[0].live += 1
    if region[0].free == 0 and region[0].fresh + region[0].block_size > region[0].limit:
        _unlink(region, slab, index)
    return block


@export("pyc_free")
def free(address: u64) -> None:
    global _live_objects
    _live_objects -= 1
    slab = address & ~REGION_MASK
    region = Ptr[Region](slab)
    index = region[0].class_index
    if index == LARGE_CLASS:
        _free_large(slab)
        return
    was_full = region[0].free == 0 and region[0].fresh + region[0].block_size > region[0].limit
    Ptr[u64](address)[0] = region[0].free
    region[0].free = address
    region[0].live -= 1
    if was_full:
        _link(region, slab, index)
    elif region[0].live == 0:
        _retire_if_spare(region, slab, index)


def _link(region: Ptr[Region], slab: u64, index: u64) -> None:
    head = _with_room.pointer[index]
    region[0].next = head
    region[0].previous = 0
    if head != 0:
        Ptr[Region](head)[0].previous = slab
    _with_room.pointer[index] = slab


def _unlink(region: Ptr[Region], slab: u64, index: u64) -> None:
    following = region[0].next
    preceding = region[0].previous
    if following != 0:
        Ptr[Region](following)[0].previous = preceding
    if preceding != 0:
        Ptr[Region](preceding)[0].next = following
    else:
        _with_room.pointer[index] = following


def _retire_if_spare(region: Ptr[Region], slab: u64, index: u64) -> None:
    """An empty slab goes to the pool, unless it is its class's only one: alternating new and free stays cheap."""
    global _pool, _pool_count
    if region[0].next == 0 and region[0].previous == 0:
        return
    _unlink(region, slab, index)
    if _pool_count >= POOL_LIMIT:
        unmap_pages(slab, REGION_SIZE)
        return
    region[0].next = _pool
    _pool = slab
    _pool_count += 1


def _add_slab(index: u64) -> u64:
    global _pool, _pool_count
    if _pool == 0 and not _fill_pool():
        return 0
    slab = _pool
    region = Ptr[Region](slab)
    _pool = region[0].next
    _pool_count -= 1
    region[0].free = 0
    region[0].fresh = slab + HEADER_SIZE
    region[0].limit = slab + REGION_SIZE
    region[0].live = 0
    region[0].block_size = size_of_class(index)
    region[0].class_index = index
    _link(region, slab, index)
    return slab


def _fill_pool() -> bool:
    global _pool, _pool_count
    arena = _map_aligned(ARENA_REGIONS * REGION_SIZE)
    if arena == 0:
        return False
    slab: u64 = arena + ARENA_REGIONS * REGION_SIZE
    while slab > arena:  # from the top, so that the lowest slab is taken first
        slab -= REGION_SIZE
        Ptr[Region](slab)[0].next = _pool
        _pool = slab
    _pool_count += ARENA_REGIONS
    return True


def _map_aligned(size: u64) -> u64:
    """Pages that start at a multiple of ``REGION_SIZE``: map more, give both ends back."""
    spare: u64 = REGION_SIZE - PAGE_SIZE
    start = map_pages(size + spare)
    if start == 0:
        return 0
    aligned = (start + REGION_MASK) & ~REGION_MASK
    if aligned != start:
        unmap_pages(start, aligned - start)
    rest = start + spare - aligned
    if rest != 0:
        unmap_pages(aligned + size, rest)
    return aligned


def _allocate_large(size: u64) -> u64:
    global _live_objects, _kept_bytes
    if size > SIZE_LIMIT:
        return 0
    index = class_of(size + HEADER_SIZE)
    mapped = (size_of_class(index) + (PAGE_SIZE - 1)) & ~(PAGE_SIZE - 1)
    region_address: u64 = 0
    if mapped <= LARGE_KEPT_BLOCK:
        region_address = _large_kept.pointer[index - CLASS_COUNT]
    if region_address != 0:
        _large_kept.pointer[index - CLASS_COUNT] = Ptr[Region](region_address)[0].next
        _kept_bytes -= mapped
    else:
        region_address = _map_aligned(mapped)
        if region_address == 0:
            return 0
    region = Ptr[Region](region_address)
    region[0].limit = mapped
    region[0].block_size = index
    region[0].class_index = LARGE_CLASS
    _live_objects += 1
    return region_address + HEADER_SIZE


def _free_large(region_address: u64) -> None:
    global _kept_bytes
    region = Ptr[Region](region_address)
    mapped = region[0].limit
    if mapped > LARGE_KEPT_BLOCK or _kept_bytes + mapped > LARGE_KEPT_LIMIT:
        unmap_pages(region_address, mapped)
        return
    slot = region[0].block_size - CLASS_COUNT
    region[0].next = _large_kept.pointer[slot]
    _large_kept.pointer[slot] = region_address
    _kept_bytes += mapped
