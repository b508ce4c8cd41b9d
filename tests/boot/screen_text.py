"""What stands on the guest's screen, read from its pixels: each cell is compared with the font's glyphs.

A cell is whatever is not its own most common colour. The cursor is a cell in reverse; a cell that is no glyph reads
as `?`.
"""

from __future__ import annotations

import struct
import zlib
from collections import Counter
from pathlib import Path

from kernel.console.font import GLYPH_HEIGHT, GLYPH_WIDTH, glyph_row, has_glyph
from tests.machine.screen import BYTES_PER_PIXEL, PNG_SIGNATURE, Picture

GLYPHS = {
    bytes(glyph_row(code, row) for row in range(GLYPH_HEIGHT)): chr(code)
    for code in range(255, 31, -1)
    if has_glyph(code)
}


def read_png(path: Path) -> Picture:
    """Undo `tests.machine.screen.emit_png`."""
    data = path.read_bytes()
    assert data.startswith(PNG_SIGNATURE)
    width, height = struct.unpack_from(">II", data, 16)
    start = data.index(b"IDAT") + 4
    (size,) = struct.unpack_from(">I", data, start - 8)
    rows = zlib.decompress(data[start : start + size])
    row_bytes = width * BYTES_PER_PIXEL + 1
    return Picture(width, height, b"".join(rows[at + 1 : at + row_bytes] for at in range(0, len(rows), row_bytes)))


def screen_lines(picture: Picture) -> list[str]:
    """The lines from the top, without blanks at their ends and without empty lines at the end of the screen."""
    left, top = margins(picture)
    columns = (picture.width - 2 * left) // GLYPH_WIDTH
    rows = (picture.height - 2 * top) // GLYPH_HEIGHT
    lines = [
        "".join(
            cell_character(picture, left + column * GLYPH_WIDTH, top + row * GLYPH_HEIGHT) for column in range(columns)
        )
        for row in range(rows)
    ]
    text = "\n".join(line.rstrip() for line in lines)
    return text.rstrip("\n").split("\n")


def margins(picture: Picture) -> tuple[int, int]:
    """Pixels left of and above the first cell: eight at each edge, and half of what makes no whole cell."""
    return 8 + (picture.width - 16) % GLYPH_WIDTH // 2, 8 + (picture.height - 16) % GLYPH_HEIGHT // 2


def pixel(picture: Picture, x: int, y: int) -> bytes:
    start = (y * picture.width + x) * BYTES_PER_PIXEL
    return picture.pixels[start : start + BYTES_PER_PIXEL]


def cell_colours(picture: Picture, x: int, y: int) -> list[list[bytes]]:
    return [[pixel(picture, x + column, y + row) for column in range(GLYPH_WIDTH)] for row in range(GLYPH_HEIGHT)]


def cell_character(picture: Picture, x: int, y: int) -> str:
    cells = cell_colours(picture, x, y)
    background = Counter(colour for row in cells for colour in row).most_common(1)[0][0]
    rows = bytes(
        sum(1 << (GLYPH_WIDTH - 1 - column) for column, colour in enumerate(row) if colour != background)
        for row in cells
    )
    return GLYPHS.get(rows, "?")
