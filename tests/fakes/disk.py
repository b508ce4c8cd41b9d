"""An in-memory disk that misbehaves on request: bad sectors, a device that goes away, a device that lies.

It plays the device's side of `kernel.interfaces.block_device`: it checks every request as a driver would, counts
reads, and keeps the log of which sectors were read.
"""

from __future__ import annotations

from errno import EIO, ENXIO
from pathlib import Path

from kernel.interfaces.block_device import BlockDevice
from runtime.lang import Array, u8


class FakeDisk(BlockDevice):
    """A disk over a bytearray."""

    def __init__(self, content: bytes | bytearray, sector_size: int = 512) -> None:
        self.content = bytearray(content)
        super().__init__(sector_size, len(content) // sector_size)
        self.bad_sectors: set[int] = set()
        self.vanishes_after: int | None = None  # that many more reads succeed, then the device is gone
        self.reads: list[tuple[int, int]] = []  # first sector, count

    @classmethod
    def of_file(cls, path: Path, sector_size: int = 512) -> FakeDisk:
        """A disk with the content of an image file."""
        return cls(path.read_bytes(), sector_size)

    def read_sectors(self, first: int, count: int, buffer: Array[u8]) -> None:
        """Read sectors, or fail as told."""
        self.check_range(first, count, buffer)
        self.reads.append((first, count))
        if self.vanishes_after is not None:
            if self.vanishes_after == 0:
                raise OSError(ENXIO, "the disk is gone")
            self.vanishes_after -= 1
        for sector in range(first, first + count):
            if sector in self.bad_sectors:
                raise OSError(EIO, f"sector {sector} is bad")
        start = first * self.sector_size
        for index, byte in enumerate(self.content[start : start + count * self.sector_size]):
            buffer[index] = byte
