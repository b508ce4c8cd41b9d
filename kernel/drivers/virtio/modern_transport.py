"""The modern PCI transport: structures in memory that vendor capabilities describe. VIRTIO 1.2, 4.1.4.

A capability names a BAR, an offset and a length; a structure that is too short, or leaves its BAR, counts as absent.
Fields are accessed in their own width (4.1.3.1), 64-bit ones as two halves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kernel.drivers.pci.configuration import ConfigurationAccess, PciAddress
from kernel.drivers.pci.decode import BaseAddress, read_capabilities
from kernel.drivers.pci.registers import CAPABILITY_VENDOR
from kernel.drivers.virtio.queue import VirtQueue
from kernel.drivers.virtio.registers import (
    CAPABILITY_BAR,
    CAPABILITY_COMMON,
    CAPABILITY_DEVICE,
    CAPABILITY_LENGTH,
    CAPABILITY_NOTIFY,
    CAPABILITY_NOTIFY_MULTIPLIER,
    CAPABILITY_OFFSET,
    CAPABILITY_TYPE,
    COMMON_DEVICE_FEATURE,
    COMMON_DEVICE_FEATURE_SELECT,
    COMMON_DRIVER_FEATURE,
    COMMON_DRIVER_FEATURE_SELECT,
    COMMON_GENERATION,
    COMMON_QUEUE_DESCRIPTORS,
    COMMON_QUEUE_DEVICE,
    COMMON_QUEUE_DRIVER,
    COMMON_QUEUE_ENABLE,
    COMMON_QUEUE_NOTIFY_OFFSET,
    COMMON_QUEUE_SELECT,
    COMMON_QUEUE_SIZE,
    COMMON_SIZE,
    COMMON_STATUS,
)
from kernel.drivers.virtio.transport import VirtioTransport
from kernel.mm.device_memory import map_device
from runtime.abi.error_numbers import EIO, ENXIO
from runtime.lang import PhysicalAddress, Ptr, u8, u16, u32, u64, volatile_read, volatile_write

# Bytes of the block device's configuration that are used: its capacity.
DEVICE_CONFIGURATION_SIZE: Final = 8
# Largest structure that is mapped; QEMU's notification area takes 4 KiB.
LARGEST_STRUCTURE: Final = 1 << 24


@dataclass(frozen=True, slots=True)
class Structure:
    """Where a capability says that a structure lies."""

    physical: u64
    length: int
    # Of the notification structure alone: bytes between the places of two queues.
    multiplier: int


class ModernTransport(VirtioTransport):
    """One device whose structures are mapped."""

    _common: Ptr[u8]
    _notify: Ptr[u8]
    _device: Ptr[u8]
    _notify_length: int
    _notify_multiplier: int
    # Where to announce work in the one queue that is used, seen from `_notify`.
    _notify_offset: int = 0

    def __init__(self, common: Structure, notify: Structure, device: Structure) -> None:
        self.is_modern = True
        self._common = map_structure(common)
        self._notify = map_structure(notify)
        self._device = map_structure(device)
        self._notify_length = notify.length
        self._notify_multiplier = notify.multiplier

    def status(self) -> int:
        return int(volatile_read(self._common + COMMON_STATUS))

    def set_status(self, status: int) -> None:
        volatile_write(self._common + COMMON_STATUS, u8(status & 0xFF))

    def device_features(self) -> u64:
        self._put_u32(COMMON_DEVICE_FEATURE_SELECT, 0)
        low = u64(self._get_u32(COMMON_DEVICE_FEATURE))
        self._put_u32(COMMON_DEVICE_FEATURE_SELECT, 1)
        return low | u64(self._get_u32(COMMON_DEVICE_FEATURE)) << 32

    def accept_features(self, features: u64) -> None:
        self._put_u32(COMMON_DRIVER_FEATURE_SELECT, 0)
        self._put_u32(COMMON_DRIVER_FEATURE, int(features & 0xFFFF_FFFF))
        self._put_u32(COMMON_DRIVER_FEATURE_SELECT, 1)
        self._put_u32(COMMON_DRIVER_FEATURE, int(features >> 32))

    def queue_size(self, index: int) -> int:
        self._put_u16(COMMON_QUEUE_SELECT, index)
        return self._get_u16(COMMON_QUEUE_SIZE)

    def enable_queue(self, index: int, queue: VirtQueue) -> None:
        self._put_u16(COMMON_QUEUE_SELECT, index)
        self._put_u16(COMMON_QUEUE_SIZE, queue.layout.queue_size)
        self._put_address(COMMON_QUEUE_DESCRIPTORS, queue.physical)
        self._put_address(COMMON_QUEUE_DRIVER, queue.available_address)
        self._put_address(COMMON_QUEUE_DEVICE, queue.used_address)
        offset = self._get_u16(COMMON_QUEUE_NOTIFY_OFFSET) * self._notify_multiplier
        if offset + 2 > self._notify_length or offset % 2 != 0:
            raise OSError(EIO, "virtio: the queue's notification place lies outside of its structure")
        self._notify_offset = offset
        self._put_u16(COMMON_QUEUE_ENABLE, 1)

    def notify(self, index: int) -> None:
        volatile_write((self._notify + self._notify_offset).cast(u16), u16(index))

    def read_configuration(self, offset: int) -> int:
        return int(volatile_read((self._device + offset).cast(u32)))

    def configuration_generation(self) -> int:
        return int(volatile_read(self._common + COMMON_GENERATION))

    def _get_u16(self, offset: int) -> int:
        return int(volatile_read((self._common + offset).cast(u16)))

    def _put_u16(self, offset: int, value: int) -> None:
        volatile_write((self._common + offset).cast(u16), u16(value))

    def _get_u32(self, offset: int) -> int:
        return int(volatile_read((self._common + offset).cast(u32)))

    def _put_u32(self, offset: int, value: int) -> None:
        volatile_write((self._common + offset).cast(u32), u32(value))

    def _put_address(self, offset: int, address: PhysicalAddress) -> None:
        self._put_u32(offset, int(address.value & 0xFFFF_FFFF))
        self._put_u32(offset + 4, int(address.value >> 32))


def map_structure(structure: Structure) -> Ptr[u8]:
    """The structure's bytes, uncached."""
    return Ptr[u8](map_device(PhysicalAddress(structure.physical), u64(structure.length)).value)


def find_structure(
    access: ConfigurationAccess, address: PciAddress, bars: list[BaseAddress], kind: int, smallest: int
) -> Structure | None:
    """The first usable capability of a kind (4.1.4: the driver takes the first that it can use), or None."""
    for capability in read_capabilities(access, address):
        if capability.identifier != CAPABILITY_VENDOR or capability.offset + CAPABILITY_NOTIFY_MULTIPLIER > 256:
            continue
        if access.read8(address, capability.offset + CAPABILITY_TYPE) != kind:
            continue
        found = decode_structure(access, address, bars, capability.offset)
        if found is not None and found.length >= smallest:
            return found
    return None


def decode_structure(
    access: ConfigurationAccess, address: PciAddress, bars: list[BaseAddress], capability: int
) -> Structure | None:
    """What a capability describes, or None when that is not inside a memory BAR."""
    index = access.read8(address, capability + CAPABILITY_BAR)
    offset = access.read32(address, capability + CAPABILITY_OFFSET)
    length = access.read32(address, capability + CAPABILITY_LENGTH)
    multiplier = 0
    if capability + CAPABILITY_NOTIFY_MULTIPLIER + 4 <= 256:
        multiplier = access.read32(address, capability + CAPABILITY_NOTIFY_MULTIPLIER)
    for bar in bars:
        if bar.index == index and not bar.is_io and bar.address != 0:
            if length <= LARGEST_STRUCTURE and u64(offset) + u64(length) <= bar.size:
                return Structure(bar.address + offset, length, multiplier)
    return None


def open_modern(access: ConfigurationAccess, address: PciAddress, bars: list[BaseAddress]) -> ModernTransport:
    """The transport of a device that has the three structures; ENXIO otherwise."""
    common = find_structure(access, address, bars, CAPABILITY_COMMON, COMMON_SIZE)
    notify = find_structure(access, address, bars, CAPABILITY_NOTIFY, 2)
    device = find_structure(access, address, bars, CAPABILITY_DEVICE, DEVICE_CONFIGURATION_SIZE)
    if common is None or notify is None or device is None:
        raise OSError(ENXIO, "virtio: the device lacks a structure of the modern transport")
    return ModernTransport(common, notify, device)
