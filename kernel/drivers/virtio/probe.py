"""Finding virtio block devices among the PCI functions, and the transport of each. VIRTIO 1.2, 4.1.2.

A transitional device (0x1001) offers both transports: the modern one is taken where its structures are there. A device
that was told to be legacy has no capabilities, one that was told to be modern has the other identifier.
"""

from __future__ import annotations

from typing import Final

from kernel.drivers.pci.configuration import ConfigurationAccess
from kernel.drivers.pci.decode import PciDevice, read_base_addresses
from kernel.drivers.pci.registers import (
    COMMAND,
    COMMAND_INTERRUPT_DISABLE,
    COMMAND_IO,
    COMMAND_MASTER,
    COMMAND_MEMORY,
)
from kernel.drivers.virtio.legacy_transport import LegacyTransport
from kernel.drivers.virtio.modern_transport import open_modern
from kernel.drivers.virtio.registers import DEVICE_LEGACY_BLOCK, DEVICE_MODERN_BLOCK, VENDOR_VIRTIO
from kernel.drivers.virtio.transport import VirtioTransport
from runtime.abi.error_numbers import ENXIO

HIGHEST_PORT: Final = 0xFFFF


def is_block_device(device: PciDevice) -> bool:
    """Whether the function is a virtio disk."""
    is_block = device.device_id == DEVICE_LEGACY_BLOCK or device.device_id == DEVICE_MODERN_BLOCK
    return device.vendor_id == VENDOR_VIRTIO and is_block


def open_transport(access: ConfigurationAccess, device: PciDevice) -> VirtioTransport:
    """Switch the function on and return its transport. ENXIO when it has none that works; MemoryError."""
    bars = read_base_addresses(access, device, True)
    command = access.read32(device.address, COMMAND) & 0xFFFF
    wanted = COMMAND_IO | COMMAND_MEMORY | COMMAND_MASTER | COMMAND_INTERRUPT_DISABLE
    access.write_command(device.address, command | wanted)
    try:
        return open_modern(access, device.address, bars)
    except OSError:
        if device.device_id != DEVICE_LEGACY_BLOCK:
            raise
    for bar in bars:
        if bar.index == 0 and bar.is_io and bar.address != 0 and bar.address <= HIGHEST_PORT - 0x40:
            return LegacyTransport(int(bar.address))
    raise OSError(ENXIO, "virtio: neither structures in memory nor ports")
