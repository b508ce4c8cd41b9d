"""Damage for a FAT16 volume inside a disk image: chains and directory entries bent by hand.

Microsoft FAT specification 1.03, sections 3.1 (BPB), 4 (table) and 6 (directories). Only what the tests bend is here;
paths are short names.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from pathlib import Path

SECTOR = 512
PARTITION_OFFSET = 1 << 20
ENTRY_BYTES = 2
DIRECTORY_ENTRY_BYTES = 32
NAME_BYTES = 11
FIRST_CLUSTER_OFFSET = 26
END_OF_CHAIN = 0xFFF8


class BrokenVolume:
    """The system partition of an image, open for damage; offsets are bytes from its start."""

    def __init__(self, image: Path) -> None:
        self._image = image
        boot = self.read(0, SECTOR)
        self.sectors_per_cluster, reserved, self._copies, root_entries = struct.unpack_from("<BHBH", boot, 13)
        (self._table_sectors,) = struct.unpack_from("<H", boot, 22)
        self._table = reserved * SECTOR
        self._root = self._table + self._copies * self._table_sectors * SECTOR
        self._data = self._root + root_entries * DIRECTORY_ENTRY_BYTES

    @property
    def cluster_bytes(self) -> int:
        return int(self.sectors_per_cluster) * SECTOR

    def read(self, offset: int, size: int) -> bytes:
        with self._image.open("rb") as file:
            file.seek(PARTITION_OFFSET + offset)
            return file.read(size)

    def write(self, offset: int, data: bytes) -> None:
        with self._image.open("r+b") as file:
            file.seek(PARTITION_OFFSET + offset)
            file.write(data)

    def chain(self, path: str) -> list[int]:
        """The clusters of a file or directory."""
        clusters = [self._first_cluster(self._entry(path))]
        while (following := self._word(self._table + clusters[-1] * ENTRY_BYTES)) < END_OF_CHAIN:
            clusters.append(following)
        return clusters

    def point(self, cluster: int, following: int) -> None:
        """Let a cluster's entry name another one, in every copy of the table."""
        for copy in range(self._copies):
            place = self._table + copy * self._table_sectors * SECTOR + cluster * ENTRY_BYTES
            self.write(place, struct.pack("<H", following))

    def redirect(self, path: str, cluster: int) -> None:
        """Let the entry of a file or directory name another first cluster."""
        self.write(self._entry(path) + FIRST_CLUSTER_OFFSET, struct.pack("<H", cluster))

    def place_of(self, cluster: int) -> int:
        """Where a cluster's content begins."""
        return self._data + (cluster - 2) * self.cluster_bytes

    def disk_sector(self, cluster: int) -> int:
        """The number of a cluster's first sector on the disk."""
        return (PARTITION_OFFSET + self.place_of(cluster)) // SECTOR

    def _entry(self, path: str) -> int:
        """Where the directory entry is."""
        places: Iterable[int] = range(self._root, self._data, DIRECTORY_ENTRY_BYTES)
        place = 0
        for name in path.strip("/").split("/"):
            wanted = name.upper().encode().ljust(NAME_BYTES)
            found = [place for place in places if self.read(place, NAME_BYTES) == wanted]
            assert found, f"{path}: {name} is not there"
            place = found[0]
            start = self.place_of(self._first_cluster(place))
            places = range(start, start + self.cluster_bytes, DIRECTORY_ENTRY_BYTES)
        return place

    def _first_cluster(self, entry: int) -> int:
        return self._word(entry + FIRST_CLUSTER_OFFSET)

    def _word(self, offset: int) -> int:
        return int.from_bytes(self.read(offset, 2), "little")
