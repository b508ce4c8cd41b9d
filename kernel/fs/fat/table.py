"""The allocation table: which cluster follows which.

An entry is 16 bits: 0 free, 2 … cluster_count + 1 the next cluster, 0xFFF7 bad, 0xFFF8 … 0xFFFF end of chain
("FAT Data Structure" of the specification). A chain is followed for at most as many steps as there are clusters: a
longer one is a cycle. Where the first copy of the table cannot be read the second one answers.

Errors: EIO for a chain that leaves the volume, runs into a free or bad cluster, or does not end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kernel.fs.fat.boot_sector import BootSector
from kernel.fs.fat.sectors import VolumeSectors
from kernel.lib.byte_codec import get_u16
from runtime.abi.error_numbers import EIO

FIRST_CLUSTER: Final = 2
END_OF_CHAIN: Final = 0xFFF8  # this and above
_BAD_CLUSTER: Final = 0xFFF7
_FREE: Final = 0
_ENTRY_SIZE: Final = 2


@dataclass(frozen=True, slots=True)
class Extent:
    """A run of consecutive clusters."""

    first_cluster: int
    cluster_count: int


class AllocationTable:
    """Follows chains of clusters."""

    _sectors: VolumeSectors
    _geometry: BootSector

    def __init__(self, sectors: VolumeSectors, geometry: BootSector) -> None:
        self._sectors = sectors
        self._geometry = geometry

    def is_valid_cluster(self, cluster: int) -> bool:
        """Tell whether the number names a data cluster of this volume."""
        return FIRST_CLUSTER <= cluster < FIRST_CLUSTER + self._geometry.cluster_count

    def next_cluster(self, cluster: int) -> int:
        """Return the cluster after this one, or END_OF_CHAIN for the last."""
        if not self.is_valid_cluster(cluster):
            raise OSError(EIO, f"FAT: cluster {cluster} is not on the volume")
        entry = self._entry(cluster)
        if entry >= END_OF_CHAIN:
            return END_OF_CHAIN
        if entry == _FREE:
            raise OSError(EIO, f"FAT: the chain runs into the free cluster {cluster}")
        if entry == _BAD_CLUSTER:
            raise OSError(EIO, f"FAT: the chain runs into the bad cluster {cluster}")
        if not self.is_valid_cluster(entry):
            raise OSError(EIO, f"FAT: cluster {cluster} points at {entry}, which is not on the volume")
        return entry

    def extents(self, first_cluster: int, max_clusters: int) -> list[Extent]:
        """Return the whole chain as runs of consecutive clusters; more than `max_clusters` are an error."""
        runs: list[Extent] = []
        run_start = first_cluster
        run_length = 1
        cluster = self.next_cluster(first_cluster)
        steps = 1
        while cluster != END_OF_CHAIN:
            steps += 1
            if steps > max_clusters or steps > self._geometry.cluster_count:
                raise OSError(EIO, f"FAT: the chain from cluster {first_cluster} does not end")
            if cluster == run_start + run_length:
                run_length += 1
            else:
                runs.append(Extent(run_start, run_length))
                run_start = cluster
                run_length = 1
            cluster = self.next_cluster(cluster)
        runs.append(Extent(run_start, run_length))
        return runs

    def count_free(self) -> int:
        """Return the number of free clusters."""
        free = 0
        for cluster in range(FIRST_CLUSTER, FIRST_CLUSTER + self._geometry.cluster_count):
            if self._entry(cluster) == _FREE:
                free += 1
        return free

    def _entry(self, cluster: int) -> int:
        """Return the raw entry, from the first copy of the table that can be read."""
        offset = cluster * _ENTRY_SIZE
        number = self._geometry.fat_first_sector + offset // self._sectors.sector_size
        within = offset % self._sectors.sector_size
        try:
            return get_u16(self._sectors.cached(number), within)
        except OSError:
            if self._geometry.fat_count < 2:
                raise
        return get_u16(self._sectors.cached(number + self._geometry.sectors_per_fat), within)
