"""Both PCI transports against fake registers: ports for the legacy one, mapped memory for the modern one."""

from __future__ import annotations

import errno
import struct
from collections.abc import Iterator

import pytest

from kernel.arch.x86_64.address_layout import DEVICE_MEMORY
from kernel.drivers.pci.configuration import PciAddress
from kernel.drivers.pci.decode import read_device
from kernel.drivers.virtio import modern_transport
from kernel.drivers.virtio.legacy_transport import LegacyTransport
from kernel.drivers.virtio.modern_transport import ModernTransport
from kernel.drivers.virtio.probe import is_block_device, open_transport
from kernel.drivers.virtio.queue import VirtQueue, legacy_layout, modern_layout
from kernel.drivers.virtio.transport import VirtioTransport
from runtime.host.arenas import memory
from runtime.host.machine import SimulatedMachine, use_machine
from runtime.lang import PhysicalAddress, VirtualAddress, new_array, u8, u64
from tests.fakes.pci_bus import FakeBus, FakeFunction

PORTS = 0x6000
BAR = 0x38_0000_4000
PLACE = int(DEVICE_MEMORY) + 0x100_0000
ADDRESS = (0, 3, 0)


class Registers:
    """Bytes that remember, and the log of what was written where, with which width."""

    def __init__(self, size: int) -> None:
        self.content = bytearray(size)
        self.log: list[tuple[int, int, int]] = []

    def read(self, offset: int, size: int) -> int:
        return int.from_bytes(self.content[offset : offset + size], "little")

    def write(self, offset: int, size: int, value: int) -> None:
        self.log.append((offset, size, value))
        self.content[offset : offset + size] = value.to_bytes(size, "little")


@pytest.fixture
def machine() -> Iterator[SimulatedMachine]:
    with use_machine(SimulatedMachine()) as simulated:
        yield simulated


def make_queue(is_modern: bool, physical: int) -> VirtQueue:
    layout = modern_layout(16) if is_modern else legacy_layout(16)
    return VirtQueue(new_array(u8, layout.total_size, align=4096).pointer, PhysicalAddress(u64(physical)), layout)


def vendor_capability(function: FakeFunction, offset: int, kind: int, bar: int, start: int, length: int) -> None:
    struct.pack_into("<BBB", function.space, offset + 2, 20, kind, bar)
    struct.pack_into("<III", function.space, offset + 8, start, length, 4)


def modern_function(device: int = 0x1042) -> FakeFunction:
    function = FakeFunction(0x1AF4, device, 1, 0)
    function.with_bar(4, BAR, 0x4000, 4).with_capabilities((0x40, 9, 0x60), (0x60, 9, 0x80), (0x80, 9, 0))
    vendor_capability(function, 0x40, 1, 4, 0, 0x38)
    vendor_capability(function, 0x60, 2, 4, 0x3000, 0x1000)
    vendor_capability(function, 0x80, 4, 4, 0x2000, 0x40)
    return function


def open_function(function: FakeFunction) -> tuple[VirtioTransport, FakeBus]:
    bus = FakeBus({ADDRESS: function})
    device = read_device(bus, PciAddress(*ADDRESS))
    assert device is not None and is_block_device(device)
    return open_transport(bus, device), bus


@pytest.fixture
def modern(machine: SimulatedMachine, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[VirtioTransport, Registers]]:
    """The transport whose structures all lie in one fake BAR."""
    registers = Registers(0x4000)
    arena = memory.map_device(PLACE, 0x4000, registers)

    def map_device(physical: PhysicalAddress, size: u64) -> VirtualAddress:
        assert physical.value >= BAR and physical.value + size <= BAR + 0x4000
        return VirtualAddress(u64(PLACE + int(physical.value) - BAR))

    monkeypatch.setattr(modern_transport, "map_device", map_device)
    try:
        yield open_function(modern_function())[0], registers
    finally:
        arena.release()


def test_the_modern_queue_is_announced_in_halves(modern: tuple[VirtioTransport, Registers]) -> None:
    transport, registers = modern
    assert isinstance(transport, ModernTransport) and transport.is_modern
    struct.pack_into("<H", registers.content, 0x1E, 3)
    queue = make_queue(True, 0x12_3456_7000)
    transport.enable_queue(0, queue)
    assert registers.read(0x20, 8) == 0x12_3456_7000
    assert registers.read(0x28, 8) == queue.available_address.value
    assert registers.read(0x30, 8) == queue.used_address.value
    assert registers.log[-1] == (0x1C, 2, 1)
    assert all(size <= 4 for _, size, _ in registers.log)
    transport.notify(0)
    assert registers.log[-1] == (0x3000 + 3 * 4, 2, 0)


def test_modern_status_features_and_capacity(modern: tuple[VirtioTransport, Registers]) -> None:
    transport, registers = modern
    transport.set_status(5)
    assert transport.status() == 5 and registers.log[-1] == (0x14, 1, 5)
    transport.accept_features(u64(1 << 32 | 7))
    assert registers.log[-4:] == [(8, 4, 0), (12, 4, 7), (8, 4, 1), (12, 4, 1)]
    struct.pack_into("<Q", registers.content, 0x2000, 0x1_0000_0203)
    assert transport.read_configuration64(0) == 0x1_0000_0203


def test_a_notification_place_outside_is_refused(modern: tuple[VirtioTransport, Registers]) -> None:
    transport, registers = modern
    struct.pack_into("<H", registers.content, 0x1E, 0x400)
    with pytest.raises(OSError, match="notification") as caught:
        transport.enable_queue(0, make_queue(True, 0x1000))
    assert caught.value.errno == errno.EIO


@pytest.mark.parametrize(
    ("offset", "field", "value"),
    [(0x40, 8, 0x3FF0), (0x40, 12, 0x37), (0x40, 12, 0xFFFF_FFFF), (0x60, 8, 0xFFFF_FFFF), (0x80, 12, 4)],
)
def test_structures_that_leave_their_bar(machine: SimulatedMachine, offset: int, field: int, value: int) -> None:
    function = modern_function()
    struct.pack_into("<I", function.space, offset + field, value)
    with pytest.raises(OSError) as caught:
        open_function(function)
    assert caught.value.errno == errno.ENXIO


def test_a_transitional_device_without_structures_is_driven_by_ports(machine: SimulatedMachine) -> None:
    registers = Registers(0x40)
    machine.map_port(range(PORTS, PORTS + 0x40), registers)
    transport, bus = open_function(FakeFunction(0x1AF4, 0x1001, 1, 0).with_bar(0, PORTS, 0x40, 1))
    assert isinstance(transport, LegacyTransport) and not transport.is_modern
    assert bus.read16(PciAddress(*ADDRESS), 4) & 0x407 == 0x407
    struct.pack_into("<H", registers.content, 0x0C, 256)
    assert transport.queue_size(0) == 256
    transport.enable_queue(0, make_queue(False, 0x59F_6000))
    assert registers.log[-1] == (8, 4, 0x59F6)
    transport.notify(0)
    assert registers.log[-1] == (0x10, 2, 0)
    struct.pack_into("<Q", registers.content, 0x14, 65536)
    assert transport.read_configuration64(0) == 65536


@pytest.mark.parametrize("physical", [0x59F_6E90, 1 << 44])
def test_a_legacy_queue_lies_on_a_page(machine: SimulatedMachine, physical: int) -> None:
    with pytest.raises(OSError) as caught:
        LegacyTransport(PORTS).enable_queue(0, make_queue(False, physical))
    assert caught.value.errno == errno.EINVAL


def test_a_device_without_any_transport(machine: SimulatedMachine) -> None:
    for device in (0x1001, 0x1042):
        with pytest.raises(OSError) as caught:
            open_function(FakeFunction(0x1AF4, device, 1, 0))
        assert caught.value.errno == errno.ENXIO


def test_a_device_that_has_left_reads_as_ones(machine: SimulatedMachine) -> None:
    transport = LegacyTransport(PORTS)
    assert transport.is_gone()
    with pytest.raises(OSError) as caught:
        transport.reset()
    assert caught.value.errno == errno.ENXIO
