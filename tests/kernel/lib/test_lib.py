"""Byte order, checksums, paths, numbers and the ring buffer, judged by Python's own library."""

from __future__ import annotations

import errno
import posixpath
import struct
import zlib
from collections import deque

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.lib import byte_codec, checksum, path_text, text
from kernel.lib.ring_buffer import RingBuffer
from runtime.lang import new_array, u8, u64


@given(st.binary(min_size=16, max_size=16), st.integers(0, 8))
def test_reading_agrees_with_struct(data: bytes, offset: int) -> None:
    array = byte_codec.array_of(data)
    assert byte_codec.get_u16(array, offset) == struct.unpack_from("<H", data, offset)[0]
    assert byte_codec.get_u32(array, offset) == struct.unpack_from("<I", data, offset)[0]
    assert byte_codec.get_u64(array, offset) == struct.unpack_from("<Q", data, offset)[0]


@given(st.integers(0, 2**64 - 1))
def test_writing_agrees_with_struct(value: int) -> None:
    array = new_array(u8, 14)
    byte_codec.put_u64(array, 0, u64(value))
    byte_codec.put_u32(array, 8, value & 0x7FFFFFFFFFFFFFFF)
    byte_codec.put_u16(array, 12, value & 0x7FFFFFFFFFFFFFFF)
    assert bytes(array) == struct.pack("<QIH", value, value & 0xFFFFFFFF, value & 0xFFFF)


def test_a_signature_past_the_end_does_not_match() -> None:
    assert byte_codec.has_signature(byte_codec.array_of(b"xEFI PART"), 1, b"EFI PART")
    assert not byte_codec.has_signature(byte_codec.array_of(b"xEFI PAR"), 1, b"EFI PART")
    assert not byte_codec.has_signature(byte_codec.array_of(b"abc"), -1, b"c")


@given(st.binary(max_size=200))
def test_crc32_is_zlibs(data: bytes) -> None:
    assert checksum.crc32(byte_codec.array_of(data)) == zlib.crc32(data)
    assert checksum.byte_sum(byte_codec.array_of(data)) == sum(data) % 256


@given(st.lists(st.sampled_from(["a", "b.txt", ".", "..", "", "ü"]), min_size=1))
def test_normalising_is_posixpaths(names: list[str]) -> None:
    path = "/" + "/".join(names)
    assert path_text.normalise_path(path) == "/" + posixpath.normpath(path).lstrip("/")


@pytest.mark.parametrize(
    ("path", "number"),
    [("", errno.ENOENT), ("a" * 256, errno.ENAMETOOLONG), ("/a" * 3000, errno.ENAMETOOLONG), ("a\0b", errno.EINVAL)],
)
def test_bad_paths_are_refused(path: str, number: int) -> None:
    with pytest.raises(OSError) as caught:
        path_text.split_path(path)
    assert caught.value.errno == number


def test_joining_and_the_last_name() -> None:
    assert path_text.join_path("/a", "b/c") == "/a/b/c"
    assert path_text.join_path("/", "b") == "/b"
    assert path_text.join_path("/a", "/b") == "/b"
    assert path_text.last_name("/bin/hello/") == "hello"
    assert path_text.last_name("///") == "/"
    assert [path for path in ("/a", "/a/", "/a/.", "..", "a..") if path_text.demands_directory(path)] == [
        "/a/",
        "/a/.",
        "..",
    ]


@pytest.mark.parametrize(
    ("spelling", "value"),
    [("0", 0), ("200", 200), ("0x1F", 31), ("0X10", 16), ("", None), ("0x", None), ("12a", None), ("-1", None),
     ("9" * 19, None), ("9" * 18, 10**18 - 1)],
)  # fmt: skip
def test_numbers_of_commands(spelling: str, value: int | None) -> None:
    assert text.parse_number(spelling) == value


def test_sizes_dumps_and_plurals() -> None:
    assert [text.size_text(size) for size in (5, 2048, 33554432, 1 << 36)] == ["5 bytes", "2 KiB", "32 MiB", "64 GiB"]
    assert text.dump_line(byte_codec.array_of(b"AB\x00\xff"), 0) == f"0000  {'41 42 00 ff ':<48} AB.."
    assert (text.plural(1, "page"), text.plural(0, "page")) == ("1 page", "0 pages")


@given(st.integers(1, 5), st.lists(st.one_of(st.none(), st.integers(0, 255))))
def test_the_ring_is_a_bounded_queue(capacity: int, actions: list[int | None]) -> None:
    ring, model = RingBuffer(capacity), deque[int]()
    for action in actions:
        if action is None:
            assert ring.get() == (model.popleft() if model else -1)
        else:
            assert ring.put(action) == (len(model) < capacity)
            if len(model) < capacity:
                model.append(action)
        assert len(ring) == len(model)
