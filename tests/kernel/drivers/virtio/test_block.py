"""The block driver against a fake device that works on the same memory, honestly and otherwise."""

from __future__ import annotations

import errno
import struct
from collections.abc import Iterator

import pytest

from kernel.drivers.virtio import block
from kernel.drivers.virtio.block import VirtioBlock
from kernel.drivers.virtio.queue import VirtQueue
from kernel.drivers.virtio.registers import (
    FEATURE_VERSION_1,
    STATUS_ACKNOWLEDGE,
    STATUS_DRIVER,
    STATUS_DRIVER_OK,
    STATUS_FAILED,
    STATUS_FEATURES_OK,
    STATUS_NEEDS_RESET,
)
from kernel.drivers.virtio.transport import VirtioTransport
from kernel.interfaces.clock_source import ClockSource
from kernel.mm.direct_map import bytes_at
from runtime.host.machine import SimulatedMachine
from runtime.lang import PhysicalAddress, new_array, u8, u64
from tests.kernel.memory_bench import machine_with_memory

SECTORS = 1000


class TestClock(ClockSource):
    """Each look takes a second."""

    __test__ = False

    def __init__(self) -> None:
        self.now = 0

    def nanoseconds(self) -> int:
        self.now += 1_000_000_000
        return self.now


class FakeDisk(VirtioTransport):
    """A device whose disk has the sector's number in every word."""

    def __init__(self, is_modern: bool = True) -> None:
        self.is_modern = is_modern
        self.state = 0
        self.statuses: list[int] = []
        self.offered = FEATURE_VERSION_1
        self.accepted: int | None = None
        self.entries = 64
        self.capacity = SECTORS
        self.queue: VirtQueue | None = None
        self.seen = 0
        self.requests: list[tuple[int, int]] = []
        self.mood = "honest"
        self.refuses_features = False

    def status(self) -> int:
        return self.state

    def set_status(self, status: int) -> None:
        self.statuses.append(status)
        if self.refuses_features:
            status &= ~STATUS_FEATURES_OK
        self.state = status

    def device_features(self) -> u64:
        return u64(self.offered)

    def accept_features(self, features: u64) -> None:
        self.accepted = int(features)

    def queue_size(self, index: int) -> int:
        return self.entries

    def enable_queue(self, index: int, queue: VirtQueue) -> None:
        self.queue = queue

    def read_configuration(self, offset: int) -> int:
        return self.capacity >> 8 * offset & 0xFFFF_FFFF

    def notify(self, index: int) -> None:
        match self.mood:
            case "silent":
                return
            case "gone":
                self.state = 0xFF
            case "broken":
                self.state |= STATUS_NEEDS_RESET
            case _:
                self.answer()

    def get(self, form: str, address: int) -> tuple[int, ...]:
        memory = bytes_at(PhysicalAddress(u64(address)))
        return struct.unpack(form, bytes(int(memory[i]) for i in range(struct.calcsize(form))))

    def put(self, address: int, data: bytes) -> None:
        memory = bytes_at(PhysicalAddress(u64(address)))
        for index, byte in enumerate(data):
            memory[index] = u8(byte)

    def answer(self) -> None:
        assert self.queue is not None
        table = int(self.queue.physical.value)
        ring = int(self.queue.available_address.value)
        size = self.queue.layout.queue_size
        head = self.get("<H", ring + 4 + self.seen % size * 2)[0]
        chain = []
        index = head
        while True:
            address, length, flags, following = self.get("<QIHH", table + index * 16)
            chain.append((address, length, flags & 2))
            if not flags & 1:
                break
            index = following
        assert [flags for _, _, flags in chain] == [0, 2, 2]
        (header, header_size, _), (data, length, _), (status, status_size, _) = chain
        assert (header_size, status_size) == (16, 1)
        kind, _, sector = self.get("<IIQ", header)
        assert kind == 0
        self.requests.append((sector, length // 512))
        verdict = 1 if self.mood == "error" else 2 if self.mood == "unsupported" else 0
        if verdict == 0:
            for number in range(length // 512):
                self.put(data + number * 512, struct.pack("<I", sector + number) * 128)
        if self.mood != "no status":
            self.put(status, bytes([verdict]))
        written = {"short": 10, "liar": length + 5}.get(self.mood, length + 1)
        used = int(self.queue.used_address.value)
        if self.mood == "stranger":
            head += 1
        self.put(used + 4 + self.seen % size * 8, struct.pack("<II", head, written))
        self.seen += 1
        self.put(used + 2, struct.pack("<H", self.seen & 0xFFFF))


@pytest.fixture
def machine() -> Iterator[SimulatedMachine]:
    with machine_with_memory(4 << 20) as simulated:
        simulated.spin_limit = 10_000_000
        yield simulated


@pytest.fixture
def quick_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(block, "POLLS_PER_LOOK", 4)


def open_disk(device: FakeDisk) -> VirtioBlock:
    return VirtioBlock(device, TestClock())


def read(disk: VirtioBlock, first: int, count: int) -> bytes:
    buffer = new_array(u8, count * 512)
    disk.read_sectors(first, count, buffer)
    return bytes(buffer)


def content(first: int, count: int) -> bytes:
    return b"".join(struct.pack("<I", sector) * 128 for sector in range(first, first + count))


@pytest.mark.parametrize("is_modern", [True, False])
def test_the_order_of_initialisation_is_the_specifications(machine: SimulatedMachine, is_modern: bool) -> None:
    device = FakeDisk(is_modern)
    disk = open_disk(device)
    steps = [STATUS_ACKNOWLEDGE, STATUS_DRIVER, *([STATUS_FEATURES_OK] if is_modern else []), STATUS_DRIVER_OK]
    expected, state = [0], 0
    for step in steps:
        state |= step
        expected.append(state)
    assert device.statuses == expected
    assert device.accepted == (FEATURE_VERSION_1 if is_modern else 0)
    assert (disk.sector_size, disk.sector_count) == (512, SECTORS)


@pytest.mark.parametrize("is_modern", [True, False])
def test_reads_of_all_sizes(machine: SimulatedMachine, is_modern: bool) -> None:
    device = FakeDisk(is_modern)
    disk = open_disk(device)
    for first, count in [(0, 1), (7, 3), (SECTORS - 1, 1), (100, 128), (100, 129), (0, 300), (5, 0)]:
        assert read(disk, first, count) == content(first, count)
    assert (100, 128) in device.requests and (228, 1) in device.requests


def test_a_thousand_requests_go_round_the_rings(machine: SimulatedMachine) -> None:
    disk = open_disk(FakeDisk())
    for number in range(1000):
        assert read(disk, number, 1)[:4] == struct.pack("<I", number)


@pytest.mark.parametrize(("first", "count"), [(SECTORS, 1), (-1, 1), (SECTORS - 1, 2), (1 << 60, 1)])
def test_sectors_outside_are_the_callers_fault(machine: SimulatedMachine, first: int, count: int) -> None:
    device = FakeDisk()
    disk = open_disk(device)
    with pytest.raises(OSError) as caught:
        read(disk, first, count)
    assert caught.value.errno == errno.EINVAL and device.requests == []


@pytest.mark.parametrize(
    ("mood", "number"),
    [("error", errno.EIO), ("unsupported", errno.EOPNOTSUPP), ("no status", errno.EIO), ("short", errno.EIO)],
)
def test_an_error_costs_one_request(machine: SimulatedMachine, mood: str, number: int) -> None:
    device = FakeDisk()
    disk = open_disk(device)
    device.mood = mood
    with pytest.raises(OSError) as caught:
        read(disk, 3, 1)
    assert caught.value.errno == number
    device.mood = "honest"
    assert read(disk, 3, 1) == content(3, 1)


@pytest.mark.parametrize(
    ("mood", "number"),
    [
        ("silent", errno.ETIMEDOUT),
        ("gone", errno.ENXIO),
        ("broken", errno.EIO),
        ("liar", errno.EIO),
        ("stranger", errno.EIO),
    ],
)
def test_a_device_that_cannot_be_trusted_is_given_up(
    machine: SimulatedMachine, quick_looks: None, mood: str, number: int
) -> None:
    device = FakeDisk()
    disk = open_disk(device)
    device.mood = mood
    with pytest.raises(OSError) as caught:
        read(disk, 3, 1)
    assert caught.value.errno == number
    assert device.statuses[-1] == 0
    device.mood, requests = "honest", len(device.requests)
    with pytest.raises(OSError) as caught:
        read(disk, 3, 1)
    assert caught.value.errno == errno.ENXIO and len(device.requests) == requests


def test_devices_that_cannot_be_driven(machine: SimulatedMachine) -> None:
    without_version, refusing, without_queue, huge = FakeDisk(), FakeDisk(), FakeDisk(), FakeDisk()
    without_version.offered = 0
    refusing.refuses_features = True
    without_queue.entries = 0
    huge.capacity = 1 << 60
    for device in (without_version, refusing, without_queue, huge):
        with pytest.raises(OSError) as caught:
            open_disk(device)
        assert caught.value.errno == errno.EIO and device.statuses[-1] & STATUS_FAILED


def test_a_device_that_never_resets(machine: SimulatedMachine) -> None:
    with pytest.raises(OSError) as caught:
        VirtioBlock(VirtioTransport(), TestClock())
    assert caught.value.errno == errno.ENXIO
