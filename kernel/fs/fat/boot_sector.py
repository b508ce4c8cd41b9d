"""The first sector of a FAT volume: the BIOS parameter block, every field validated.

Format: Microsoft "FAT: General Overview of On-Disk Format" 1.03 (ECMA-107 for FAT12/16). The FAT type follows from
the number of clusters alone (§ "FAT Type Determination"). Only FAT16 is accepted; FAT12 and FAT32 are recognised and
refused by name. Everything a later stage computes with (sector numbers, cluster limits) is checked here against the
size of the device, so that no arithmetic after this module can leave it.

Errors: EINVAL for what is no FAT volume or contradicts itself, EOPNOTSUPP for FAT12 and FAT32.

    | boot | reserved | FAT 1 | FAT 2 | root directory | data: cluster 2, 3, … |
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kernel.block.boot_record import BOOT_RECORD_SIZE, looks_like_volume
from kernel.lib.byte_codec import get_u16, get_u32
from runtime.abi.error_numbers import EINVAL, EOPNOTSUPP
from runtime.lang import Array, u8

DIRECTORY_ENTRY_SIZE: Final = 32

# Offsets of the fields (BPB_… and BS_… of the specification).
_BYTES_PER_SECTOR: Final = 11  # BPB_BytsPerSec
_SECTORS_PER_CLUSTER: Final = 13  # BPB_SecPerClus
_RESERVED_SECTORS: Final = 14  # BPB_RsvdSecCnt
_FAT_COUNT: Final = 16  # BPB_NumFATs
_ROOT_ENTRIES: Final = 17  # BPB_RootEntCnt
_TOTAL_SECTORS_16: Final = 19  # BPB_TotSec16
_MEDIA: Final = 21  # BPB_Media
_SECTORS_PER_FAT_16: Final = 22  # BPB_FATSz16
_TOTAL_SECTORS_32: Final = 32  # BPB_TotSec32
_SECTORS_PER_FAT_32: Final = 36  # BPB_FATSz32, FAT32 only

_MIN_FAT16_CLUSTERS: Final = 4085
_MIN_FAT32_CLUSTERS: Final = 65525
_MAX_CLUSTER_BYTES: Final = 65536  # 32 KiB by the specification; Windows and mkfs.fat also make 64 KiB
_FIXED_MEDIA: Final = 0xF8  # 0xF8 … 0xFF and 0xF0 are the legal media bytes
_REMOVABLE_MEDIA: Final = 0xF0


@dataclass(frozen=True, slots=True)
class BootSector:
    """The geometry of a valid FAT16 volume; sector numbers count from its boot sector, in its own sector size."""

    bytes_per_sector: int
    sectors_per_cluster: int
    fat_count: int
    sectors_per_fat: int
    fat_first_sector: int
    root_first_sector: int
    root_entries: int
    data_first_sector: int
    cluster_count: int  # valid clusters are 2 … cluster_count + 1
    total_sectors: int

    @property
    def cluster_bytes(self) -> int:
        """The size of a cluster in bytes."""
        return self.bytes_per_sector * self.sectors_per_cluster

    @property
    def root_sectors(self) -> int:
        """The length of the root directory in sectors."""
        return self.data_first_sector - self.root_first_sector


def parse_boot_sector(sector: Array[u8], device_bytes: int) -> BootSector:
    """Return the geometry that the sector describes, or raise OSError saying which field is wrong."""
    if len(sector) < BOOT_RECORD_SIZE:
        raise _invalid(f"a boot sector of {len(sector)} bytes")
    if not looks_like_volume(sector):
        raise _invalid("no FAT boot sector: jump instruction, signature or sector size missing")
    _check_plain_fields(sector)
    return _geometry(sector, device_bytes)


def _check_plain_fields(sector: Array[u8]) -> None:
    """Check the fields that stand alone."""
    sectors_per_cluster = int(sector[_SECTORS_PER_CLUSTER])
    if not _is_power_of_two(sectors_per_cluster):
        raise _invalid(f"{sectors_per_cluster} sectors per cluster is no power of two")
    if get_u16(sector, _BYTES_PER_SECTOR) * sectors_per_cluster > _MAX_CLUSTER_BYTES:
        raise _invalid("clusters larger than 64 KiB")
    if get_u16(sector, _RESERVED_SECTORS) == 0:
        raise _invalid("no reserved sectors, not even the boot sector")
    fat_count = int(sector[_FAT_COUNT])
    if fat_count < 1 or fat_count > 2:
        raise _invalid(f"{fat_count} allocation tables")
    media = int(sector[_MEDIA])
    if media < _FIXED_MEDIA and media != _REMOVABLE_MEDIA:
        raise _invalid(f"media byte {media:#04x}")


def _geometry(sector: Array[u8], device_bytes: int) -> BootSector:
    """Compute where everything lies and check it against the device."""
    bytes_per_sector = get_u16(sector, _BYTES_PER_SECTOR)
    total = _total_sectors(sector)
    if total > device_bytes // bytes_per_sector:
        raise _invalid(f"{total} sectors on a device of {device_bytes // bytes_per_sector}")
    fat_first = get_u16(sector, _RESERVED_SECTORS)
    fat_sectors = _fat_sectors(sector)
    fat_count = int(sector[_FAT_COUNT])
    root_first = fat_first + fat_count * fat_sectors
    root_entries = get_u16(sector, _ROOT_ENTRIES)
    data_first = root_first + _root_sectors(root_entries, bytes_per_sector)
    if data_first >= total:
        raise _invalid("the tables leave no room for data")
    sectors_per_cluster = int(sector[_SECTORS_PER_CLUSTER])
    clusters = (total - data_first) // sectors_per_cluster
    _check_type(clusters, get_u16(sector, _SECTORS_PER_FAT_16) == 0)
    if root_entries == 0:
        raise _invalid("a root directory without entries")
    if (clusters + 2) * 2 > fat_sectors * bytes_per_sector:
        raise _invalid(f"{fat_sectors} sectors of allocation table do not cover {clusters} clusters")
    return BootSector(
        bytes_per_sector,
        sectors_per_cluster,
        fat_count,
        fat_sectors,
        fat_first,
        root_first,
        root_entries,
        data_first,
        clusters,
        total,
    )


def _total_sectors(sector: Array[u8]) -> int:
    """Return the number of sectors: the 16-bit field, or the 32-bit field when that is zero."""
    small = get_u16(sector, _TOTAL_SECTORS_16)
    total = small if small != 0 else get_u32(sector, _TOTAL_SECTORS_32)
    if total == 0:
        raise _invalid("a volume of no sectors")
    return total


def _fat_sectors(sector: Array[u8]) -> int:
    """Return the length of one allocation table in sectors; a zero 16-bit field means FAT32's field."""
    small = get_u16(sector, _SECTORS_PER_FAT_16)
    length = small if small != 0 else get_u32(sector, _SECTORS_PER_FAT_32)
    if length == 0:
        raise _invalid("an allocation table of no sectors")
    return length


def _root_sectors(root_entries: int, bytes_per_sector: int) -> int:
    """Return the length of the fixed root directory, which fills its sectors."""
    size = root_entries * DIRECTORY_ENTRY_SIZE
    if size % bytes_per_sector != 0:
        raise _invalid(f"a root directory of {root_entries} entries does not fill its sectors")
    return size // bytes_per_sector


def _check_type(clusters: int, has_fat32_fields: bool) -> None:
    """Raise unless the volume is FAT16."""
    if has_fat32_fields or clusters >= _MIN_FAT32_CLUSTERS:
        raise OSError(EOPNOTSUPP, f"FAT32 ({clusters} clusters) is not supported, only FAT16")
    if clusters < _MIN_FAT16_CLUSTERS:
        raise OSError(EOPNOTSUPP, f"FAT12 ({clusters} clusters) is not supported, only FAT16")


def _is_power_of_two(value: int) -> bool:
    return value > 0 and value & (value - 1) == 0


def _invalid(reason: str) -> OSError:
    return OSError(EINVAL, "FAT: " + reason)
