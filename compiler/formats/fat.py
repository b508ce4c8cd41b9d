"""FAT12/16 on disk: boot sector, directory entries, long names.

Source: Microsoft "FAT: General Overview of On-Disk Format", version 1.03 (2000-12-06); the lower-case bits of NTRes are
not in it, they are what Windows NT and Linux write (Linux: Documentation/filesystems/vfat, "shortname").
"""

from __future__ import annotations

from enum import IntFlag
from struct import Struct

SECTOR_SIZE = 512

# "Boot Sector and BPB Structure", offsets 0 to 61: BS_jmpBoot, BS_OEMName, BPB_BytsPerSec, BPB_SecPerClus,
# BPB_RsvdSecCnt, BPB_NumFATs, BPB_RootEntCnt, BPB_TotSec16, BPB_Media, BPB_FATSz16, BPB_SecPerTrk, BPB_NumHeads,
# BPB_HiddSec, BPB_TotSec32, BS_DrvNum, BS_Reserved1, BS_BootSig, BS_VolID, BS_VolLab, BS_FilSysType.
BOOT_SECTOR = Struct("<3s8sHBHBHHBHHHIIBBBI11s8s")
BOOT_JUMP = b"\xeb\x3c\x90"
EXTENDED_BOOT_SIGNATURE = 0x29
MEDIA_FIXED = 0xF8
SECTOR_SIGNATURE = b"\x55\xaa"  # at 510

# "FAT Type Determination": the count of clusters alone decides.
FAT16_FEWEST_CLUSTERS = 4085
FAT16_CLUSTER_LIMIT = 65525
FIRST_CLUSTER = 2
FAT16_END_OF_CHAIN = 0xFFFF
FAT16_END_OF_CHAIN_FIRST = 0xFFF8

# "FAT 32 Byte Directory Entry Structure": DIR_Name, DIR_Attr, DIR_NTRes, DIR_CrtTimeTenth, DIR_CrtTime, DIR_CrtDate,
# DIR_LstAccDate, DIR_FstClusHI, DIR_WrtTime, DIR_WrtDate, DIR_FstClusLO, DIR_FileSize.
DIRECTORY_ENTRY = Struct("<11sBBBHHHHHHHI")
# "FAT Long Directory Entry Structure": LDIR_Ord, LDIR_Name1, LDIR_Attr, LDIR_Type, LDIR_Chksum, LDIR_Name2,
# LDIR_FstClusLO, LDIR_Name3.
LONG_ENTRY = Struct("<B10sBBB12sH4s")
LONG_ENTRY_CHARACTERS = 13
LONG_ENTRY_LAST = 0x40
LONGEST_NAME = 255  # UTF-16 code units

ENTRY_FREE = 0xE5
ENTRY_END = 0x00
LARGEST_FILE = 0xFFFF_FFFF
LARGEST_DIRECTORY = 65536 * DIRECTORY_ENTRY.size  # bytes: a directory counts its entries in 16 bits

DATE_EPOCH = 1 << 5 | 1  # 1980-01-01, the earliest date that the format can say


class Attribute(IntFlag):
    """DIR_Attr."""

    READ_ONLY = 0x01
    HIDDEN = 0x02
    SYSTEM = 0x04
    VOLUME_ID = 0x08
    DIRECTORY = 0x10
    ARCHIVE = 0x20
    LONG_NAME = 0x0F


class LowerCase(IntFlag):
    """DIR_NTRes: the name's base or extension is shown in lower case."""

    BASE = 0x08
    EXTENSION = 0x10


def short_name_checksum(name: bytes) -> int:
    """The sum that ties long entries to their short one ("Short Directory Entry Checksum")."""
    total = 0
    for byte in name:
        total = ((total & 1) << 7 | total >> 1) + byte & 0xFF
    return total
