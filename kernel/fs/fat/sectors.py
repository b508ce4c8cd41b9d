"""A volume's sectors on a device: translates sector sizes and keeps one sector in memory.

A volume may use larger sectors than its device (never smaller ones: the device cannot read them alone). The one-sector
cache serves the allocation table and directories, which are read entry by entry.
"""

from __future__ import annotations

from kernel.interfaces.block_device import BlockDevice
from runtime.abi.error_numbers import EINVAL
from runtime.lang import Array, new_array, u8


class VolumeSectors:
    """Sector access in the volume's own sector size; errors are the device's."""

    sector_size: int
    _device: BlockDevice
    _ratio: int  # device sectors per volume sector
    _cached: Array[u8]
    _cached_number: int = -1  # the sector that `_cached` holds, -1 for none

    def __init__(self, device: BlockDevice, sector_size: int) -> None:
        if sector_size % device.sector_size != 0:
            raise OSError(EINVAL, f"FAT: sectors of {sector_size} bytes on a device of {device.sector_size}")
        self.sector_size = sector_size
        self._device = device
        self._ratio = sector_size // device.sector_size
        self._cached = new_array(u8, sector_size)

    def read(self, first: int, count: int, buffer: Array[u8]) -> None:
        """Read whole sectors into a buffer of exactly their size."""
        self._device.read_sectors(first * self._ratio, count * self._ratio, buffer)

    def cached(self, number: int) -> Array[u8]:
        """Return the sector's bytes, valid until the next call; a failed read leaves nothing cached."""
        if number != self._cached_number:
            self._cached_number = -1
            self.read(number, 1, self._cached)
            self._cached_number = number
        return self._cached
