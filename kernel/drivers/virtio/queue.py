"""A split virtqueue: descriptor table, available ring, used ring, in memory shared with the device.

VIRTIO 1.2 §2.7; the legacy layout of §2.7.2 puts the used ring on the next page. The device is not trusted: which
descriptors are free and which chains are in flight is kept in the driver's own memory, and what the device reports
back (identifier, length) is checked against it. A device that reports nonsense is broken for good (EIO): after that
no answer of it can be believed.

Ownership: `add_chain` gives the buffers to the device, `take_used` gives them back. The caller notifies the device
after `add_chain`, bounds its waiting, and serialises access.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from runtime.abi.error_numbers import EAGAIN, EINVAL, EIO
from runtime.lang import (
    Array,
    PhysicalAddress,
    Ptr,
    memory_fence,
    new_array,
    u8,
    u16,
    u32,
    u64,
    volatile_read,
    volatile_write,
    wrapping_add,
)

# struct virtq_desc (§2.7.5).
_DESCRIPTOR_SIZE: Final = 16
_DESCRIPTOR_LENGTH: Final = 8
_DESCRIPTOR_FLAGS: Final = 12
_DESCRIPTOR_NEXT: Final = 14
_FLAG_NEXT: Final = 1
_FLAG_WRITE: Final = 2  # the device writes, the driver reads

# struct virtq_avail and virtq_used (§2.7.6, §2.7.8): flags, idx, then the ring.
_RING_INDEX: Final = 2
_RING_ENTRIES: Final = 4
_AVAILABLE_ENTRY_SIZE: Final = 2
_USED_ENTRY_SIZE: Final = 8
_NO_INTERRUPT: Final = 1  # flag of the available ring: completion is polled

MAX_QUEUE_SIZE: Final = 32768
_NO_DESCRIPTOR: Final = 0xFFFF


@dataclass(frozen=True, slots=True)
class QueueLayout:
    """Where the parts of a queue lie in its memory, which begins on a page; bytes."""

    queue_size: int
    available_offset: int
    used_offset: int
    total_size: int


@dataclass(frozen=True, slots=True)
class BufferPiece:
    """A physically contiguous part of a request."""

    address: PhysicalAddress
    length: int
    device_writes: bool


@dataclass(frozen=True, slots=True)
class UsedChain:
    """A request that the device has finished."""

    head: int  # what `add_chain` returned
    written: int  # bytes that the device says it wrote, at most what the chain has room for


def legacy_layout(queue_size: int) -> QueueLayout:
    """Return the layout of a legacy device, which dictates the queue size and page-aligns the used ring."""
    return _layout(queue_size, 4096)


def modern_layout(queue_size: int) -> QueueLayout:
    """Return a layout for a modern device, which takes the three addresses separately."""
    return _layout(queue_size, 4)


def _layout(queue_size: int, used_alignment: int) -> QueueLayout:
    """Lay the parts out one after the other."""
    if queue_size < 1 or queue_size > MAX_QUEUE_SIZE or queue_size & (queue_size - 1) != 0:
        raise OSError(EINVAL, f"virtio: a queue of {queue_size} entries")
    available = queue_size * _DESCRIPTOR_SIZE
    # Both rings end with one more u16 (used_event, avail_event), whether the feature is negotiated or not.
    available_end = available + _RING_ENTRIES + queue_size * _AVAILABLE_ENTRY_SIZE + 2
    used = (available_end + used_alignment - 1) // used_alignment * used_alignment
    return QueueLayout(queue_size, available, used, used + _RING_ENTRIES + queue_size * _USED_ENTRY_SIZE + 2)


class VirtQueue:
    """The driver's side of one queue."""

    layout: QueueLayout
    physical: PhysicalAddress  # of the queue's memory, for the device's registers
    is_broken: bool = False  # the device reported nonsense; nothing is accepted any more
    _memory: Ptr[u8]
    _next: Array[u16]  # per descriptor: the next of the same chain, or of the free list
    _in_flight: Array[u16]  # per head: descriptors of the chain, 0 when it is not with the device
    _capacity: Array[u32]  # per head: bytes that the device may write
    _first_free: int
    free_count: int
    _available_index: u16  # the next index to publish; wraps
    _used_index: u16  # the next index to take; wraps

    def __init__(self, memory: Ptr[u8], physical: PhysicalAddress, layout: QueueLayout) -> None:
        """Take over zeroed memory of `layout.total_size` bytes that begins on a page."""
        self.layout = layout
        self.physical = physical
        self._memory = memory
        self._next = new_array(u16, layout.queue_size)
        self._in_flight = new_array(u16, layout.queue_size)
        self._capacity = new_array(u32, layout.queue_size)
        for index in range(layout.queue_size):
            self._next[index] = u16(index + 1)
        self._next[layout.queue_size - 1] = u16(_NO_DESCRIPTOR)
        self._first_free = 0
        self.free_count = layout.queue_size
        self._available_index = u16(0)
        self._used_index = u16(0)

    @property
    def available_address(self) -> PhysicalAddress:
        """Where the device finds the available ring."""
        return self.physical + self.layout.available_offset

    @property
    def used_address(self) -> PhysicalAddress:
        """Where the device finds the used ring."""
        return self.physical + self.layout.used_offset

    def suppress_interrupts(self) -> None:
        """Ask the device not to interrupt: completion is polled."""
        self._put_u16(self.layout.available_offset, u16(_NO_INTERRUPT))

    def add_chain(self, pieces: list[BufferPiece]) -> int:
        """Give a request to the device and return its head; EAGAIN when there are not enough descriptors.

        Pieces that the device reads come before pieces that it writes (§2.7.4.2).
        """
        if self.is_broken:
            raise OSError(EIO, "virtio: the queue is broken")
        if len(pieces) == 0 or len(pieces) > self.layout.queue_size or not _is_sound(pieces):
            raise OSError(EINVAL, "virtio: a chain that is too long, out of order or has empty parts")
        if len(pieces) > self.free_count:
            raise OSError(EAGAIN, "virtio: the queue is full")
        head = self._first_free
        index = head
        room = 0
        for position in range(len(pieces)):
            is_last = position == len(pieces) - 1
            self._write_descriptor(index, pieces[position], is_last)
            room += pieces[position].length if pieces[position].device_writes else 0
            if not is_last:
                index = int(self._next[index])
        self._first_free = int(self._next[index])
        self._next[index] = u16(_NO_DESCRIPTOR)
        self.free_count -= len(pieces)
        self._in_flight[head] = u16(len(pieces))
        self._capacity[head] = u32(min(room, 0xFFFFFFFF))
        self._publish(head)
        return head

    def take_used(self) -> UsedChain | None:
        """Return the next finished request, or None; EIO when the device reports one that was never given."""
        if self.is_broken:
            raise OSError(EIO, "virtio: the queue is broken")
        device_index = self._get_u16(self.layout.used_offset + _RING_INDEX)
        if device_index == self._used_index:
            return None
        finished = (int(device_index) - int(self._used_index)) & 0xFFFF
        if finished > self.layout.queue_size - self.free_count:
            raise self._broken(f"{finished} requests finished, more than were given")
        memory_fence()  # the entry is read after the index that announces it
        entry = self.layout.used_offset + _RING_ENTRIES
        entry += int(self._used_index) % self.layout.queue_size * _USED_ENTRY_SIZE
        head = int(self._get_u32(entry))
        written = int(self._get_u32(entry + 4))
        if head >= self.layout.queue_size or self._in_flight[head] == 0:
            raise self._broken(f"request {head} finished, which was not given")
        if written > self._capacity[head]:
            raise self._broken(f"{written} bytes written where {self._capacity[head]} had room")
        self._used_index = wrapping_add(self._used_index, u16(1))
        self._give_back(head)
        return UsedChain(head, written)

    def _give_back(self, head: int) -> None:
        """Return the descriptors of a chain to the free list."""
        count = int(self._in_flight[head])
        last = head
        for _ in range(count - 1):
            last = int(self._next[last])
        self._next[last] = u16(self._first_free)
        self._first_free = head
        self.free_count += count
        self._in_flight[head] = u16(0)

    def _write_descriptor(self, index: int, piece: BufferPiece, is_last: bool) -> None:
        """Fill a descriptor; its successor is the next free one."""
        offset = index * _DESCRIPTOR_SIZE
        flags = (0 if is_last else _FLAG_NEXT) | (_FLAG_WRITE if piece.device_writes else 0)
        volatile_write((self._memory + offset).cast(u64), piece.address.value)
        volatile_write((self._memory + (offset + _DESCRIPTOR_LENGTH)).cast(u32), u32(piece.length))
        self._put_u16(offset + _DESCRIPTOR_FLAGS, u16(flags))
        self._put_u16(offset + _DESCRIPTOR_NEXT, u16(0) if is_last else self._next[index])

    def _publish(self, head: int) -> None:
        """Enter a head into the available ring, then make it visible (§2.7.13)."""
        slot = int(self._available_index) % self.layout.queue_size
        ring = self.layout.available_offset + _RING_ENTRIES
        self._put_u16(ring + slot * _AVAILABLE_ENTRY_SIZE, u16(head))
        memory_fence()
        self._available_index = wrapping_add(self._available_index, u16(1))
        self._put_u16(self.layout.available_offset + _RING_INDEX, self._available_index)
        memory_fence()

    def _broken(self, reason: str) -> OSError:
        """Mark the queue broken and return the error to raise."""
        self.is_broken = True
        return OSError(EIO, "virtio: " + reason)

    def _get_u16(self, offset: int) -> u16:
        return volatile_read((self._memory + offset).cast(u16))

    def _get_u32(self, offset: int) -> u32:
        return volatile_read((self._memory + offset).cast(u32))

    def _put_u16(self, offset: int, value: u16) -> None:
        volatile_write((self._memory + offset).cast(u16), value)


def _is_sound(pieces: list[BufferPiece]) -> bool:
    """Tell whether no piece is empty and everything the device reads comes before everything it writes."""
    has_write = False
    for piece in pieces:
        if piece.length < 1 or (has_write and not piece.device_writes):
            return False
        has_write = piece.device_writes
    return True
