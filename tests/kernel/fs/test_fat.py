"""The FAT16 reader against volumes that mkfs.fat and mtools made, and against damaged ones."""

from __future__ import annotations

import errno
import random
import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.fs.fat.boot_sector import parse_boot_sector
from kernel.fs.fat.directory import DirectoryReader
from kernel.fs.fat.names import fold_case, text_of_units
from kernel.fs.fat.sectors import VolumeSectors
from kernel.fs.fat.table import AllocationTable
from kernel.fs.fat.volume import Volume, mount
from kernel.lib.byte_codec import array_of
from runtime.lang import new_array, u8
from tests.fakes.disk import FakeDisk
from tests.kernel.fs.images import MIB, add_file, make_volume, needs_tools, run_tool

pytestmark = needs_tools

BIG = bytes(random.Random(1).randbytes(70_001))
LONG_NAME = "A rather long file name, with blanks & ümläuts.text"
FILES = {
    "/HELLO.TXT": b"Hello from FAT16!\n",
    "/lower.txt": b"lower",
    "/Mixed.Case": b"mixed",
    "/EMPTY": b"",
    "/" + LONG_NAME: b"long",
    "/SUBDIR/TEST.TXT": b"Hello from subdirectory!\n",
    "/A/B/C/deep file.bin": BIG,
    "/exact.1k": bytes(1024),
}


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of a volume with FILES on it, its clusters of 1 KiB."""
    path = make_volume(tmp_path_factory.mktemp("fat") / "volume.img")
    for name, content in FILES.items():
        add_file(path, name, content)
    run_tool("fsck.fat", "-n", str(path))
    return path.read_bytes()


@pytest.fixture
def disk(image: bytes) -> FakeDisk:
    return FakeDisk(image)


@pytest.fixture
def volume(disk: FakeDisk) -> Volume:
    return mount(disk)


def fails(number: int, action: Callable[[], object]) -> str:
    """Run an action that must raise OSError with this number; the reason is returned."""
    with pytest.raises(OSError) as caught:
        action()
    assert caught.value.errno == number, caught.value
    return str(caught.value)


@pytest.mark.parametrize("path", FILES)
def test_files_read_back_what_mtools_wrote(volume: Volume, path: str) -> None:
    assert volume.read_file(path) == FILES[path]


def test_names_sizes_and_labels(volume: Volume) -> None:
    listed = {entry.name: entry for entry in volume.list_directory("/")}
    assert set(listed) == {"HELLO.TXT", "lower.txt", "Mixed.Case", "EMPTY", LONG_NAME, "SUBDIR", "A", "exact.1k"}
    assert listed["HELLO.TXT"].size == 18
    assert listed["SUBDIR"].is_directory and listed["SUBDIR"].size == 0
    assert [entry.name for entry in volume.list_directory("/A/B")] == ["C"]


def test_lookup_ignores_case_and_takes_either_name(volume: Volume) -> None:
    short = next(entry.short_name for entry in volume.list_directory("/") if entry.name == LONG_NAME)
    assert short != LONG_NAME
    for path in ("/hello.txt", "//HELLO.txt", "/subdir/../Hello.Txt", "/./SUBDIR/./../hello.TXT"):
        assert volume.find(path).name == "HELLO.TXT"
    assert volume.find("/" + LONG_NAME.upper().replace("Ü", "ü")).name == LONG_NAME
    assert volume.find("/" + short.lower()).name == LONG_NAME
    assert volume.find("/").is_directory and volume.find("/..").name == "/"


@pytest.mark.parametrize(
    ("path", "number"),
    [
        ("/missing", errno.ENOENT),
        ("/missing/..", errno.ENOENT),
        ("/HELLO.TXT/x", errno.ENOTDIR),
        ("/HELLO.TXT/..", errno.ENOTDIR),
        ("/HELLO.TXT/", errno.ENOTDIR),
        ("/SUBDIR", errno.EISDIR),
        ("/", errno.EISDIR),
        ("", errno.ENOENT),
        ("/" + "x" * 300, errno.ENAMETOOLONG),
        ("/" + "d/" * 2500, errno.ENAMETOOLONG),
        ("/a\0b", errno.EINVAL),
    ],
)
def test_path_errors(volume: Volume, path: str, number: int) -> None:
    fails(number, lambda: volume.read_file(path))


def test_directories_of_many_clusters(tmp_path: Path) -> None:
    path = make_volume(tmp_path / "many.img")
    source = tmp_path / "source"
    source.mkdir()
    names = [f"file number {number:03}.text" for number in range(80)]
    for name in names:
        (source / name).write_text(name)
    run_tool("mcopy", "-s", "-i", str(path), str(source), "::/MANY")
    volume = mount(FakeDisk.of_file(path))
    assert sorted(entry.name for entry in volume.list_directory("/many")) == names
    assert volume.read_file("/many/" + names[-1]) == names[-1].encode()


def test_listing_a_file_and_a_limit_on_size(volume: Volume) -> None:
    fails(errno.ENOTDIR, lambda: volume.list_directory("/HELLO.TXT"))
    fails(errno.EFBIG, lambda: volume.read_file("/A/B/C/deep file.bin", 70_000))


@given(st.integers(0, 71_000), st.integers(0, 3000))
@settings(max_examples=60)
def test_any_range_of_a_file(image: bytes, offset: int, length: int) -> None:
    file = mount(FakeDisk(image)).open("/A/B/C/deep file.bin")
    buffer = new_array(u8, length)
    count = file.read(offset, buffer)
    assert bytes(buffer)[:count] == BIG[offset : offset + length]
    assert count == len(BIG[offset : offset + length])


def test_a_negative_offset_is_refused_and_contiguous_files_need_few_requests(disk: FakeDisk, volume: Volume) -> None:
    file = volume.open("/A/B/C/deep file.bin")
    fails(errno.EINVAL, lambda: file.read(-1, new_array(u8, 1)))
    disk.reads.clear()
    file.read(0, new_array(u8, file.size))
    assert len(disk.reads) <= 3


def test_free_space_is_what_fsck_counts(image: bytes, volume: Volume) -> None:
    used = sum(-(-len(content) // 1024) for content in FILES.values()) + len(["SUBDIR", "A", "B", "C"])
    assert volume.free_bytes() == (volume.geometry.cluster_count - used) * 1024


# ------------------------------------------------------------------------------------------------------ geometry


@pytest.mark.parametrize(
    ("options", "size", "number", "reason"),
    [
        (("-F", "12"), 2 * MIB, errno.EOPNOTSUPP, "FAT12"),
        (("-F", "32", "-s", "1"), 40 * MIB, errno.EOPNOTSUPP, "FAT32"),
    ],
)
def test_other_fat_types_are_named(
    tmp_path: Path, options: tuple[str, ...], size: int, number: int, reason: str
) -> None:
    path = make_volume(tmp_path / "other.img", *options, size=size)
    assert reason in fails(number, lambda: mount(FakeDisk.of_file(path)))


def test_sectors_larger_than_the_devices(tmp_path: Path) -> None:
    path = make_volume(tmp_path / "big.img", "-F", "16", "-S", "2048", "-s", "1", size=16 * MIB)
    add_file(path, "/x/file", BIG)
    assert mount(FakeDisk.of_file(path)).read_file("/X/FILE") == BIG
    fails(errno.EINVAL, lambda: mount(FakeDisk(path.read_bytes(), 4096)))


@pytest.mark.parametrize(
    ("offset", "value"),
    [
        (510, b"\0\0"), (0, b"\0"), (11, b"\0\0"), (11, b"\x03\x02"), (13, b"\0"), (13, b"\3"), (13, b"\x80\x00\x00"),
        (14, b"\0\0"), (16, b"\0"), (16, b"\7"), (17, b"\0\0"), (17, b"\1\0"), (19, b"\0\0" + b"\xf8" + b"\x20\0"),
        (21, b"\x12"), (22, b"\1\0"), (22, b"\xff\xff"), (19, b"\xff\xff"), (22, b"\0\0"),
    ],
)  # fmt: skip
def test_every_bad_boot_field_is_refused(image: bytes, offset: int, value: bytes) -> None:
    damaged = bytearray(image)
    damaged[offset : offset + len(value)] = value
    with pytest.raises(OSError) as caught:
        mount(FakeDisk(damaged))
    assert caught.value.errno in (errno.EINVAL, errno.EOPNOTSUPP)


def boot_sector(cluster_sectors: int, clusters: int, fat_sectors: int, root_entries: int = 512) -> bytearray:
    """A FAT16 boot sector with one reserved sector and two tables."""
    sector = bytearray(512)
    total = 1 + 2 * fat_sectors + root_entries // 16 + clusters * cluster_sectors
    fields = (b"\xeb\x3c\x90", b"mkfs.fat", 512, cluster_sectors, 1, 2, root_entries, 0, 0xF8, fat_sectors)
    struct.pack_into("<3s8sHBHBHHBH", sector, 0, *fields)
    struct.pack_into("<I", sector, 32, total)
    sector[510:512] = b"\x55\xaa"
    return sector


@pytest.mark.parametrize(
    ("cluster_sectors", "clusters", "fat_sectors", "number"),
    [
        (128, 4085, 16, 0),
        (1, 65524, 256, 0),
        (1, 4084, 16, errno.EOPNOTSUPP),
        (1, 65525, 256, errno.EOPNOTSUPP),
        (1, 4095, 16, errno.EINVAL),
    ],
)
def test_the_limits_of_fat16(cluster_sectors: int, clusters: int, fat_sectors: int, number: int) -> None:
    sector = array_of(bytes(boot_sector(cluster_sectors, clusters, fat_sectors)))
    total = 512 * (1 + 2 * fat_sectors + 32 + clusters * cluster_sectors)
    if number:
        fails(number, lambda: parse_boot_sector(sector, total))
        return
    assert parse_boot_sector(sector, total).cluster_count == clusters
    fails(errno.EINVAL, lambda: parse_boot_sector(sector, total - 1))


def test_a_chain_may_be_as_long_as_its_limit(image: bytes) -> None:
    disk = FakeDisk(image)
    geometry = mount(disk).geometry
    table = AllocationTable(VolumeSectors(disk, 512), geometry)
    start = first_cluster(image, b"DEEPFI~1BIN")
    extents = table.extents(start, 69)
    assert sum(extent.cluster_count for extent in extents) == 69
    fails(errno.EIO, lambda: table.extents(start, 68))
    assert table.is_valid_cluster(geometry.cluster_count + 1)
    assert not table.is_valid_cluster(geometry.cluster_count + 2)


@given(st.binary(min_size=512, max_size=512), st.integers(0, 2**40))
def test_random_boot_sectors_never_do_worse_than_oserror(data: bytes, size: int) -> None:
    sector = bytearray(data)
    sector[0], sector[2], sector[510:512] = 0xEB, 0x90, b"\x55\xaa"
    sector[11:13] = b"\0\2"
    try:
        geometry = parse_boot_sector(array_of(bytes(sector)), size)
    except OSError:
        return
    assert geometry.total_sectors * geometry.bytes_per_sector <= size
    end = geometry.data_first_sector + geometry.cluster_count * geometry.sectors_per_cluster
    assert end <= geometry.total_sectors


# ------------------------------------------------------------------------------------------------------ damage


def entry_offset(image: bytes, short: bytes) -> int:
    """Where the directory entry with this 8.3 name lies."""
    return image.index(short)


def first_cluster(image: bytes, short: bytes) -> int:
    return int(struct.unpack_from("<H", image, entry_offset(image, short) + 26)[0])


def damage_table(image: bytes, cluster: int, entry: int) -> bytearray:
    """The image with one entry changed in both tables."""
    geometry = mount(FakeDisk(image)).geometry
    damaged = bytearray(image)
    for copy in range(2):
        table = (geometry.fat_first_sector + copy * geometry.sectors_per_fat) * 512
        struct.pack_into("<H", damaged, table + 2 * cluster, entry)
    return damaged


@pytest.mark.parametrize("target", ["itself", "start", 0, 1, 0xFFF0, 0xFFF7, "end"])
def test_broken_chains_are_io_errors(image: bytes, target: int | str) -> None:
    start = first_cluster(image, b"DEEPFI~1BIN")
    entry = {"itself": start + 3, "start": start, "end": 0xFFFF}.get(str(target), target)
    volume = mount(FakeDisk(damage_table(image, start + 3, int(entry))))
    fails(errno.EIO, lambda: volume.open("/A/B/C/deep file.bin"))
    assert volume.read_file("/HELLO.TXT") == FILES["/HELLO.TXT"]


@pytest.mark.parametrize("target", [0, 1, 0xFFF7, "itself"])
def test_broken_directories_are_io_errors(image: bytes, target: int | str) -> None:
    cluster = first_cluster(image, b"SUBDIR     ")
    volume = mount(FakeDisk(damage_table(image, cluster, cluster if target == "itself" else int(target))))
    fails(errno.EIO, lambda: volume.list_directory("/SUBDIR"))


@pytest.mark.parametrize("cluster", [0, 1, 60000, 65535])
def test_entries_that_point_off_the_volume(image: bytes, cluster: int) -> None:
    damaged = bytearray(image)
    for name in (b"HELLO   TXT", b"SUBDIR     "):
        struct.pack_into("<H", damaged, entry_offset(image, name) + 26, cluster)
    volume = mount(FakeDisk(damaged))
    fails(errno.EIO, lambda: volume.read_file("/HELLO.TXT"))
    fails(errno.EIO, lambda: volume.list_directory("/SUBDIR"))


def test_a_size_larger_than_the_chain(image: bytes) -> None:
    damaged = bytearray(image)
    struct.pack_into("<I", damaged, entry_offset(image, b"HELLO   TXT") + 28, 0xFFFFFFFF)
    fails(errno.EIO, lambda: mount(FakeDisk(damaged)).open("/HELLO.TXT"))


def test_a_directory_that_contains_itself_is_walked_only_as_deep_as_asked(image: bytes) -> None:
    damaged = bytearray(image)
    cluster = first_cluster(image, b"A          ")
    struct.pack_into("<H", damaged, entry_offset(image, b"B          ") + 26, cluster)
    volume = mount(FakeDisk(damaged))
    assert [entry.name for entry in volume.list_directory("/A" + "/B" * 50)] == ["B"]


def test_a_bad_sector_in_the_first_table_is_read_from_the_second(disk: FakeDisk, volume: Volume) -> None:
    disk.bad_sectors = set(range(volume.geometry.fat_first_sector, volume.geometry.fat_first_sector + 2))
    assert volume.read_file("/A/B/C/deep file.bin") == BIG
    disk.bad_sectors |= {sector + volume.geometry.sectors_per_fat for sector in disk.bad_sectors}
    fails(errno.EIO, lambda: mount(disk).open("/A/B/C/deep file.bin"))


def test_a_disk_that_vanishes_gives_errors_and_never_stale_data(image: bytes) -> None:
    for reads in range(12):
        disk = FakeDisk(image)
        disk.vanishes_after = reads
        try:
            content = mount(disk).read_file("/A/B/C/deep file.bin")
        except OSError as error:
            assert error.errno == errno.ENXIO
        else:
            assert content == BIG


@given(st.data())
@settings(max_examples=40)
def test_random_damage_never_does_worse_than_oserror(image: bytes, data: st.DataObject) -> None:
    damaged = bytearray(image)
    limit = mount(FakeDisk(image)).geometry.data_first_sector * 512 + 12 * 1024
    for _ in range(data.draw(st.integers(1, 30))):
        damaged[data.draw(st.integers(0, limit))] = data.draw(st.integers(0, 255))
    try:
        volume = mount(FakeDisk(damaged))
        for entry in volume.list_directory("/"):
            if entry.is_directory:
                volume.list_directory("/" + entry.name)
            elif entry.size < 100_000:
                volume.read_file("/" + entry.name)
    except OSError:
        pass


@pytest.mark.parametrize("media", [0xEF, 0xF0, 0xF1, 0xF7, 0xF8, 0xF9, 0xFF, 0])
def test_media_bytes(image: bytes, media: int) -> None:
    """0xF0 and 0xF8 to 0xFF are legal (FAT specification, BPB_Media)."""
    changed = bytearray(image)
    changed[21] = media
    if media == 0xF0 or media >= 0xF8:
        assert mount(FakeDisk(changed)).read_file("/EMPTY") == b""
    else:
        fails(errno.EINVAL, lambda: mount(FakeDisk(changed)))


@given(st.binary(max_size=640))
def test_random_directory_blocks(block: bytes) -> None:
    reader = DirectoryReader()
    reader.add_block(array_of(block))
    for entry in reader.entries:
        assert entry.name and "/" not in entry.name and min(entry.name) >= " "


# ------------------------------------------------------------------------------------------------------ names


def long_entry(sequence: int, text: str, check: int) -> bytes:
    units = struct.unpack("<13H", (text.encode("utf-16-le") + b"\0\0" + b"\xff" * 26)[:26])
    return struct.pack("<B5HBBB6HH2H", sequence, *units[:5], 0x0F, 0, check, *units[5:11], 0, *units[11:])


def short_entry(name: bytes, case_bits: int = 0, attributes: int = 0x20) -> bytes:
    return struct.pack("<11sBB13xHI", name, attributes, case_bits, 0, 0)


def names_of(*entries: bytes) -> list[str]:
    reader = DirectoryReader()
    reader.add_block(array_of(b"".join(entries)))
    return [entry.name for entry in reader.entries]


def check_of(name: bytes) -> int:
    total = 0
    for byte in name:
        total = ((total & 1) << 7) + (total >> 1) + byte & 0xFF
    return total


SHORT = b"LONGNA~1TXT"


def test_a_long_name_has_at_most_20_parts() -> None:
    """255 units in parts of 13 (FAT specification, "Long Directory Entries"); 21 parts cannot be one."""
    check = check_of(SHORT)
    for count, expected in ((20, "x" * 248), (21, "LONGNA~1.TXT")):
        first = long_entry(0x40 | count, "x", check)
        rest = [long_entry(number, "x" * 13, check) for number in range(count - 1, 0, -1)]
        assert names_of(first, *rest, short_entry(SHORT)) == [expected]
    assert names_of(long_entry(0x40, "x", check), short_entry(SHORT)) == ["LONGNA~1.TXT"]


def test_the_root_has_no_cluster_size_or_date(volume: Volume) -> None:
    root = volume.find("/")
    assert (root.name, root.short_name, root.first_cluster, root.size) == ("/", "/", 0, 0)
    assert (root.write_date, root.write_time) == (0, 0)


def test_long_names_and_what_breaks_them() -> None:
    check = check_of(SHORT)
    parts = [long_entry(0x42, "end", check), long_entry(1, "thirteen char", check)]
    assert names_of(*parts, short_entry(SHORT)) == ["thirteen charend"]
    assert names_of(parts[0], short_entry(SHORT)) == ["LONGNA~1.TXT"]
    assert names_of(parts[1], short_entry(SHORT)) == ["LONGNA~1.TXT"]
    assert names_of(parts[1], parts[0], short_entry(SHORT)) == ["LONGNA~1.TXT"]
    assert names_of(*parts, short_entry(b"OTHER   TXT")) == ["OTHER.TXT"]
    assert names_of(*parts, b"\xe5" + bytes(31), short_entry(SHORT)) == ["LONGNA~1.TXT"]
    assert names_of(*parts, short_entry(b"LABEL      ", attributes=8), short_entry(SHORT)) == ["LONGNA~1.TXT"]
    assert names_of(long_entry(0x41, "a/b", check), short_entry(SHORT)) == ["LONGNA~1.TXT"]
    assert names_of(long_entry(0x40, "zero", check), short_entry(SHORT)) == ["LONGNA~1.TXT"]
    assert names_of(long_entry(0x7F, "far", check), short_entry(SHORT)) == ["LONGNA~1.TXT"]


def test_case_bits_code_page_and_the_end_mark() -> None:
    name = b"README  TXT"
    assert [names_of(short_entry(name, bits))[0] for bits in (0, 8, 0x10, 0x18)] == [
        "README.TXT",
        "readme.TXT",
        "README.txt",
        "readme.txt",
    ]
    assert names_of(short_entry(b"\x05\x81       ".ljust(11))) == ["σü"]
    assert names_of(short_entry(b"A          "), bytes(32), short_entry(b"B          ")) == ["A"]
    assert names_of(short_entry(b"   ".ljust(11))) == []


def test_utf16_and_folding() -> None:
    assert text_of_units([0x48, 0xD83D, 0xDE00, 0xD83D, 0x21, 0xDE00]) == "H😀\ufffd!\ufffd"
    assert fold_case("straße ÿ÷x.") == "STRAßE ÿ÷X"
