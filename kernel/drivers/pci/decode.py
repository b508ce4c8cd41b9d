"""One PCI function decoded: identity, base address registers, capabilities.

Values come from hardware and are checked all the same: a capability list is followed for at most as many steps as
there is room for entries, so a loop ends; pointers into the standard header are refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kernel.drivers.pci.configuration import ConfigurationAccess, PciAddress
from kernel.drivers.pci.registers import (
    BAR_IO,
    BAR_IO_MASK,
    BAR_MEMORY_MASK,
    BAR_PREFETCHABLE,
    BAR_TYPE_64,
    BAR_TYPE_MASK,
    BASE_ADDRESS_0,
    BRIDGE_BARS,
    BUS_NUMBERS,
    CAPABILITIES,
    CLASS_BRIDGE,
    CLASS_NAMES,
    COMMAND,
    COMMAND_IO,
    COMMAND_MEMORY,
    DEVICE_BARS,
    FIRST_CAPABILITY,
    HEADER_BRIDGE,
    HEADER_DEVICE,
    HEADER_LAYOUT_MASK,
    HEADER_TYPE,
    INTERRUPT,
    MULTIFUNCTION,
    NO_DEVICE,
    REVISION,
    STATUS_CAPABILITIES,
    SUBCLASS_NAMES,
    SUBCLASS_PCI_BRIDGE,
    SUBSYSTEM,
    VENDOR_ID,
)
from runtime.lang import u64

_MAX_CAPABILITIES: Final = (256 - FIRST_CAPABILITY) // 4
_ALL_ONES: Final = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class PciDevice:
    """A function that answered."""

    address: PciAddress
    vendor_id: int
    device_id: int
    class_code: int
    subclass: int
    programming_interface: int
    revision: int
    header_layout: int
    is_multifunction: bool
    subsystem_vendor_id: int  # 0 for bridges
    subsystem_id: int
    interrupt_line: int

    @property
    def is_pci_bridge(self) -> bool:
        """Whether another bus lies behind it."""
        is_bridge = self.class_code == CLASS_BRIDGE and self.subclass == SUBCLASS_PCI_BRIDGE
        return is_bridge and self.header_layout == HEADER_BRIDGE

    @property
    def class_name(self) -> str:
        """What kind of device it is, in words."""
        return class_name(self.class_code, self.subclass)


@dataclass(frozen=True, slots=True)
class BaseAddress:
    """A base address register that is in use."""

    index: int
    is_io: bool
    is_64_bit: bool
    is_prefetchable: bool
    address: u64  # a port number or a physical address; 0 when the firmware assigned none
    size: u64  # bytes; 0 when the size was not asked for


@dataclass(frozen=True, slots=True)
class Capability:
    """An entry of the capability list."""

    identifier: int
    offset: int


def class_name(class_code: int, subclass: int) -> str:
    """Return the name of a class and subclass, or of the class alone."""
    for code, name in SUBCLASS_NAMES:
        if code == class_code << 8 | subclass:
            return name
    return CLASS_NAMES[class_code] if class_code < len(CLASS_NAMES) else "unknown device"


def read_device(access: ConfigurationAccess, address: PciAddress) -> PciDevice | None:
    """Return the function at the address, or None when nothing answers."""
    identity = access.read32(address, VENDOR_ID)
    vendor_id = identity & 0xFFFF
    if vendor_id == NO_DEVICE or vendor_id == 0:
        return None
    classes = access.read32(address, REVISION)
    header_type = access.read8(address, HEADER_TYPE)
    layout = header_type & HEADER_LAYOUT_MASK
    subsystem = access.read32(address, SUBSYSTEM) if layout == HEADER_DEVICE else 0
    return PciDevice(
        address,
        vendor_id,
        identity >> 16,
        classes >> 24,
        classes >> 16 & 0xFF,
        classes >> 8 & 0xFF,
        classes & 0xFF,
        layout,
        header_type & MULTIFUNCTION != 0,
        subsystem & 0xFFFF,
        subsystem >> 16,
        access.read8(address, INTERRUPT),
    )


def secondary_bus(access: ConfigurationAccess, bridge: PciAddress) -> int:
    """Return the number of the bus behind a bridge; 0 when the firmware configured none."""
    return access.read32(bridge, BUS_NUMBERS) >> 8 & 0xFF


def read_base_addresses(access: ConfigurationAccess, device: PciDevice, with_sizes: bool = False) -> list[BaseAddress]:
    """Return the base address registers in use.

    Sizes are found by writing ones (§6.2.5.1), with the function's decoding switched off meanwhile; only for a device
    that is not in use.
    """
    command = access.read32(device.address, COMMAND) & 0xFFFF
    if with_sizes:
        access.write_command(device.address, command & ~(COMMAND_IO | COMMAND_MEMORY))
    found: list[BaseAddress] = []
    count = _bar_count(device.header_layout)
    index = 0
    while index < count:
        base = _read_bar(access, device.address, index, count, with_sizes)
        if base.address != 0 or base.size != 0:
            found.append(base)
        index += 2 if base.is_64_bit else 1
    if with_sizes:
        access.write_command(device.address, command)
    return found


def _bar_count(header_layout: int) -> int:
    """Return how many base address registers a header has."""
    if header_layout == HEADER_DEVICE:
        return DEVICE_BARS
    return BRIDGE_BARS if header_layout == HEADER_BRIDGE else 0


def _read_bar(access: ConfigurationAccess, address: PciAddress, index: int, count: int, with_size: bool) -> BaseAddress:
    """Return one register, with its upper half when it is 64 bits wide."""
    offset = BASE_ADDRESS_0 + index * 4
    low = access.read32(address, offset)
    if low & BAR_IO != 0:
        size = _probe_size(access, address, offset, low, BAR_IO_MASK) if with_size else 0
        # Upper sixteen bits that read back as zero mean a device that decodes 16-bit ports only.
        size = size & 0xFFFF if size > 0xFFFF else size
        return BaseAddress(index, True, False, False, u64(low & BAR_IO_MASK), u64(size))
    prefetchable = low & BAR_PREFETCHABLE != 0
    if low & BAR_TYPE_MASK != BAR_TYPE_64 or index + 1 >= count:
        size = _probe_size(access, address, offset, low, BAR_MEMORY_MASK) if with_size else 0
        return BaseAddress(index, False, False, prefetchable, u64(low & BAR_MEMORY_MASK), u64(size))
    high = access.read32(address, offset + 4)
    size64 = _probe_size64(access, address, offset, low, high) if with_size else u64(0)
    return BaseAddress(index, False, True, prefetchable, u64(low & BAR_MEMORY_MASK) | u64(high) << 32, size64)


def _probe_size(access: ConfigurationAccess, address: PciAddress, offset: int, value: int, mask: int) -> int:
    """Return the size behind a 32-bit register, which is restored; 0 when it does not exist."""
    access.write32(address, offset, _ALL_ONES)
    answer = access.read32(address, offset) & mask
    access.write32(address, offset, value)
    return (~answer & _ALL_ONES) + 1 if answer != 0 else 0


def _probe_size64(access: ConfigurationAccess, address: PciAddress, offset: int, low: int, high: int) -> u64:
    """Return the size behind a 64-bit register, which is restored; 0 when it does not exist."""
    access.write32(address, offset, _ALL_ONES)
    access.write32(address, offset + 4, _ALL_ONES)
    answer_low = access.read32(address, offset) & BAR_MEMORY_MASK
    answer_high = access.read32(address, offset + 4)
    access.write32(address, offset, low)
    access.write32(address, offset + 4, high)
    answer = u64(answer_low) | u64(answer_high) << 32
    return ~answer + 1 if answer != 0 else answer


def read_capabilities(access: ConfigurationAccess, address: PciAddress) -> list[Capability]:
    """Return the capability list, in list order; it ends at the first pointer that makes no sense."""
    found: list[Capability] = []
    if access.read32(address, COMMAND) >> 16 & STATUS_CAPABILITIES == 0:
        return found
    offset = access.read8(address, CAPABILITIES) & 0xFC
    while offset >= FIRST_CAPABILITY and len(found) < _MAX_CAPABILITIES:
        header = access.read16(address, offset)
        if header == 0xFFFF:
            break
        found.append(Capability(header & 0xFF, offset))
        offset = header >> 8 & 0xFC
    return found
