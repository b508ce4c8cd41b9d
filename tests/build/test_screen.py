"""PPM → PNG, judged by taking the PNG apart again."""

from __future__ import annotations

import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.machine.screen import PNG_SIGNATURE, Picture, emit_png, parse_ppm


@st.composite
def pictures(draw: st.DrawFn) -> Picture:
    width, height = draw(st.integers(1, 9)), draw(st.integers(1, 9))
    return Picture(width, height, draw(st.binary(min_size=width * height * 3, max_size=width * height * 3)))


def chunks(data: bytes) -> dict[bytes, bytes]:
    found: dict[bytes, bytes] = {}
    assert data.startswith(PNG_SIGNATURE)
    offset = len(PNG_SIGNATURE)
    while offset < len(data):
        length, kind = struct.unpack_from(">I4s", data, offset)
        body = data[offset + 8 : offset + 8 + length]
        (checksum,) = struct.unpack_from(">I", data, offset + 8 + length)
        assert checksum == zlib.crc32(kind + body)
        found[kind] = body
        offset += 12 + length
    return found


@given(pictures())
def test_pixels_survive(picture: Picture) -> None:
    parts = chunks(emit_png(picture))
    assert list(parts) == [b"IHDR", b"IDAT", b"IEND"]
    assert struct.unpack(">IIBBBBB", parts[b"IHDR"]) == (picture.width, picture.height, 8, 2, 0, 0, 0)
    rows = zlib.decompress(parts[b"IDAT"])
    row_bytes = 1 + picture.width * 3
    lines = [rows[start : start + row_bytes] for start in range(0, len(rows), row_bytes)]
    assert {line[0] for line in lines} == {0}
    assert b"".join(line[1:] for line in lines) == picture.pixels


@given(pictures())
def test_ppm_is_read(picture: Picture) -> None:
    header = f"P6\n# made by hand\n{picture.width} {picture.height}\n255\n".encode()
    assert parse_ppm(header + picture.pixels) == picture


@pytest.mark.parametrize(
    "data", [b"", b"P5\n1 1\n255\n000", b"P6\n1 1\n255\n00", b"P6\n1 1\n255\n0000", b"P6\n1 1\n65535\n000000"]
)
def test_broken_ppm_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):
        parse_ppm(data)
