"""The first sector of a disk or a volume: what can be told from its look.

A volume boot record begins with a jump over its parameter block and names a sector size; a master boot record begins
with code that has no such form. Both end with the signature 0x55 0xAA at byte 510 (UEFI 2.10 §5.2.1, and the FAT
specification's "Boot Sector and BPB").
"""

from __future__ import annotations

from typing import Final

from kernel.lib.byte_codec import get_u16
from runtime.lang import Array, u8

BOOT_RECORD_SIZE: Final = 512  # bytes, whatever the sector size
_SIGNATURE: Final = 510
_SIGNATURE_VALUE: Final = 0xAA55
_SHORT_JUMP: Final = 0xEB  # followed by a displacement and a NOP
_NEAR_JUMP: Final = 0xE9
_NO_OPERATION: Final = 0x90
_BYTES_PER_SECTOR: Final = 11


def has_boot_signature(sector: Array[u8]) -> bool:
    """Tell whether the sector ends as boot records do."""
    return len(sector) >= BOOT_RECORD_SIZE and get_u16(sector, _SIGNATURE) == _SIGNATURE_VALUE


def looks_like_volume(sector: Array[u8]) -> bool:
    """Tell whether the sector begins as a FAT volume's does, without judging its fields."""
    if not has_boot_signature(sector):
        return False
    short_jump = sector[0] == _SHORT_JUMP and sector[2] == _NO_OPERATION
    size = get_u16(sector, _BYTES_PER_SECTOR)
    return (short_jump or sector[0] == _NEAR_JUMP) and 512 <= size <= 4096 and size & (size - 1) == 0
