"""PCI decoding and enumeration over a fake topology, ordinary and hostile."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.drivers.pci.configuration import ConfigurationAccess, PciAddress
from kernel.drivers.pci.decode import class_name, read_base_addresses, read_capabilities, read_device
from kernel.drivers.pci.ports import config_address
from kernel.drivers.pci.scan import scan_buses
from tests.fakes.pci_bus import FakeBus, FakeFunction

ORIGIN = PciAddress(0, 0, 0)


def bridge(secondary: int) -> FakeFunction:
    function = FakeFunction(0x8086, 0x244E, 6, 4, header_type=1)
    function.space[0x19] = secondary
    return function


def scanned(functions: dict[tuple[int, int, int], FakeFunction]) -> list[str]:
    return [str(device.address) for device in scan_buses(FakeBus(functions))]


def test_a_plain_bus_with_a_multifunction_device() -> None:
    functions = {
        (0, 0, 0): FakeFunction(0x8086, 0x29C0, 6, 0),
        (0, 2, 0): FakeFunction(0x1AF4, 0x1001, 1, 0),
        (0, 31, 0): FakeFunction(0x8086, 0x2918, 6, 1, header_type=0x80),
        (0, 31, 3): FakeFunction(0x8086, 0x2930, 12, 5, header_type=0x80),
        (0, 5, 0): FakeFunction(0x1234, 0x5678),
        (0, 5, 1): FakeFunction(0x1234, 0x5678),  # not announced by function 0, so not there
    }
    assert scanned(functions) == ["00:00.0", "00:02.0", "00:05.0", "00:1f.0", "00:1f.3"]


def test_buses_behind_bridges_are_visited_once_even_in_a_loop() -> None:
    functions = {
        (0, 1, 0): bridge(1),
        (0, 2, 0): bridge(1),
        (1, 0, 0): bridge(7),
        (7, 0, 0): bridge(0),
        (7, 1, 0): FakeFunction(0x1AF4, 0x1042, 1, 0),
    }
    assert scanned(functions) == ["00:01.0", "00:02.0", "01:00.0", "07:00.0", "07:01.0"]


def test_only_bridges_with_a_bridges_header_lead_on() -> None:
    not_a_bridge, other_header = bridge(1), FakeFunction(0x8086, 1, 1, 0, header_type=1)
    not_a_bridge.space[0x0E] = 0
    other_header.space[0x19] = 1
    struct.pack_into("<HH", other_header.space, 0x2C, 0xAAAA, 0xBBBB)
    functions = {(0, 1, 0): not_a_bridge, (0, 2, 0): other_header, (1, 0, 0): FakeFunction(0x1AF4, 0x1001)}
    assert scanned(functions) == ["00:01.0", "00:02.0"]
    device = read_device(FakeBus({(0, 0, 0): other_header}), ORIGIN)
    assert device is not None and (device.subsystem_vendor_id, device.subsystem_id) == (0, 0)


def test_several_host_bridges() -> None:
    functions = {
        (0, 0, 0): FakeFunction(0x8086, 1, 6, 0, header_type=0x80),
        (0, 0, 3): FakeFunction(0x8086, 2, 6, 0, header_type=0x80),
        (3, 4, 0): FakeFunction(0x1AF4, 0x1001),
    }
    assert "03:04.0" in scanned(functions)


def test_an_empty_bus_and_a_bus_where_everything_answers() -> None:
    assert scan_buses(ConfigurationAccess()) == []

    class Everywhere(ConfigurationAccess):
        """Each function is a multifunction bridge to some other bus."""

        def read32(self, address: PciAddress, offset: int) -> int:
            return {0: 0x12348086, 8: 0x06040000, 12: 0x00810000, 0x18: (address.device * 8 + 1) << 8}.get(offset, 0)

    assert len(scan_buses(Everywhere())) > 1000


def test_identity_and_class_names() -> None:
    function = FakeFunction(0x1AF4, 0x1001, 1, 0)
    struct.pack_into("<HH", function.space, 0x2C, 0x1AF4, 2)
    function.space[0x3C] = 11
    device = read_device(FakeBus({(0, 0, 0): function}), ORIGIN)
    assert device is not None
    assert (device.vendor_id, device.device_id, device.subsystem_id, device.interrupt_line) == (0x1AF4, 0x1001, 2, 11)
    assert device.class_name == "SCSI controller"
    assert [class_name(*code) for code in ((6, 0), (2, 0x7F), (0xFF, 0), (0x13, 1))] == [
        "host bridge",
        "network controller",
        "unknown device",
        "unknown device",
    ]


# PCI Code and ID Assignment 1.11, chapter 1, written down a second time.
CLASS_CODES = """
    00:00 unclassified device|01:00 SCSI controller|01:01 IDE controller|01:05 ATA controller|01:06 SATA controller
    01:08 NVMe controller|01:04 storage controller|02:00 Ethernet controller|02:80 network controller
    03:00 VGA controller|03:02 3D controller|03:80 display controller|04:01 audio controller
    04:03 HD audio controller|04:80 multimedia device|05:00 RAM controller|05:01 memory controller|06:00 host bridge
    06:01 ISA bridge|06:04 PCI bridge|06:80 bridge|07:00 serial controller|07:03 modem
    07:80 communication controller|08:00 interrupt controller|08:01 DMA controller|08:05 SD host controller
    08:80 system peripheral|09:00 keyboard controller|09:02 input device|0a:00 docking station|0b:40 processor
    0c:03 USB controller|0c:05 SMBus|0c:00 serial bus controller|0d:11 wireless controller
    0e:00 intelligent controller|0f:01 satellite controller|10:05 random number generator|10:00 encryption controller
    11:00 signal processing controller|12:00 accelerator|13:00 unknown device|ff:00 unknown device
"""


def test_class_codes() -> None:
    lines = [line.strip() for row in CLASS_CODES.strip().splitlines() for line in row.split("|")]
    for line in lines:
        code, _, name = line.partition(" ")
        assert class_name(int(code[:2], 16), int(code[3:], 16)) == name, line


def test_each_field_of_the_header_has_its_place() -> None:
    function = FakeFunction(0, 0)
    function.space[:64] = bytes(range(0x10, 0x50))
    function.space[0x0E] = 0x80
    device = read_device(FakeBus({(0, 0, 0): function}), ORIGIN)
    assert device is not None
    assert (device.vendor_id, device.device_id) == (0x1110, 0x1312)
    assert (device.revision, device.programming_interface, device.subclass, device.class_code) == (
        0x18,
        0x19,
        0x1A,
        0x1B,
    )
    assert (device.header_layout, device.is_multifunction) == (0, True)
    assert (device.subsystem_vendor_id, device.subsystem_id, device.interrupt_line) == (0x3D3C, 0x3F3E, 0x4C)
    for vendor, is_there in ((0, False), (1, True), (0xFFFE, True), (0xFFFF, False)):
        struct.pack_into("<H", function.space, 0, vendor)
        assert (read_device(FakeBus({(0, 0, 0): function}), ORIGIN) is not None) == is_there


def test_base_addresses_of_every_kind_with_their_sizes() -> None:
    function = (
        FakeFunction(0x1AF4, 0x1042)
        .with_bar(0, 0x6040, 0x40, 1)
        .with_bar(1, 0xFEBD1000, 0x1000, 0)
        .with_bar(2, 0x8_0000_0000, 0x4000, 0xC)
        .with_bar(4, 0x38_0000_0000, 1 << 33, 4)
    )
    bus = FakeBus({(0, 0, 0): function})
    before = bytes(function.space)
    device = read_device(bus, ORIGIN)
    assert device is not None
    bases = read_base_addresses(bus, device, with_sizes=True)
    assert [(b.index, b.is_io, b.is_64_bit, b.is_prefetchable, int(b.address), int(b.size)) for b in bases] == [
        (0, True, False, False, 0x6040, 0x40),
        (1, False, False, False, 0xFEBD1000, 0x1000),
        (2, False, True, True, 0x8_0000_0000, 0x4000),
        (4, False, True, False, 0x38_0000_0000, 1 << 33),
    ]
    assert bytes(function.space) == before
    assert bus.writes[0][1:] == (4, 0)  # decoding is off before the first probe
    assert [int(base.size) for base in read_base_addresses(bus, device)] == [0, 0, 0, 0]


def test_a_64_bit_register_in_the_last_place_is_not_read_past_the_header() -> None:
    function = FakeFunction(1, 1).with_bar(5, 0xF0000000, 0x1000, 4)
    bus = FakeBus({(0, 0, 0): function})
    device = read_device(bus, ORIGIN)
    assert device is not None
    assert [base.is_64_bit for base in read_base_addresses(bus, device)] == [False]


def test_capability_lists_end() -> None:
    function = FakeFunction(1, 1).with_capabilities((0x40, 9, 0x50), (0x50, 0x11, 0x60), (0x60, 9, 0))
    bus = FakeBus({(0, 0, 0): function})
    assert [(c.identifier, c.offset) for c in read_capabilities(bus, ORIGIN)] == [(9, 0x40), (0x11, 0x50), (9, 0x60)]
    function.space[0x61] = 0x40
    assert len(read_capabilities(bus, ORIGIN)) == 48
    function.space[0x41] = 0x10  # into the standard header
    assert len(read_capabilities(bus, ORIGIN)) == 1
    function.space[6] = 0
    assert read_capabilities(bus, ORIGIN) == []


@given(st.binary(min_size=256, max_size=256))
def test_any_configuration_space_is_decoded(space: bytes) -> None:
    function = FakeFunction(0, 0)
    function.space[:] = space
    bus = FakeBus({(0, 0, 0): function})
    device = read_device(bus, ORIGIN)
    if device is not None:
        assert len(read_base_addresses(bus, device, with_sizes=True)) <= 6
    assert len(read_capabilities(bus, ORIGIN)) <= 48


@pytest.mark.parametrize(
    ("address", "offset", "value"),
    [(PciAddress(0, 0, 0), 0, 0x80000000), (PciAddress(1, 2, 3), 0x10, 0x80011310),
     (PciAddress(255, 31, 7), 0xFF, 0x80FFFFFC)],
)  # fmt: skip
def test_config_address_has_the_fields_of_the_specification(address: PciAddress, offset: int, value: int) -> None:
    assert config_address(address, offset) == value
