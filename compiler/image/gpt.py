"""A GUID partition table with one partition, as pieces at offsets (UEFI 2.10 chapter 5).

Protective MBR, header and entry array at the front, entry array and header again at the back; both CRCs right.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID
from zlib import crc32

from compiler.formats import gpt

_NOT_ADDRESSABLE = b"\xff\xff\xff"  # CHS of a sector beyond cylinder 1023 (5.2.3)
_FIRST_CHS = b"\x00\x02\x00"  # of sector 1 (table 5.4)


@dataclass(frozen=True, slots=True)
class Partition:
    """One partition; both ends are sectors that belong to it."""

    first: int
    last: int
    type: UUID
    identity: UUID
    name: str


def write_gpt(total_sectors: int, disk: UUID, partition: Partition) -> Iterator[tuple[int, bytes]]:
    """(byte offset, contents) of everything that is not zero on an otherwise empty disk."""
    last = total_sectors - 1
    entries = _entry_array(partition)
    backup_entries = last - gpt.ENTRY_ARRAY_SECTORS
    yield 0, _protective_mbr(total_sectors)
    yield gpt.SECTOR_SIZE, _header(1, last, 2, total_sectors, disk, entries)
    yield 2 * gpt.SECTOR_SIZE, entries
    yield backup_entries * gpt.SECTOR_SIZE, entries
    yield last * gpt.SECTOR_SIZE, _header(last, 1, backup_entries, total_sectors, disk, entries)


def first_usable_sector() -> int:
    """After MBR, header and entry array."""
    return 2 + gpt.ENTRY_ARRAY_SECTORS


def last_usable_sector(total_sectors: int) -> int:
    """Before the backup entry array and header."""
    return total_sectors - 2 - gpt.ENTRY_ARRAY_SECTORS


def _protective_mbr(total_sectors: int) -> bytes:
    sector = bytearray(gpt.SECTOR_SIZE)
    count = min(total_sectors - 1, 0xFFFF_FFFF)
    gpt.MBR_RECORD.pack_into(
        sector, gpt.MBR_RECORDS_OFFSET, 0, _FIRST_CHS, gpt.MBR_TYPE_PROTECTIVE, _NOT_ADDRESSABLE, 1, count
    )
    sector[510:512] = gpt.MBR_SIGNATURE
    return bytes(sector)


def _entry_array(partition: Partition) -> bytes:
    entry = gpt.ENTRY.pack(
        partition.type.bytes_le,
        partition.identity.bytes_le,
        partition.first,
        partition.last,
        0,
        partition.name.encode("utf-16-le"),
    )
    return entry + bytes((gpt.ENTRY_COUNT - 1) * gpt.ENTRY.size)


def _header(own: int, other: int, entries_at: int, total_sectors: int, disk: UUID, entries: bytes) -> bytes:
    def pack(checksum: int) -> bytes:
        return gpt.HEADER.pack(
            gpt.SIGNATURE,
            gpt.REVISION,
            gpt.HEADER.size,
            checksum,
            0,
            own,
            other,
            first_usable_sector(),
            last_usable_sector(total_sectors),
            disk.bytes_le,
            entries_at,
            gpt.ENTRY_COUNT,
            gpt.ENTRY.size,
            crc32(entries),
        )

    return pack(crc32(pack(0)))  # the CRC covers the header with its own field as zero
