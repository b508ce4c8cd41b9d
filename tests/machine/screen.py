"""The guest's screen as a PNG file: QEMU's PPM dump, converted with nothing but zlib.

PPM: Netpbm `P6`, 8 bits per channel. PNG: RFC 2083; colour type 2, no filter, one IDAT chunk.
"""

from __future__ import annotations

import re
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

from tests.machine.qmp import Monitor

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
PPM_HEADER = re.compile(rb"P6\s+(?:#[^\n]*\n\s*)*(\d+)\s+(\d+)\s+255\s")
BYTES_PER_PIXEL = 3


@dataclass(frozen=True, slots=True)
class Picture:
    """Rows of red, green, blue bytes from the top left."""

    width: int
    height: int
    pixels: bytes


def parse_ppm(data: bytes) -> Picture:
    """Raises ValueError when the data is not a whole binary PPM."""
    header = PPM_HEADER.match(data)
    if header is None:
        raise ValueError("not a binary PPM with 8 bits per channel")
    width, height = int(header[1]), int(header[2])
    pixels = data[header.end() :]
    if len(pixels) != width * height * BYTES_PER_PIXEL:
        raise ValueError(f"{len(pixels)} bytes of pixels for {width}×{height}")
    return Picture(width, height, pixels)


def chunk(kind: bytes, data: bytes) -> bytes:
    """Length, type, data, checksum over type and data (RFC 2083 §3.2)."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def emit_png(picture: Picture) -> bytes:
    row_bytes = picture.width * BYTES_PER_PIXEL
    rows = (picture.pixels[start : start + row_bytes] for start in range(0, len(picture.pixels), row_bytes))
    unfiltered = b"".join(b"\0" + row for row in rows)
    header = struct.pack(">IIBBBBB", picture.width, picture.height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(unfiltered, 9)) + chunk(b"IEND", b"")
    return PNG_SIGNATURE + body


def take_screenshot(monitor: Monitor, folder: Path) -> Picture:
    """What the guest's first display shows now."""
    dump = folder / "screen.ppm"
    monitor.command("screendump", filename=str(dump))
    try:
        return parse_ppm(dump.read_bytes())
    finally:
        dump.unlink(missing_ok=True)
