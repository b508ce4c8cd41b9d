"""The virtqueue against a fake device that works on the same memory, honestly and otherwise."""

from __future__ import annotations

import errno
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.drivers.virtio.queue import BufferPiece, VirtQueue, legacy_layout, modern_layout
from runtime.lang import Array, PhysicalAddress, new_array, u8, u16, u64

BASE = 0x59F6000


class FakeDevice:
    """The device's side of a queue, reading and writing the shared memory byte by byte."""

    def __init__(self, queue_size: int, is_legacy: bool = True) -> None:
        self.layout = legacy_layout(queue_size) if is_legacy else modern_layout(queue_size)
        self.memory: Array[u8] = new_array(u8, self.layout.total_size, align=4096)
        self.queue = VirtQueue(self.memory.pointer, PhysicalAddress(u64(BASE)), self.layout)
        self.seen = 0
        self.used = 0

    def get(self, form: str, offset: int) -> tuple[int, ...]:
        return struct.unpack(form, bytes(self.memory[offset : offset + struct.calcsize(form)]))

    def put(self, form: str, offset: int, *values: int) -> None:
        for index, byte in enumerate(struct.pack(form, *values)):
            self.memory[offset + index] = byte

    def next_head(self) -> int | None:
        if self.get("<H", self.layout.available_offset + 2)[0] == self.seen & 0xFFFF:
            return None
        head = self.get("<H", self.layout.available_offset + 4 + self.seen % self.layout.queue_size * 2)[0]
        self.seen += 1
        return head

    def chain(self, head: int) -> list[tuple[int, int, bool]]:
        pieces, index = [], head
        while True:
            address, length, flags, following = self.get("<QIHH", index * 16)
            pieces.append((address, length, bool(flags & 2)))
            if not flags & 1:
                return pieces
            index = following
            assert len(pieces) <= self.layout.queue_size

    def finish(self, identifier: int, written: int) -> None:
        self.put("<II", self.layout.used_offset + 4 + self.used % self.layout.queue_size * 8, identifier, written)
        self.used += 1
        self.put("<H", self.layout.used_offset + 2, self.used & 0xFFFF)


def piece(address: int, length: int, device_writes: bool) -> BufferPiece:
    return BufferPiece(PhysicalAddress(u64(address)), length, device_writes)


READ = [piece(0x1000, 16, False), piece(0x2000, 512, True), piece(0x3000, 1, True)]


@pytest.mark.parametrize(
    ("queue_size", "available", "used", "total"), [(256, 4096, 8192, 10246), (128, 2048, 4096, 5126)]
)
def test_the_legacy_layout_is_the_specifications(queue_size: int, available: int, used: int, total: int) -> None:
    layout = legacy_layout(queue_size)
    assert (layout.available_offset, layout.used_offset, layout.total_size) == (available, used, total)


@pytest.mark.parametrize("queue_size", [0, 3, 65536, -1])
def test_impossible_queue_sizes(queue_size: int) -> None:
    with pytest.raises(OSError) as caught:
        modern_layout(queue_size)
    assert caught.value.errno == errno.EINVAL


def test_a_read_request_makes_the_round() -> None:
    device = FakeDevice(8)
    queue = device.queue
    queue.suppress_interrupts()
    assert device.get("<H", device.layout.available_offset)[0] == 1
    head = queue.add_chain(READ)
    assert (queue.take_used(), device.next_head()) == (None, head)
    assert device.chain(head) == [(0x1000, 16, False), (0x2000, 512, True), (0x3000, 1, True)]
    device.finish(head, 513)
    used = queue.take_used()
    assert used is not None and (used.head, used.written) == (head, 513)
    assert queue.take_used() is None and queue.free_count == 8
    assert int(queue.available_address.value) == BASE + 128
    assert int(queue.used_address.value) == BASE + 4096


def test_a_full_queue_and_chains_that_make_no_sense() -> None:
    device = FakeDevice(4)
    queue = device.queue
    queue.add_chain(READ)
    for pieces, number in (
        (READ[:2], errno.EAGAIN),
        ([], errno.EINVAL),
        (READ * 2, errno.EINVAL),
        ([READ[1], READ[0]], errno.EINVAL),
        ([piece(0x1000, 0, False)], errno.EINVAL),
    ):
        with pytest.raises(OSError) as caught:
            queue.add_chain(pieces)
        assert caught.value.errno == number
    assert not queue.is_broken


@pytest.mark.parametrize(
    ("identifier", "written"),
    [(1, 1), (4, 1), (8, 1), (0xFFFFFFFF, 1), (0, 514), (0, 0xFFFFFFFF)],
)
def test_a_device_that_lies_is_not_believed_again(identifier: int, written: int) -> None:
    device = FakeDevice(8)
    assert device.queue.add_chain(READ) == 0
    device.finish(identifier, written)
    for _ in range(2):
        with pytest.raises(OSError) as caught:
            device.queue.take_used()
        assert caught.value.errno == errno.EIO
    assert device.queue.is_broken
    with pytest.raises(OSError):
        device.queue.add_chain(READ)


def test_finishing_twice_or_more_than_was_given_is_noticed() -> None:
    device = FakeDevice(8)
    head = device.queue.add_chain(READ)
    device.finish(head, 1)
    assert device.queue.take_used() is not None
    device.finish(head, 1)
    with pytest.raises(OSError):
        device.queue.take_used()
    other = FakeDevice(8)
    other.queue.add_chain(READ)
    other.put("<H", other.layout.used_offset + 2, 5)
    with pytest.raises(OSError):
        other.queue.take_used()


def test_indexes_wrap_at_65536() -> None:
    device = FakeDevice(1)
    # Both sides start close to the end, as after sixty thousand requests.
    device.seen = device.used = 65530
    device.queue._available_index = device.queue._used_index = u16(65530)
    device.put("<H", device.layout.available_offset + 2, 65530)
    device.put("<H", device.layout.used_offset + 2, 65530)
    for _ in range(20):
        head = device.queue.add_chain(READ[:1])
        assert device.next_head() == head
        device.finish(head, 0)
        assert device.queue.take_used() is not None


@given(st.lists(st.integers(0, 5), max_size=60), st.booleans())
@settings(max_examples=40)
def test_requests_finish_in_any_order_and_no_descriptor_is_lost(actions: list[int], is_legacy: bool) -> None:
    device = FakeDevice(8, is_legacy)
    queue = device.queue
    given_chains: dict[int, list[BufferPiece]] = {}
    for action in actions:
        if action < 3:
            pieces = READ[: action + 1]
            if len(pieces) > queue.free_count:
                continue
            head = queue.add_chain(pieces)
            assert head not in given_chains and device.next_head() == head
            assert [part[1] for part in device.chain(head)] == [part.length for part in pieces]
            given_chains[head] = pieces
        elif given_chains:
            head = sorted(given_chains)[action % len(given_chains)]
            device.finish(head, 0)
            used = queue.take_used()
            assert used is not None and used.head == head
            del given_chains[head]
        assert queue.free_count == 8 - sum(len(pieces) for pieces in given_chains.values())
