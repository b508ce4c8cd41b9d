"""Whole disk images, judged by gptfdisk, dosfstools and mtools."""

from __future__ import annotations

import struct
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from compiler.image.disk import make_disk_image, write_disk_image
from compiler.image.errors import ImageError, ImageErrorCode
from compiler.image.root_tree import fold_case
from tests.compiler.image import judges

FILES = {
    "/bin/hello": b"x" * 9000,
    "/README.TXT": b"hi",
    "/A long name with spaces.text": b"long",
    "/A long name with spaces.text 2": b"longer",
    "/dir/sub/deeper/Mixed.Case": bytes(range(256)) * 12,
    "/empty file": b"",
    "/exact": bytes(2048),
    "/ünïcode.txt": b"u",
    "/thirteen char": b"a long name that fills one entry exactly",
}


def test_the_judges_accept_the_image(tmp_path: Path) -> None:
    image = tmp_path / "disk.img"
    write_disk_image(image, FILES, efi_boot=b"MZ" * 50_000)
    judges.check_partition_table(image)
    judges.check_file_system(image)
    assert judges.read_back(image, tmp_path / "out") == {**FILES, "/EFI/BOOT/BOOTX64.EFI": b"MZ" * 50_000}


def test_partition_is_an_efi_system_partition_at_sector_2048(tmp_path: Path) -> None:
    image = tmp_path / "disk.img"
    write_disk_image(image, {}, efi_boot=b"MZ")
    output = judges.run("sgdisk", "-i", "1", str(image))
    assert "C12A7328-F81F-11D2-BA4B-00A0C93EC93B" in output
    assert "First sector: 2048" in output
    assert "Partition size: 131072 sectors" in output


def test_memory_and_file_are_the_same_bytes_and_the_file_is_sparse(tmp_path: Path) -> None:
    image = tmp_path / "disk.img"
    write_disk_image(image, FILES, efi_boot=b"MZ")
    assert image.read_bytes() == make_disk_image(FILES, efi_boot=b"MZ")
    assert image.stat().st_size == 66 << 20
    assert image.stat().st_blocks * 512 < 1 << 20


def test_equal_files_give_equal_bytes_in_any_order() -> None:
    assert make_disk_image(FILES) == make_disk_image(dict(reversed(FILES.items())))


def test_different_files_give_different_identities() -> None:
    one, other = make_disk_image({"/a": b"1"}), make_disk_image({"/a": b"2"})
    assert one[512 + 56 : 512 + 72] != other[512 + 56 : 512 + 72]  # disk GUID, UEFI table 5.5


def test_writing_is_quick(tmp_path: Path) -> None:
    start = time.perf_counter()
    write_disk_image(tmp_path / "disk.img", {"/big": bytes(8 << 20)}, efi_boot=b"MZ")
    assert time.perf_counter() - start < 2  # about 20 ms; the limit leaves room for a loaded machine


@pytest.mark.parametrize("mebibytes", [9, 32, 128, 2047])
def test_other_sizes_are_valid_too(tmp_path: Path, mebibytes: int) -> None:
    image = tmp_path / "disk.img"
    write_disk_image(image, FILES, partition_mebibytes=mebibytes)
    judges.check_partition_table(image)
    assert judges.read_back(image, tmp_path / "out") == FILES


@pytest.mark.parametrize("mebibytes", [0, 1, 4096])
def test_sizes_that_fat16_cannot_have_are_refused(mebibytes: int) -> None:
    with pytest.raises(ImageError) as caught:
        make_disk_image({}, partition_mebibytes=mebibytes)
    assert caught.value.code is ImageErrorCode.NO_ROOM


def test_too_large_files_are_refused_with_the_room_there_is() -> None:
    with pytest.raises(ImageError, match="there is room for 66959360") as caught:
        make_disk_image({"/big": bytes(65 << 20)})
    assert caught.value.code is ImageErrorCode.NO_ROOM


def test_files_that_fill_the_volume_exactly_fit(tmp_path: Path) -> None:
    image = tmp_path / "disk.img"
    write_disk_image(image, {"/a": bytes(66_959_360 - 2048), "/b": b"1"})
    judges.check_file_system(image)
    with pytest.raises(ImageError):
        make_disk_image({"/a": bytes(66_959_360 - 2048), "/b": b"1", "/c": b"1"})


def test_a_full_root_directory_is_refused_and_the_last_entry_is_not(tmp_path: Path) -> None:
    files = {f"/f{number}": b"" for number in range(511)}  # and the volume label
    image = tmp_path / "disk.img"
    write_disk_image(image, files)
    judges.check_file_system(image)
    with pytest.raises(ImageError, match="use subdirectories"):
        make_disk_image({**files, "/one-more": b""})


def test_a_large_directory_spans_clusters(tmp_path: Path) -> None:
    files = {f"/d/a rather long name, number {number}.data": b"%d" % number for number in range(700)}
    image = tmp_path / "disk.img"
    write_disk_image(image, files)
    judges.check_file_system(image)
    assert judges.read_back(image, tmp_path / "out") == files


def test_a_boot_program_given_twice_is_refused() -> None:
    with pytest.raises(ImageError, match="one is given already"):
        make_disk_image({"/efi/boot/bootx64.efi": b"1"}, efi_boot=b"2")


def test_an_unwritable_target_is_an_error_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ImageError) as caught:
        write_disk_image(tmp_path / "missing" / "disk.img", {})
    assert caught.value.code is ImageErrorCode.HOST_FILE


# No character beyond U+FFFF: mtools, the judge, shows both halves of a surrogate pair as underscores.
NAMES = st.text(st.sampled_from("abcXYZ019 ._-+~éß中"), min_size=1, max_size=30).filter(
    lambda name: name == name.strip(" ") and not name.endswith(".")
)
TREES = st.dictionaries(
    st.lists(NAMES, min_size=1, max_size=3).map(tuple), st.binary(max_size=5000), min_size=0, max_size=12
)


def without_conflicts(tree: dict[tuple[str, ...], bytes]) -> dict[str, bytes]:
    """Drop what FAT must refuse (equal but for case, a file as a directory), so that the rest has to work."""
    kept: dict[tuple[str, ...], tuple[tuple[str, ...], bytes]] = {}
    spelling: dict[tuple[str, ...], tuple[str, ...]] = {}
    for path, data in tree.items():
        folded = tuple(fold_case(name) for name in path)
        prefixes = [folded[:length] for length in range(1, len(folded))]
        spelled = all(spelling.setdefault(p, path[: len(p)]) == path[: len(p)] for p in prefixes)
        if spelled and folded not in kept and folded not in spelling and not any(p in kept for p in prefixes):
            kept[folded] = (path, data)
    return {"/" + "/".join(path): data for path, data in kept.values()}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TREES)
@example({("pyc",): b"", ("PYC~1",): b"2", ("pyc long name",): b"3"})
@example({("LONGNA~1.TXT",): b"real", ("longname one.txt",): b"1", ("longname two.txt",): b"2"})
def test_any_tree_reads_back(tmp_path_factory: pytest.TempPathFactory, tree: dict[tuple[str, ...], bytes]) -> None:
    folder = tmp_path_factory.mktemp("tree")
    files = without_conflicts(tree)
    image = folder / "disk.img"
    write_disk_image(image, files, partition_mebibytes=9)
    judges.check_file_system(image)
    assert judges.read_back(image, folder / "out") == files


def test_the_protective_record_covers_the_disk() -> None:
    image = make_disk_image({}, partition_mebibytes=9)
    sectors = len(image) // 512
    record = struct.pack("<B3sB3sII", 0, b"\x00\x02\x00", 0xEE, b"\xff\xff\xff", 1, sectors - 1)  # UEFI table 5.4
    assert image[446:462] == record
    assert image[462:512] == bytes(48) + b"\x55\xaa"


def test_both_partition_tables_say_the_same() -> None:
    image = make_disk_image({}, partition_mebibytes=9)
    last = len(image) // 512 - 1
    front, back = image[512:1024], image[last * 512 :]
    assert front[12:16] == back[12:16] == (92).to_bytes(4, "little")
    assert front[20:24] == back[20:24] == bytes(4)  # reserved
    assert front[24:40] == back[32:40] + back[24:32]  # each names itself and the other
    assert front[40:72] == back[40:72] and front[80:92] == back[80:92]
    assert image[1024 : 1024 + 16384] == image[(last - 32) * 512 : last * 512]
    assert image[1024 + 48 : 1024 + 56] == bytes(8)  # no attributes
    assert front[92:] == back[92:] == bytes(420)
