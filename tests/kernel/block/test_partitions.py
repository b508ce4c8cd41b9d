"""Partition tables made by sgdisk and sfdisk, and damaged copies of them."""

from __future__ import annotations

import errno
import shutil
import struct
import subprocess
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.block.partitions import (
    PartitionDevice,
    PartitionKind,
    _gpt_name,
    find_partitions,
    open_system_partition,
)
from kernel.lib.byte_codec import array_of
from runtime.lang import new_array, u8
from tests.fakes.disk import FakeDisk
from tests.kernel.fs.images import MIB, make_volume, needs_tools

DISK_SIZE = 4 * MIB
LAST = DISK_SIZE // 512 - 1

needs_sgdisk = pytest.mark.skipif(shutil.which("sgdisk") is None, reason="sgdisk is not installed")


@pytest.fixture(scope="module")
def gpt(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A GPT disk with three partitions; the EFI system partition comes second."""
    path = tmp_path_factory.mktemp("gpt") / "disk.img"
    path.write_bytes(bytes(DISK_SIZE))
    command = ["sgdisk", "-a1", "-n1:2048:3071", "-t1:8300", "-n2:3072:5119", "-t2:ef00", "-c2:Boot files",
               "-n3:5120:6143", "-t3:0700", str(path)]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)
    return path.read_bytes()


def kinds(disk: FakeDisk) -> list[tuple[PartitionKind, int, int]]:
    return [(part.kind, part.first_sector, part.sector_count) for part in find_partitions(disk)]


EXPECTED = [
    (PartitionKind.OTHER, 2048, 1024),
    (PartitionKind.SYSTEM, 3072, 2048),
    (PartitionKind.BASIC_DATA, 5120, 1024),
]


@needs_sgdisk
def test_sgdisks_table_is_read(gpt: bytes) -> None:
    disk = FakeDisk(gpt)
    assert kinds(disk) == EXPECTED
    assert find_partitions(disk)[1].name == "Boot files"


@pytest.mark.parametrize(
    ("units", "name"),
    [
        ([0x41, 0, 0x42], "A"),
        ([0x1F, 0x20, 0x41], "? A"),
        ([0xD7FF, 0xD800, 0xDFFF, 0xE000], "\ud7ff??\ue000"),
        ([0x42] * 36, "B" * 36),
    ],
)
def test_labels(units: list[int], name: str) -> None:
    entry = bytes(56) + struct.pack(f"<{len(units)}H", *units).ljust(72, b"\0") + b"\x43\0" * 8
    assert _gpt_name(array_of(entry)) == name


@needs_sgdisk
def test_the_system_partition_is_a_device_of_its_own(gpt: bytes) -> None:
    content = bytearray(gpt)
    content[3073 * 512 : 3073 * 512 + 4] = b"here"
    device = open_system_partition(FakeDisk(content))
    buffer = new_array(u8, 512)
    device.read_sectors(1, 1, buffer)
    assert device.sector_count == 2048 and bytes(buffer)[:4] == b"here"
    for first, count in ((2048, 1), (2047, 2), (-1, 1), (0, -1)):
        with pytest.raises(OSError) as caught:
            device.read_sectors(first, count, new_array(u8, max(0, count) * 512))
        assert caught.value.errno == errno.EINVAL


@needs_sgdisk
@pytest.mark.parametrize("place", [512, 512 + 8, 512 + 16, 512 + 24, 512 + 72, 512 + 88, 1024, 1024 + 200])
def test_the_backup_stands_in_for_a_damaged_primary(gpt: bytes, place: int) -> None:
    damaged = bytearray(gpt)
    damaged[place] ^= 0xFF
    assert kinds(FakeDisk(damaged)) == EXPECTED


@needs_sgdisk
def test_bad_sectors_under_the_primary_and_then_under_both(gpt: bytes) -> None:
    disk = FakeDisk(gpt)
    disk.bad_sectors = {1}
    assert kinds(disk) == EXPECTED
    disk.bad_sectors = {1, LAST}
    assert kinds(disk) == [(PartitionKind.OTHER, 1, LAST)]  # the protective MBR's entry is all that is left
    disk.bad_sectors = {0}
    with pytest.raises(OSError):
        find_partitions(disk)


def seal(disk: bytearray, header: int = 512) -> None:
    """Recompute both checksums of the table whose header lies at this offset."""
    count, size = struct.unpack_from("<II", disk, header + 80)
    start = struct.unpack_from("<Q", disk, header + 72)[0] * 512
    struct.pack_into("<I", disk, header + 88, zlib.crc32(disk[start : start + count * size]))
    struct.pack_into("<I", disk, header + 16, 0)
    struct.pack_into("<I", disk, header + 16, zlib.crc32(disk[header : header + 92]))


@needs_sgdisk
@pytest.mark.parametrize(
    ("first", "last"), [(5, 6), (7000, 6999), (5000, 1 << 40), (1 << 63, (1 << 64) - 1), (LAST, LAST)]
)
def test_entries_that_leave_the_usable_sectors_are_dropped(gpt: bytes, first: int, last: int) -> None:
    damaged = bytearray(gpt)
    struct.pack_into("<QQ", damaged, 1024 + 128 + 32, first, last)
    seal(damaged)
    assert kinds(FakeDisk(damaged)) == [EXPECTED[0], EXPECTED[2]]


@needs_sgdisk
@pytest.mark.parametrize(
    ("offset", "form", "value"),
    [(12, "<I", 91), (12, "<I", 513), (80, "<I", 0), (80, "<I", 2000), (84, "<I", 64), (84, "<I", 192),
     (84, "<I", 8192), (72, "<Q", 1), (72, "<Q", LAST), (72, "<Q", 1 << 63), (48, "<Q", LAST + 1), (8, "<I", 0x20000)],
)  # fmt: skip
def test_headers_with_impossible_fields_are_refused_although_sealed(
    gpt: bytes, offset: int, form: str, value: int
) -> None:
    damaged = bytearray(gpt)
    struct.pack_into(form, damaged, 512 + offset, value)
    struct.pack_into("<I", damaged, 512 + 16, 0)
    size = struct.unpack_from("<I", damaged, 512 + 12)[0]
    struct.pack_into("<I", damaged, 512 + 16, zlib.crc32(damaged[512 : 512 + size]))
    damaged[LAST * 512] = 0  # no backup
    assert kinds(FakeDisk(damaged)) == [(PartitionKind.OTHER, 1, LAST)]


def mbr(*entries: tuple[int, int, int]) -> bytearray:
    disk = bytearray(DISK_SIZE)
    disk[510:512] = b"\x55\xaa"
    for index, (kind, first, count) in enumerate(entries):
        struct.pack_into("<4xB3xII", disk, 446 + 16 * index, kind, first, count)
    return disk


def test_master_boot_records() -> None:
    disk = FakeDisk(mbr((0x83, 1, 10), (0x0E, 100, 200), (0xEF, 400, 100), (0x06, LAST, 2)))
    assert kinds(disk) == [
        (PartitionKind.OTHER, 1, 10),
        (PartitionKind.FAT16, 100, 200),
        (PartitionKind.SYSTEM, 400, 100),
    ]
    assert kinds(FakeDisk(mbr((0x06, 0, 10), (0x06, 10, 0), (0x04, LAST, 1)))) == [(PartitionKind.FAT16, LAST, 1)]
    assert open_system_partition(disk).sector_count == 100
    assert open_system_partition(FakeDisk(mbr((0x83, 1, 10), (0x06, 100, 200)))).sector_count == 200


@pytest.mark.parametrize("disk", [bytearray(DISK_SIZE), mbr(), mbr((0x83, 1, 10))])
def test_a_disk_without_fat_has_no_system_partition(disk: bytearray) -> None:
    with pytest.raises(OSError) as caught:
        open_system_partition(FakeDisk(disk))
    assert caught.value.errno == errno.ENXIO


@needs_tools
def test_a_volume_over_the_whole_disk(tmp_path: Path) -> None:
    disk = FakeDisk.of_file(make_volume(tmp_path / "whole.img"))
    assert kinds(disk) == [(PartitionKind.WHOLE_DISK, 0, disk.sector_count)]
    assert isinstance(open_system_partition(disk), PartitionDevice)


@needs_sgdisk
@given(st.lists(st.tuples(st.integers(0, 2047), st.integers(0, 255)), max_size=20), st.booleans())
@settings(max_examples=50)
def test_random_damage_never_does_worse_than_oserror(
    gpt: bytes, changes: list[tuple[int, int]], is_sealed: bool
) -> None:
    damaged = bytearray(gpt[: 64 * 512])
    for offset, value in changes:
        damaged[offset] = value
    if is_sealed and struct.unpack_from("<Q", damaged, 512 + 72)[0] < 60:
        seal(damaged)
    try:
        for partition in find_partitions(FakeDisk(damaged)):
            assert partition.first_sector + partition.sector_count <= 64
    except OSError:
        pass


def test_a_tiny_disk() -> None:
    assert find_partitions(FakeDisk(bytes(512))) == []
    assert find_partitions(FakeDisk(bytes(1024))) == []
