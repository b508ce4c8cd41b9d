"""The kernel heap: what the language runtime calls for every object. Rank 5.

Small objects come from slabs of one frame each:

    slab   | header 64 | free bits 32 | object | object | … |      header: magic, class, free count, list links

A set bit is a free slot, so allocating is one search of four words, and freeing what is already free is seen at once.
Each size class keeps a list of slabs with free slots. A class has one slab from the start and never fewer; any other
that becomes empty goes back to the frames at once. So the frames in use follow from the objects that live, and a
command that frees what it took leaves the count of frames as it was, the first time too. Larger objects get consecutive
frames with a header of the same 64 bytes at their start. So no object lies at a page boundary, and the header of any
object is found by clearing the low 12 bits.

Before `initialise` a small arena in .bss serves as a stack, so text can be formatted from the first line on. Contract
(the runtime's): `pyc_allocate(size)` answers an address aligned to 16 or 0, `pyc_free(address)` takes it back.
Freeing a foreign or a free address panics. Owner: HEAP_LOCK (rank HEAP, above it only the frames).
"""

from __future__ import annotations

from typing import Final

from kernel.arch.x86_64.address_layout import DIRECT_MAP, PAGE_SIZE
from kernel.debug.panic import panic
from kernel.mm.frames import FrameOwner
from kernel.mm.physical_memory import allocate_frame, allocate_frames, release_frames
from kernel.sync.spinlock import LockRank, LockWord, SpinLock
from runtime.lang import (
    PhysicalAddress,
    Ptr,
    count_trailing_zeros,
    export,
    new_array,
    struct,
    u8,
    u64,
    zeroed,
)

HEADER_SIZE: Final = 64
BITMAP_WORDS: Final = 4
FIRST_OBJECT: Final = HEADER_SIZE + BITMAP_WORDS * 8
UNIT: Final = 16
LARGEST_SMALL: Final = 2000
UNITS: Final = LARGEST_SMALL // UNIT
# Larger requests cannot come from a sane caller; the limit keeps the arithmetic far from overflow.
LARGEST_REQUEST: Final = 1 << 40

SLAB_MAGIC: Final[u64] = 0x534C_4142_5059_4331
LARGE_MAGIC: Final[u64] = 0x4C41_5247_5059_4332

# Multiples of 16 that divide the 4000 bytes of a slab with little left over.
CLASS_SIZES: Final[tuple[int, ...]] = (
    16, 32, 48, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 432, 496, 560, 656, 800, 992, 1328, 2000,
)  # fmt: skip
CLASS_COUNT: Final = 22

EARLY_ARENA_BYTES: Final = 32768
EARLY_ARENA = new_array(u8, EARLY_ARENA_BYTES, align=64)


@struct
class BlockHeader:
    """At the start of every frame (slab) or run of frames (large object)."""

    magic: u64
    # Size class of a slab; number of frames of a large object.
    kind: u64
    free: u64
    capacity: u64
    previous: u64
    next: u64
    reserved_1: u64
    reserved_2: u64


class KernelHeap:
    """Statistics and the state of the early arena. Bytes are those of size classes and runs, not of requests."""

    ready: bool = False
    early_used: u64 = 0
    live_objects: int = 0
    live_bytes: int = 0
    slab_frames: int = 0
    large_frames: int = 0


HEAP = KernelHeap()
HEAP_LOCK = SpinLock(LockRank.HEAP, zeroed(LockWord))
# First slab with a free slot, per class; 0 = none.
WITH_ROOM = new_array(u64, CLASS_COUNT)
# Slabs of each class, full ones included; at least one each.
SLAB_COUNTS = new_array(u64, CLASS_COUNT)
# Size class by size in units of 16 bytes, rounded up.
CLASS_OF_UNITS = new_array(u8, UNITS + 1)


def initialise() -> None:
    """Switch from the early arena to frames, and give each class its first slab; the frame allocator must run."""
    class_index = 0
    for units in range(UNITS + 1):
        if units * UNIT > CLASS_SIZES[class_index]:
            class_index += 1
        CLASS_OF_UNITS[units] = u8(class_index)
    HEAP_LOCK.acquire()
    for index in range(CLASS_COUNT):
        if add_slab(index) == 0:
            panic("heap: there is no memory for the first objects")
    HEAP_LOCK.release()
    HEAP.ready = True


@export("pyc_allocate")
def allocate(size: u64) -> u64:
    """Memory for `size` bytes, aligned to 16, or 0 when there is none."""
    if not HEAP.ready:
        return allocate_early(size)
    if size > LARGEST_REQUEST:
        return 0
    HEAP_LOCK.acquire()
    address = allocate_large(size) if size > LARGEST_SMALL else allocate_small(size)
    HEAP_LOCK.release()
    return address


@export("pyc_free")
def free(address: u64) -> None:
    """Take back what `allocate` handed out."""
    early = EARLY_ARENA.pointer.address
    if address >= early and address < early + EARLY_ARENA_BYTES:
        free_early(address)
        return
    if address < DIRECT_MAP:
        panic("heap: an address outside of the heap was freed")
    HEAP_LOCK.acquire()
    block = address & ~(PAGE_SIZE - 1)
    magic = Ptr[BlockHeader](block)[0].magic
    if magic == SLAB_MAGIC:
        free_small(address, block)
    elif magic == LARGE_MAGIC and address == block + HEADER_SIZE:
        free_large(block)
    else:
        panic("heap: an address was freed that is no object's")
    HEAP_LOCK.release()


def allocate_early(size: u64) -> u64:
    """From the arena, as from a stack: a word before the object says where it ends."""
    start = HEAP.early_used + UNIT
    if size > EARLY_ARENA_BYTES:
        return 0
    end = start + ((size + (UNIT - 1)) & ~(UNIT - 1))
    if end > EARLY_ARENA_BYTES:
        return 0
    HEAP.early_used = end
    address = EARLY_ARENA.pointer.address + start
    Ptr[u64](address - UNIT)[0] = end
    return address


def free_early(address: u64) -> None:
    """The latest object gives its memory back, any other keeps it: temporaries come and go in this order."""
    if Ptr[u64](address - UNIT)[0] == HEAP.early_used:
        HEAP.early_used = address - EARLY_ARENA.pointer.address - UNIT


# ------------------------------------------------------------------------------------------------------ small objects


def allocate_small(size: u64) -> u64:
    class_index = int(CLASS_OF_UNITS[(size + (UNIT - 1)) // UNIT])
    slab = WITH_ROOM[class_index]
    if slab == 0:
        slab = add_slab(class_index)
        if slab == 0:
            return 0
    header = Ptr[BlockHeader](slab)
    slot = take_slot_of(slab)
    header[0].free -= 1
    if header[0].free == 0:
        unlink_slab(slab, class_index)
    HEAP.live_objects += 1
    HEAP.live_bytes += CLASS_SIZES[class_index]
    return slab + FIRST_OBJECT + slot * CLASS_SIZES[class_index]


def take_slot_of(slab: u64) -> u64:
    """Clear the lowest set bit of a slab that has one; the answer is its number."""
    bits = Ptr[u64](slab + HEADER_SIZE)
    for word in range(BITMAP_WORDS):
        value = bits[word]
        if value != 0:
            bits[word] = value & (value - 1)
            return u64(count_trailing_zeros(value)) + word * 64
    panic("heap: a slab in the list of those with room is full")


def free_small(address: u64, slab: u64) -> None:
    header = Ptr[BlockHeader](slab)
    class_index = int(header[0].kind)
    size = u64(CLASS_SIZES[class_index])
    offset = address - slab
    if offset < FIRST_OBJECT or (offset - FIRST_OBJECT) % size != 0:
        panic("heap: an address inside an object was freed")
    slot = (offset - FIRST_OBJECT) // size
    word = Ptr[u64](slab + HEADER_SIZE) + int(slot // 64)
    bit = u64(1) << (slot % 64)
    if word[0] & bit != 0:
        panic("heap: an object was freed twice")
    word[0] = word[0] | bit
    HEAP.live_objects -= 1
    HEAP.live_bytes -= CLASS_SIZES[class_index]
    header[0].free += 1
    if header[0].free == 1:
        link_slab(slab, class_index)
    elif header[0].free == header[0].capacity:
        retire_slab(slab, class_index)


def add_slab(class_index: int) -> u64:
    """A new slab with all slots free, in its class's list; 0 when there is no frame."""
    slab = frames_for_heap(1)
    if slab == 0:
        return 0
    capacity = (PAGE_SIZE - FIRST_OBJECT) // CLASS_SIZES[class_index]
    header = Ptr[BlockHeader](slab)
    header[0].magic = SLAB_MAGIC
    header[0].kind = u64(class_index)
    header[0].free = u64(capacity)
    header[0].capacity = u64(capacity)
    bits = Ptr[u64](slab + HEADER_SIZE)
    for word in range(BITMAP_WORDS):
        bits[word] = free_bits(capacity - word * 64)
    HEAP.slab_frames += 1
    SLAB_COUNTS[class_index] += 1
    link_slab(slab, class_index)
    return slab


def free_bits(slots: int) -> u64:
    """A word whose lowest `slots` bits are set; none for a negative number, all from 64 on."""
    if slots <= 0:
        return 0
    if slots >= 64:
        return 0xFFFF_FFFF_FFFF_FFFF
    return (u64(1) << slots) - 1


def retire_slab(slab: u64, class_index: int) -> None:
    """Give an empty slab's frame back, unless it is the last one of its class."""
    if SLAB_COUNTS[class_index] == 1:
        return
    unlink_slab(slab, class_index)
    Ptr[BlockHeader](slab)[0].magic = 0
    HEAP.slab_frames -= 1
    SLAB_COUNTS[class_index] -= 1
    release_frames(PhysicalAddress(slab - DIRECT_MAP), 1)


def link_slab(slab: u64, class_index: int) -> None:
    header = Ptr[BlockHeader](slab)
    following = WITH_ROOM[class_index]
    header[0].previous = 0
    header[0].next = following
    if following != 0:
        Ptr[BlockHeader](following)[0].previous = slab
    WITH_ROOM[class_index] = slab


def unlink_slab(slab: u64, class_index: int) -> None:
    header = Ptr[BlockHeader](slab)
    preceding = header[0].previous
    following = header[0].next
    if following != 0:
        Ptr[BlockHeader](following)[0].previous = preceding
    if preceding != 0:
        Ptr[BlockHeader](preceding)[0].next = following
    else:
        WITH_ROOM[class_index] = following
    header[0].previous = 0
    header[0].next = 0


# ------------------------------------------------------------------------------------------------------ large objects


def allocate_large(size: u64) -> u64:
    count = int((size + (HEADER_SIZE + PAGE_SIZE - 1)) // PAGE_SIZE)
    block = frames_for_heap(count)
    if block == 0:
        return 0
    header = Ptr[BlockHeader](block)
    header[0].magic = LARGE_MAGIC
    header[0].kind = u64(count)
    HEAP.large_frames += count
    HEAP.live_objects += 1
    HEAP.live_bytes += count * PAGE_SIZE
    return block + HEADER_SIZE


def free_large(block: u64) -> None:
    header = Ptr[BlockHeader](block)
    count = int(header[0].kind)
    header[0].magic = 0
    HEAP.large_frames -= count
    HEAP.live_objects -= 1
    HEAP.live_bytes -= count * PAGE_SIZE
    release_frames(PhysicalAddress(block - DIRECT_MAP), count)


def frames_for_heap(count: int) -> u64:
    """The direct-map address of consecutive frames, or 0."""
    try:
        if count == 1:
            return DIRECT_MAP + allocate_frame(FrameOwner.KERNEL_HEAP).value
        return DIRECT_MAP + allocate_frames(count, FrameOwner.KERNEL_HEAP).value
    except MemoryError:
        return 0
