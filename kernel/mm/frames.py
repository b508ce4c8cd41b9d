"""Physical frames: who owns each one, how often it is referred to, and which are free.

Per frame there is one u32 record (owner tag and reference count) and one bit in a tree of bitmaps: a bit of level 0
says "this frame is free", a bit of level n+1 says "this word of level n is not zero". Taking the lowest free frame is
one descent of at most six words, giving one back one ascent; a contiguous run for DMA is a scan of level 0. Both
tables lie in memory taken from the map itself: 4 bytes and an eighth per frame, about 64 MiB on a 64 GiB machine.

    level 2   [ 1 ]
    level 1   [ 1 0 1 … ]              one bit per word below
    level 0   [ 0110… ][ 0000… ][ 1… ] one bit per frame

Invariants: a frame's bit is set exactly when its owner is FREE, and then its count is zero; owned frames have a count
of at least one; RESERVED frames (holes, firmware, the tables themselves) are never handed out and never released.
Giving back a frame that is not owned is a defect (RuntimeError, a panic), for the state of memory is then unknown.
Running out is MemoryError. Nothing here allocates; the caller serialises access.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Final

from kernel.mm.memory_map import PAGE_SIZE, MemoryRanges
from runtime.lang import Array, PhysicalAddress, Ptr, array_at, count_trailing_zeros, new_array, u8, u32, u64


class FrameOwner(IntEnum):
    """What a frame is used for; the tag in its record."""

    FREE = 0
    RESERVED = 1
    KERNEL_IMAGE = 2
    KERNEL_HEAP = 3
    PAGE_TABLE = 4
    USER = 5
    DMA = 6
    STACK = 7
    METADATA = 8


OWNER_COUNT: Final = 9
_OWNER_SHIFT: Final = 24  # record: owner in 31:24, references in 23:0
_COUNT_MASK: Final = 0xFFFFFF
_BITS: Final = 64  # frames per bitmap word
_ALL_FREE: Final[u64] = 0xFFFFFFFFFFFFFFFF
_MAX_LEVELS: Final = 6  # 64**6 frames, beyond the 2**40 that 52 address bits can name
_NO_LIMIT: Final = 1 << 52


def metadata_size(ranges: MemoryRanges) -> int:
    """Return the bytes, in whole pages, that the records and bitmaps of this memory take."""
    frames = ranges.highest() // PAGE_SIZE
    size = _bitmap_words(frames) * 8 + frames * 4
    return (size + PAGE_SIZE - 1) // PAGE_SIZE * PAGE_SIZE


def _bitmap_words(frames: int) -> int:
    """Return the words of all levels together."""
    words = 0
    level = frames
    for _ in range(_MAX_LEVELS):
        level = (level + _BITS - 1) // _BITS
        words += level
        if level <= 1:
            break
    return words


class FrameAllocator:
    """Owner of all physical memory; `initialise` comes before everything else."""

    total: int = 0  # frames that were usable at start, the tables' own included
    frames: int = 0  # frames that have a record: those below the highest usable address
    allocations_until_failure: int = -1  # fault injection: that many more succeed, then all fail; -1 is off
    _records: Array[u32]
    _bits: Array[u64]
    _level_start: Array[u32]  # where each level begins in `_bits`
    _levels: int = 0
    _owned: Array[u64]  # frames per owner

    def __init__(self) -> None:
        self._records = new_array(u32, 0)
        self._bits = new_array(u64, 0)
        self._level_start = new_array(u32, _MAX_LEVELS)
        self._owned = new_array(u64, OWNER_COUNT)

    # ------------------------------------------------------------------------------------------------- starting

    def initialise(self, ranges: MemoryRanges, tables: PhysicalAddress, memory: Ptr[u8]) -> None:
        """Take over the ranges; the tables go to `tables`, visible at `memory`, `metadata_size` bytes inside a range.

        The memory of the tables need not be zeroed.
        """
        self.frames = ranges.highest() // PAGE_SIZE
        words = _bitmap_words(self.frames)
        self._bits = array_at(memory.cast(u64), words)
        self._records = array_at((memory + words * 8).cast(u32), self.frames)
        self._bits.fill(u64(0))
        self._records.fill(u32(FrameOwner.RESERVED.value << _OWNER_SHIFT))
        self._owned.fill(u64(0))
        self._owned[FrameOwner.RESERVED.value] = u64(self.frames)
        self._lay_out_levels()
        self.total = 0
        for index in range(ranges.count):
            self._open_range(ranges.start(index) // PAGE_SIZE, ranges.end(index) // PAGE_SIZE)
        first = int(tables.value) // PAGE_SIZE
        self._take_frames(first, metadata_size(ranges) // PAGE_SIZE, FrameOwner.METADATA)

    def _lay_out_levels(self) -> None:
        """Compute where the levels begin."""
        start = 0
        size = self.frames
        self._levels = 0
        for level in range(_MAX_LEVELS):
            size = (size + _BITS - 1) // _BITS
            self._level_start[level] = u32(start)
            self._levels += 1
            start += size
            if size <= 1:
                break

    def _open_range(self, first: int, end: int) -> None:
        """Make the frames of a usable range free."""
        self._records[first:end].fill(u32(0))
        frame = first
        while frame < end:
            if frame % _BITS == 0 and end - frame >= _BITS:
                self._bits[frame // _BITS] = _ALL_FREE
                self._set_upwards(1, frame // _BITS)
                frame += _BITS
            else:
                self._set_upwards(0, frame)
                frame += 1
        self.total += end - first
        self._move_count(FrameOwner.RESERVED, FrameOwner.FREE, end - first)

    # ------------------------------------------------------------------------------------------------- allocating

    def allocate(self, owner: FrameOwner) -> PhysicalAddress:
        """Return a frame with one reference; its content is whatever it was."""
        self._fail_on_request()
        frame = self._lowest_free()
        if frame < 0:
            raise MemoryError
        self._take_frames(frame, 1, owner)
        return _address(frame)

    def allocate_run(
        self, count: int, owner: FrameOwner, alignment: int = PAGE_SIZE, limit: int = _NO_LIMIT
    ) -> PhysicalAddress:
        """Return the first of `count` consecutive frames below the address `limit`, aligned to `alignment` bytes."""
        if count < 1 or alignment < PAGE_SIZE or alignment & (alignment - 1) != 0:
            raise RuntimeError("allocate_run: a count or an alignment that makes no sense")
        self._fail_on_request()
        frame = self._lowest_run(count, alignment // PAGE_SIZE, min(self.frames, limit // PAGE_SIZE))
        if frame < 0:
            raise MemoryError
        self._take_frames(frame, count, owner)
        return _address(frame)

    def retain(self, address: PhysicalAddress) -> None:
        """Add a reference to an owned frame."""
        frame = self._owned_frame(address)
        record = int(self._records[frame])
        if record & _COUNT_MASK == _COUNT_MASK:
            raise MemoryError
        self._records[frame] = u32(record + 1)

    def release(self, address: PhysicalAddress) -> bool:
        """Drop a reference; True when it was the last one and the frame is free again."""
        frame = self._owned_frame(address)
        record = int(self._records[frame])
        if record & _COUNT_MASK > 1:
            self._records[frame] = u32(record - 1)
            return False
        self._records[frame] = u32(0)
        self._set_upwards(0, frame)
        self._move_count(FrameOwner(record >> _OWNER_SHIFT), FrameOwner.FREE, 1)
        return True

    def release_run(self, address: PhysicalAddress, count: int) -> None:
        """Drop a reference to each of `count` consecutive frames."""
        for index in range(count):
            self.release(address + index * PAGE_SIZE)

    def claim(self, address: PhysicalAddress, count: int, owner: FrameOwner) -> None:
        """Give free frames at a fixed place to an owner: memory that was in use before this allocator started."""
        first = self._frame_of(address)
        for frame in range(first, first + count):
            if self.owner_of(_address(frame)) is not FrameOwner.FREE:
                raise RuntimeError("claim: a frame that is not free")
        self._take_frames(first, count, owner)

    # ------------------------------------------------------------------------------------------------- asking

    def owner_of(self, address: PhysicalAddress) -> FrameOwner:
        """Return the frame's owner."""
        return FrameOwner(int(self._records[self._frame_of(address)]) >> _OWNER_SHIFT)

    def references_of(self, address: PhysicalAddress) -> int:
        """Return the number of references, 0 for a free or reserved frame."""
        return int(self._records[self._frame_of(address)]) & _COUNT_MASK

    def owned_by(self, owner: FrameOwner) -> int:
        """Return the number of frames of an owner."""
        return int(self._owned[owner.value])

    @property
    def free(self) -> int:
        """Frames that can be allocated."""
        return self.owned_by(FrameOwner.FREE)

    @property
    def allocated(self) -> int:
        """Usable frames that are in use."""
        return self.total - self.free

    def next_owned(self, owner: FrameOwner, first: int) -> int:
        """Return the number of the first frame at or after `first` with this owner, or -1: for leak reports."""
        for frame in range(max(0, first), self.frames):
            if int(self._records[frame]) >> _OWNER_SHIFT == owner.value:
                return frame
        return -1

    # ------------------------------------------------------------------------------------------------- inside

    def _fail_on_request(self) -> None:
        """Raise MemoryError when a test asked for it."""
        if self.allocations_until_failure == 0:
            raise MemoryError
        if self.allocations_until_failure > 0:
            self.allocations_until_failure -= 1

    def _frame_of(self, address: PhysicalAddress) -> int:
        """Return the frame number of an address that has a record; anything else is a defect."""
        value = address.value
        if value % PAGE_SIZE != 0 or value // PAGE_SIZE >= self.frames:
            raise RuntimeError(f"{value:#x} is not the address of a frame")
        return int(value) // PAGE_SIZE

    def _owned_frame(self, address: PhysicalAddress) -> int:
        """Return the frame number of an owned frame; free and reserved ones are a defect."""
        frame = self._frame_of(address)
        owner = int(self._records[frame]) >> _OWNER_SHIFT
        if owner == FrameOwner.FREE.value:
            raise RuntimeError(f"the frame {address.value:#x} is free: released twice?")
        if owner == FrameOwner.RESERVED.value or owner == FrameOwner.METADATA.value:
            raise RuntimeError(f"the frame {address.value:#x} is reserved")
        return frame

    def _take_frames(self, first: int, count: int, owner: FrameOwner) -> None:
        """Turn free frames into owned ones with one reference each."""
        if owner is FrameOwner.FREE or owner is FrameOwner.RESERVED:
            raise RuntimeError("frames cannot be allocated as free or reserved")
        record = u32(owner.value << _OWNER_SHIFT | 1)
        for frame in range(first, first + count):
            self._records[frame] = record
            self._mark_used(frame)
        self._move_count(FrameOwner.FREE, owner, count)

    def _move_count(self, source: FrameOwner, target: FrameOwner, count: int) -> None:
        """Keep the statistics."""
        self._owned[source.value] -= count
        self._owned[target.value] += count

    def _set_upwards(self, first_level: int, position: int) -> None:
        """Set a bit of a level, and the bits above as long as their word was zero."""
        for level in range(first_level, self._levels):
            word = int(self._level_start[level]) + position // _BITS
            before = self._bits[word]
            self._bits[word] = before | u64(1) << (position % _BITS)
            if before != 0:
                return
            position //= _BITS

    def _mark_used(self, frame: int) -> None:
        """Clear the frame's bit, and the bits above as long as their word became zero."""
        position = frame
        for level in range(self._levels):
            word = int(self._level_start[level]) + position // _BITS
            after = self._bits[word] & ~(u64(1) << (position % _BITS))
            self._bits[word] = after
            if after != 0:
                return
            position //= _BITS

    def _lowest_free(self) -> int:
        """Return the lowest free frame, or -1."""
        if self.free == 0:
            return -1
        position = 0
        for level in range(self._levels - 1, -1, -1):
            word = self._bits[int(self._level_start[level]) + position]
            position = position * _BITS + int(count_trailing_zeros(word))
        return position

    def _lowest_run(self, count: int, alignment: int, end: int) -> int:
        """Return the first of `count` free frames below frame `end`, aligned in frames, or -1."""
        run_start = 0
        frame = 0
        while frame < end:
            word = self._bits[frame // _BITS]
            step = 1
            if frame % _BITS == 0 and (word == 0 or word == _ALL_FREE):
                step = _BITS
            if word >> (frame % _BITS) & 1 == 0:
                run_start = (frame + step + alignment - 1) // alignment * alignment
            frame += step
            if min(frame, end) - run_start >= count:
                return run_start
        return -1


def _address(frame: int) -> PhysicalAddress:
    """Return the address of a frame."""
    return PhysicalAddress(u64(frame * PAGE_SIZE))
