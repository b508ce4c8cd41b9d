"""How configuration space is reached, and what a function is called.

`ConfigurationAccess` is the base class: the port mechanism, a memory-mapped one later, and the fakes of the tests
extend it. Accesses are 32 bits wide and aligned; reading a function that does not exist gives all ones. None of it
raises: the bus has no way to report an error.
"""

from __future__ import annotations

from dataclasses import dataclass

from kernel.drivers.pci.registers import COMMAND


@dataclass(frozen=True, slots=True)
class PciAddress:
    """Bus, device and function."""

    bus: int
    device: int
    function: int

    def __str__(self) -> str:
        return f"{self.bus:02x}:{self.device:02x}.{self.function}"


class ConfigurationAccess:
    """Base class of the ways to configuration space; `offset` is a multiple of 4 below 256."""

    def read32(self, address: PciAddress, offset: int) -> int:
        """Return a 32-bit register."""
        return 0xFFFFFFFF

    def write32(self, address: PciAddress, offset: int, value: int) -> None:
        """Set a 32-bit register."""

    def read16(self, address: PciAddress, offset: int) -> int:
        """Return the 16-bit register at an even offset."""
        return self.read32(address, offset & ~3) >> (offset % 4 * 8) & 0xFFFF

    def read8(self, address: PciAddress, offset: int) -> int:
        """Return the 8-bit register at any offset."""
        return self.read32(address, offset & ~3) >> (offset % 4 * 8) & 0xFF

    def write_command(self, address: PciAddress, command: int) -> None:
        """Set the command register; zeros in the status half leave its write-one-to-clear bits alone."""
        self.write32(address, COMMAND, command & 0xFFFF)
