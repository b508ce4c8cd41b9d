"""The printer of images agrees with the writer and survives anything."""

from __future__ import annotations

import struct
from functools import lru_cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compiler.image.disk import make_disk_image
from compiler.image.errors import ImageError, ImageErrorCode
from compiler.image.show_disk import show_disk

VOLUME = 1 << 20  # byte offset of the partition
FAT = VOLUME + 512


@lru_cache(maxsize=1)
def image() -> bytes:
    return make_disk_image({"/bin/hello": b"x" * 9000, "/A long name.text": b"1", "/d/e/f": b""}, partition_mebibytes=9)


def test_the_tree_is_shown() -> None:
    text = show_disk(image())
    assert "partition 'EFI System', sectors 2048 to 20479" in text
    assert "volume label 'PYC'" in text
    assert "      9000  /bin/hello  cluster" in text
    assert "         1  /A long name.text  cluster" in text
    assert "         0  /d/e/f  cluster 0" in text
    assert "←" not in text


def patched(offset: int, data: bytes) -> bytes:
    broken = bytearray(image())
    broken[offset : offset + len(data)] = data
    return bytes(broken)


@pytest.mark.parametrize("offset", [512, 512 + 40, 1024 + 40])
def test_a_broken_table_is_refused(offset: int) -> None:
    with pytest.raises(ImageError) as caught:
        show_disk(patched(offset, b"\xa5\x5a"))
    assert caught.value.code is ImageErrorCode.BAD_IMAGE


@pytest.mark.parametrize("size", [0, 1, 511, 512, 600, 1024, 5000])
def test_a_cut_image_is_refused(size: int) -> None:
    with pytest.raises(ImageError):
        show_disk(image()[:size])


def test_a_directory_that_contains_itself_ends() -> None:
    # Clusters go by name: /A long name.text 2, bin 3, hello 4.., so an entry of `bin` may be pointed at cluster 3.
    data = image()
    hello = data.index(b"HELLO      ", VOLUME)
    looped = bytearray(data)
    looped[hello + 11] = 0x10
    looped[hello + 26 : hello + 28] = struct.pack("<H", 3)
    assert "not followed" in show_disk(bytes(looped))


def test_a_chain_that_returns_to_itself_is_said() -> None:
    assert "another length" in show_disk(patched(FAT + 2 * 8, struct.pack("<H", 4)))


def test_a_boot_sector_without_sense_is_said() -> None:
    assert "boot sector is inconsistent" in show_disk(patched(VOLUME + 11, b"\0\0"))
    assert "not a FAT volume" in show_disk(patched(VOLUME + 510, b"\0\0"))
    assert "not FAT16" in show_disk(patched(VOLUME + 13, b"\x80"))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.one_of(st.integers(0, 40_000), st.integers(VOLUME, VOLUME + 60_000)), st.integers(0, 255)),
        max_size=12,
    )
)
def test_any_damage_is_shown_or_refused(damage: list[tuple[int, int]]) -> None:
    broken = bytearray(image())
    for offset, byte in damage:
        broken[offset] = byte
    try:
        show_disk(bytes(broken))
    except ImageError:
        pass
