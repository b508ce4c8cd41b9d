"""GUID partition table and its protective MBR: structures and constants.

Source: UEFI 2.10 chapter 5: section 5.2.3 (protective MBR), table 5.5 (header), table 5.6 (entry), table 5.7 (types).
"""

from __future__ import annotations

from struct import Struct
from uuid import UUID

SECTOR_SIZE = 512

# 5.2.1, table 5.1: boot code, disk signature, unknown, then four records from byte 446 and the signature at 510.
MBR_RECORDS_OFFSET = 446
MBR_SIGNATURE = b"\x55\xaa"
# Table 5.2: boot indicator, first CHS, type, last CHS, first LBA, count of sectors.
MBR_RECORD = Struct("<B3sB3sII")
MBR_TYPE_PROTECTIVE = 0xEE

# Table 5.5: signature, revision, header size, header CRC32, reserved, my LBA, alternate LBA, first usable LBA, last
# usable LBA, disk GUID, partition entry LBA, number of entries, size of an entry, entry array CRC32.
HEADER = Struct("<8sIIIIQQQQ16sQIII")
SIGNATURE = b"EFI PART"
REVISION = 0x0001_0000
# Table 5.6: partition type GUID, unique GUID, first LBA, last LBA, attributes, name in UTF-16.
ENTRY = Struct("<16s16sQQQ72s")
ENTRY_COUNT = 128
ENTRY_ARRAY_SECTORS = ENTRY_COUNT * ENTRY.size // SECTOR_SIZE

TYPE_EFI_SYSTEM = UUID("c12a7328-f81f-11d2-ba4b-00a0c93ec93b")
TYPE_UNUSED = UUID(int=0)
