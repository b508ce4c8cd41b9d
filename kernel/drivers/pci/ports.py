"""Configuration mechanism #1: an address written to 0xCF8, data moved through 0xCFC.

PCI Local Bus Specification 3.0 §3.2.2.3.2. CONFIG_ADDRESS: bit 31 enable, 23:16 bus, 15:11 device, 10:8 function,
7:2 register. The two ports are one shared register pair: the caller keeps interrupts from coming in between.
"""

from __future__ import annotations

from kernel.drivers.pci.configuration import ConfigurationAccess, PciAddress
from kernel.drivers.pci.registers import CONFIG_ADDRESS_PORT, CONFIG_DATA_PORT, CONFIG_ENABLE
from runtime.lang import port_read, port_write, u32


class PortConfiguration(ConfigurationAccess):
    """Configuration space of every PC, 256 bytes per function."""

    def read32(self, address: PciAddress, offset: int) -> int:
        """Return a 32-bit register."""
        port_write(u32, CONFIG_ADDRESS_PORT, u32(config_address(address, offset)))
        return int(port_read(u32, CONFIG_DATA_PORT))

    def write32(self, address: PciAddress, offset: int, value: int) -> None:
        """Set a 32-bit register."""
        port_write(u32, CONFIG_ADDRESS_PORT, u32(config_address(address, offset)))
        port_write(u32, CONFIG_DATA_PORT, u32(value))


def config_address(address: PciAddress, offset: int) -> int:
    """Return the value of CONFIG_ADDRESS for a register."""
    place = address.bus << 16 | address.device << 11 | address.function << 8
    return CONFIG_ENABLE | place | offset & 0xFC
