"""Numbers of the FAT specification (Microsoft, fatgen103), written down a second time."""

from __future__ import annotations

from compiler.formats import fat


def test_boot_sector() -> None:
    assert fat.BOOT_JUMP == b"\xeb\x3c\x90" and fat.SECTOR_SIGNATURE == b"\x55\xaa"
    assert (fat.SECTOR_SIZE, fat.EXTENDED_BOOT_SIGNATURE, fat.MEDIA_FIXED) == (512, 0x29, 0xF8)


def test_clusters() -> None:
    assert (fat.FAT16_FEWEST_CLUSTERS, fat.FAT16_CLUSTER_LIMIT, fat.FIRST_CLUSTER) == (4085, 65525, 2)
    assert (fat.FAT16_END_OF_CHAIN, fat.FAT16_END_OF_CHAIN_FIRST) == (0xFFFF, 0xFFF8)
