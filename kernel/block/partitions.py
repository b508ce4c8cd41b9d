"""Partitions of a disk: GPT with its backup, MBR, or one FAT volume over the whole disk.

UEFI 2.10 §5.3 (GPT) and §5.2.1 (MBR). A GPT counts as found when one of its two headers is intact together with its
entry array (signature, sizes, own position, both CRCs); the backup at the last sector is tried when the primary fails.
Then the first sector is judged: a FAT boot sector makes the whole disk one volume, otherwise the four MBR entries are
taken. Partitions that leave the disk are dropped. Nothing here writes, so a damaged table is reported, not repaired.

Errors: whatever the device raises for its first sector; ENXIO from `open_system_partition` when there is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from kernel.block.boot_record import has_boot_signature, looks_like_volume
from kernel.interfaces.block_device import BlockDevice
from kernel.lib.byte_codec import get_u16, get_u32, get_u64, has_signature, put_u32
from kernel.lib.checksum import CRC32_START, crc32, crc32_finish, crc32_update
from runtime.abi.error_numbers import ENXIO
from runtime.lang import Array, new_array, u8, u64

# GPT header (UEFI 2.10 table 5-5).
_GPT_SIGNATURE: Final = b"EFI PART"
_REVISION: Final = 8
_HEADER_SIZE: Final = 12
_HEADER_CRC: Final = 16
_MY_LBA: Final = 24
_FIRST_USABLE: Final = 40
_LAST_USABLE: Final = 48
_ENTRIES_LBA: Final = 72
_ENTRY_COUNT: Final = 80
_ENTRY_SIZE: Final = 84
_ENTRIES_CRC: Final = 88
_MIN_HEADER_SIZE: Final = 92
_MIN_ENTRY_SIZE: Final = 128
_MAX_ENTRY_SIZE: Final = 4096
_MAX_ENTRIES: Final = 1024  # real tables have 128; more is taken for damage
_PRIMARY_LBA: Final = 1

# GPT entry (table 5-6).
_TYPE_GUID: Final = 0
_ENTRY_FIRST: Final = 32
_ENTRY_LAST: Final = 40
_ENTRY_NAME: Final = 56
_NAME_UNITS: Final = 36

# C12A7328-F81F-11D2-BA4B-00A0C93EC93B and EBD0A0A2-B9E5-4433-87C0-68B6B72699C7, as bytes on disk.
_SYSTEM_GUID: Final = b"\x28\x73\x2a\xc1\x1f\xf8\xd2\x11\xba\x4b\x00\xa0\xc9\x3e\xc9\x3b"
_BASIC_DATA_GUID: Final = b"\xa2\xa0\xd0\xeb\xe5\xb9\x33\x44\x87\xc0\x68\xb6\xb7\x26\x99\xc7"
_UNUSED_GUID: Final = b"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"

# MBR (table 5-1 and 5-2).
_MBR_ENTRIES: Final = 446
_MBR_ENTRY_SIZE: Final = 16
_MBR_TYPE: Final = 4
_MBR_FIRST: Final = 8
_MBR_COUNT: Final = 12
_MBR_SYSTEM: Final = 0xEF
_MBR_FAT16_SMALL: Final = 0x04
_MBR_FAT16: Final = 0x06
_MBR_FAT16_LBA: Final = 0x0E


class PartitionKind(Enum):
    """What a partition is for, as far as this kernel cares."""

    SYSTEM = "EFI system"
    FAT16 = "FAT16"
    BASIC_DATA = "basic data"
    WHOLE_DISK = "whole disk"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Partition:
    """A range of sectors of the disk."""

    kind: PartitionKind
    first_sector: int
    sector_count: int
    name: str  # GPT's label; empty elsewhere


class PartitionDevice(BlockDevice):
    """A partition seen as a device of its own; its errors are the disk's."""

    _disk: BlockDevice
    _first: int

    def __init__(self, disk: BlockDevice, partition: Partition) -> None:
        super().__init__(disk.sector_size, partition.sector_count)
        self._disk = disk
        self._first = partition.first_sector

    def read_sectors(self, first: int, count: int, buffer: Array[u8]) -> None:
        """Read sectors of the partition."""
        self.check_range(first, count, buffer)
        self._disk.read_sectors(self._first + first, count, buffer)


def open_system_partition(disk: BlockDevice) -> PartitionDevice:
    """Return the EFI system partition, else the first that can hold FAT; ENXIO when the disk has neither."""
    partitions = find_partitions(disk)
    for partition in partitions:
        if partition.kind is PartitionKind.SYSTEM:
            return PartitionDevice(disk, partition)
    for partition in partitions:
        if partition.kind is not PartitionKind.OTHER:
            return PartitionDevice(disk, partition)
    raise OSError(ENXIO, "no partition with a FAT file system on this disk")


def find_partitions(disk: BlockDevice) -> list[Partition]:
    """Return the disk's partitions in table order; empty when no table is recognised."""
    first = new_array(u8, disk.sector_size)
    disk.read_sectors(0, 1, first)
    if _is_intact_table(disk, _PRIMARY_LBA):
        return _gpt_partitions(disk, _PRIMARY_LBA)
    backup = disk.sector_count - 1
    if backup > _PRIMARY_LBA and _is_intact_table(disk, backup):
        return _gpt_partitions(disk, backup)
    if looks_like_volume(first):
        return [Partition(PartitionKind.WHOLE_DISK, 0, disk.sector_count, "")]
    return _mbr_partitions(first, disk.sector_count)


def _is_intact_table(disk: BlockDevice, position: int) -> bool:
    """Tell whether the GPT header at this sector and its entry array are whole; unreadable counts as damaged."""
    try:
        header = _read_sector(disk, position)
        return _is_intact_header(header, position, disk) and _entries_crc(disk, header) == get_u32(header, _ENTRIES_CRC)
    except OSError:
        return False


def _is_intact_header(header: Array[u8], position: int, disk: BlockDevice) -> bool:
    """Check every field of a header that later steps rely on."""
    size = get_u32(header, _HEADER_SIZE)
    if not has_signature(header, 0, _GPT_SIGNATURE) or get_u32(header, _REVISION) >> 16 != 1:
        return False
    if size < _MIN_HEADER_SIZE or size > disk.sector_size or get_u64(header, _MY_LBA) != position:
        return False
    stored = get_u32(header, _HEADER_CRC)
    put_u32(header, _HEADER_CRC, 0)
    computed = crc32(header[:size])
    put_u32(header, _HEADER_CRC, stored)
    return computed == stored and _has_sane_entries(header, disk)


def _has_sane_entries(header: Array[u8], disk: BlockDevice) -> bool:
    """Check that the entry array has a plausible shape and lies on the disk."""
    count = get_u32(header, _ENTRY_COUNT)
    size = get_u32(header, _ENTRY_SIZE)
    if count == 0 or count > _MAX_ENTRIES or size & (size - 1) != 0:
        return False
    if size < _MIN_ENTRY_SIZE or size > _MAX_ENTRY_SIZE or size > disk.sector_size:
        return False
    first = get_u64(header, _ENTRIES_LBA)
    if first < 2 or first >= disk.sector_count:
        return False
    sectors = _entry_sectors(header, disk.sector_size)
    return int(first) + sectors <= disk.sector_count and get_u64(header, _LAST_USABLE) < disk.sector_count


def _entry_sectors(header: Array[u8], sector_size: int) -> int:
    """Return the length of the entry array in sectors, rounded up."""
    return (get_u32(header, _ENTRY_COUNT) * get_u32(header, _ENTRY_SIZE) + sector_size - 1) // sector_size


def _entries_crc(disk: BlockDevice, header: Array[u8]) -> int:
    """Return the CRC of the entry array, read sector by sector."""
    left = get_u32(header, _ENTRY_COUNT) * get_u32(header, _ENTRY_SIZE)
    sector = new_array(u8, disk.sector_size)
    state = CRC32_START
    position = int(get_u64(header, _ENTRIES_LBA))
    while left > 0:
        disk.read_sectors(position, 1, sector)
        state = crc32_update(state, sector[: min(left, disk.sector_size)])
        left -= min(left, disk.sector_size)
        position += 1
    return crc32_finish(state)


def _gpt_partitions(disk: BlockDevice, position: int) -> list[Partition]:
    """Return the used entries of an intact table."""
    header = _read_sector(disk, position)
    first_usable = get_u64(header, _FIRST_USABLE)
    last_usable = get_u64(header, _LAST_USABLE)
    size = get_u32(header, _ENTRY_SIZE)
    per_sector = disk.sector_size // size
    entries_first = int(get_u64(header, _ENTRIES_LBA))
    sector = new_array(u8, disk.sector_size)
    found: list[Partition] = []
    for index in range(get_u32(header, _ENTRY_COUNT)):
        if index % per_sector == 0:
            disk.read_sectors(entries_first + index // per_sector, 1, sector)
        offset = index % per_sector * size
        entry = sector[offset : offset + size]
        if not has_signature(entry, _TYPE_GUID, _UNUSED_GUID) and _lies_within(entry, first_usable, last_usable):
            found.append(_gpt_partition(entry))
    return found


def _lies_within(entry: Array[u8], first_usable: u64, last_usable: u64) -> bool:
    """Tell whether the entry's range is in order and inside the usable sectors."""
    first = get_u64(entry, _ENTRY_FIRST)
    last = get_u64(entry, _ENTRY_LAST)
    return first >= first_usable and first <= last and last <= last_usable


def _gpt_partition(entry: Array[u8]) -> Partition:
    """Return the partition of an entry whose range was checked."""
    kind = PartitionKind.OTHER
    if has_signature(entry, _TYPE_GUID, _SYSTEM_GUID):
        kind = PartitionKind.SYSTEM
    elif has_signature(entry, _TYPE_GUID, _BASIC_DATA_GUID):
        kind = PartitionKind.BASIC_DATA
    first = int(get_u64(entry, _ENTRY_FIRST))
    return Partition(kind, first, int(get_u64(entry, _ENTRY_LAST)) - first + 1, _gpt_name(entry))


def _gpt_name(entry: Array[u8]) -> str:
    """Return the label: UTF-16 up to a zero; what is not a plain character becomes `?`."""
    name = ""
    for index in range(_NAME_UNITS):
        unit = get_u16(entry, _ENTRY_NAME + 2 * index)
        if unit == 0:
            break
        name += chr(unit) if unit >= 32 and (unit < 0xD800 or unit >= 0xE000) else "?"
    return name


def _mbr_partitions(sector: Array[u8], sector_count: int) -> list[Partition]:
    """Return the used primary entries of a master boot record."""
    found: list[Partition] = []
    if not has_boot_signature(sector):
        return found
    for index in range(4):
        offset = _MBR_ENTRIES + index * _MBR_ENTRY_SIZE
        first = get_u32(sector, offset + _MBR_FIRST)
        count = get_u32(sector, offset + _MBR_COUNT)
        if sector[offset + _MBR_TYPE] != 0 and first > 0 and count > 0 and first + count <= sector_count:
            found.append(Partition(_mbr_kind(int(sector[offset + _MBR_TYPE])), first, count, ""))
    return found


def _mbr_kind(partition_type: int) -> PartitionKind:
    """Return what a partition type of the MBR stands for."""
    if partition_type == _MBR_SYSTEM:
        return PartitionKind.SYSTEM
    is_fat16 = partition_type == _MBR_FAT16_SMALL or partition_type == _MBR_FAT16 or partition_type == _MBR_FAT16_LBA
    return PartitionKind.FAT16 if is_fat16 else PartitionKind.OTHER


def _read_sector(disk: BlockDevice, position: int) -> Array[u8]:
    """Return one sector in a new array."""
    sector = new_array(u8, disk.sector_size)
    disk.read_sectors(position, 1, sector)
    return sector
