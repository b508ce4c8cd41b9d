"""A device of numbered, equally sized sectors: disks, partitions, and the fakes of the tests.

Contract: `read_sectors` fills the whole buffer or raises; it may block (bounded by the driver's time limit) and is
never called from interrupt context or under a spin lock. Errors:
  EINVAL  the buffer is not a whole number of sectors, or the range leaves the device: the caller's fault
  EIO     the device reported an error or answered with nonsense
  ETIMEDOUT  the device did not answer in time
  ENXIO   the device is gone
"""

from __future__ import annotations

from runtime.abi.error_numbers import EINVAL, EIO
from runtime.lang import Array, u8


class BlockDevice:
    """Base class of everything that can be read by sectors."""

    sector_size: int  # bytes, a power of two of at least 512
    sector_count: int  # sectors that can be addressed: 0 … sector_count - 1

    def __init__(self, sector_size: int, sector_count: int) -> None:
        self.sector_size = sector_size
        self.sector_count = sector_count

    def read_sectors(self, first: int, count: int, buffer: Array[u8]) -> None:
        """Read `count` sectors from sector `first` on into the buffer, which has exactly their size."""
        raise OSError(EIO, "this device cannot be read")

    def check_range(self, first: int, count: int, buffer: Array[u8]) -> None:
        """Raise EINVAL unless the sectors lie on the device and the buffer has exactly their size."""
        if first < 0 or count < 0 or count > self.sector_count or first > self.sector_count - count:
            raise OSError(EINVAL, f"sectors {first}+{count} leave a device of {self.sector_count} sectors")
        if len(buffer) != count * self.sector_size:
            raise OSError(EINVAL, f"a buffer of {len(buffer)} bytes for {count} sectors of {self.sector_size}")
