"""An open file of a FAT volume: reading any range of it.

The chain is walked once, when the file is opened, and kept as runs of consecutive clusters; so a broken or cyclic
chain is reported by `open`, and a read of a contiguous file is one request to the device. The file's size is the
directory entry's, and the chain must have room for it.
"""

from __future__ import annotations

from kernel.fs.fat.boot_sector import BootSector
from kernel.fs.fat.sectors import VolumeSectors
from kernel.fs.fat.table import FIRST_CLUSTER, Extent
from runtime.abi.error_numbers import EINVAL, EIO
from runtime.lang import Array, new_array, u8


class File:
    """A readable file; errors of `read` are the device's, and EINVAL for a negative offset."""

    size: int  # bytes
    _sectors: VolumeSectors
    _geometry: BootSector
    _extents: list[Extent]

    def __init__(self, sectors: VolumeSectors, geometry: BootSector, extents: list[Extent], size: int) -> None:
        room = 0
        for extent in extents:
            room += extent.cluster_count * geometry.cluster_bytes
        if size > room:
            raise OSError(EIO, f"FAT: a file of {size} bytes in a chain of {room}")
        self.size = size
        self._sectors = sectors
        self._geometry = geometry
        self._extents = extents

    def read(self, offset: int, buffer: Array[u8]) -> int:
        """Fill the buffer from `offset` on; returns the bytes read, fewer only at the end of the file."""
        if offset < 0:
            raise OSError(EINVAL, f"a read at offset {offset}")
        wanted = min(len(buffer), max(0, self.size - offset))
        done = 0
        while done < wanted:
            done += self._read_piece(offset + done, buffer[done:wanted])
        return wanted

    def _read_piece(self, offset: int, buffer: Array[u8]) -> int:
        """Read from one extent: whole sectors at once, or a part of one sector; returns at least 1."""
        sector_size = self._sectors.sector_size
        sector, sectors_left = self._locate(offset // sector_size)
        within = offset % sector_size
        if within == 0 and len(buffer) >= sector_size:
            count = min(len(buffer) // sector_size, sectors_left)
            self._sectors.read(sector, count, buffer[: count * sector_size])
            return count * sector_size
        length = min(sector_size - within, len(buffer))
        bounce = new_array(u8, sector_size)
        self._sectors.read(sector, 1, bounce)
        buffer[:length].copy_from(bounce[within : within + length])
        return length

    def _locate(self, file_sector: int) -> tuple[int, int]:
        """Return the volume sector of a sector of the file, and how many follow it in the same extent."""
        skipped = 0
        for extent in self._extents:
            length = extent.cluster_count * self._geometry.sectors_per_cluster
            if file_sector < skipped + length:
                within = file_sector - skipped
                first = self._geometry.data_first_sector
                first += (extent.first_cluster - FIRST_CLUSTER) * self._geometry.sectors_per_cluster
                return first + within, length - within
            skipped += length
        raise OSError(EIO, f"FAT: sector {file_sector} is past the end of the chain")
