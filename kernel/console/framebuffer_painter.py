"""Painting the text grid into a linear framebuffer of 32-bit pixels.

UEFI 2.10 §12.9 (EFI_GRAPHICS_OUTPUT_MODE_INFORMATION). Rows of pixels are `pixels_per_row` apart, which is often more
than the width. The framebuffer is only ever written. On large screens glyphs are enlarged by a whole factor, so that
text stays legible. Each pixel row of a cell is written from left to right: write-combining memory likes that.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from kernel.console.font import GLYPH_HEIGHT, GLYPH_WIDTH, glyph_offset
from kernel.console.glyphs import GLYPHS
from kernel.console.text_grid import TextGrid, cell_background, cell_code, cell_foreground
from runtime.abi.error_numbers import EINVAL
from runtime.lang import Array, u32

_SCALE_WIDTH: Final = 1920  # pixels of screen width per step of enlargement beyond the first
_MARGIN: Final = 8  # pixels that stay black at each edge, where the screen has room for them
_ROOMY: Final = 400  # pixels of height from which on it has

# Red, green, blue of the sixteen colours in the order of ECMA-48, then their bright forms.
_PALETTE: Final[tuple[int, ...]] = (
    0x000000, 0xC03030, 0x30A040, 0xB08020, 0x4070D0, 0xA050B0, 0x30A0A8, 0xC8C8C8,
    0x888888, 0xFF6060, 0x60D870, 0xF0C850, 0x80A8FF, 0xE080F0, 0x60E0E8, 0xFFFFFF,
)  # fmt: skip


class PixelOrder(Enum):
    """Which byte of a pixel is which colour, in the order of memory."""

    RED_GREEN_BLUE = "RGB"
    BLUE_GREEN_RED = "BGR"


@dataclass(frozen=True, slots=True)
class PixelGeometry:
    """The shape of a framebuffer, in pixels."""

    width: int
    height: int
    pixels_per_row: int
    order: PixelOrder


class FramebufferPainter:
    """Paints cells; the array is the framebuffer and has at least `height * pixels_per_row` pixels."""

    columns: int
    rows: int
    left: int  # pixels before the first column
    top: int  # pixels above the first row
    scale: int  # a glyph pixel is a square of this many pixels
    _pixels: Array[u32]
    _geometry: PixelGeometry
    _cursor_row: int = -1  # where the cursor is painted, -1 when it is not
    _cursor_column: int = -1

    def __init__(self, pixels: Array[u32], geometry: PixelGeometry) -> None:
        is_sane = 0 < geometry.width <= geometry.pixels_per_row and geometry.height > 0
        if not is_sane or len(pixels) < geometry.height * geometry.pixels_per_row:
            raise OSError(EINVAL, "a framebuffer whose size contradicts itself")
        self._pixels = pixels
        self._geometry = geometry
        self.scale = 1 + (geometry.width - 1) // _SCALE_WIDTH
        margin = _MARGIN * self.scale if geometry.height >= _ROOMY else 0
        self.columns = (geometry.width - 2 * margin) // (GLYPH_WIDTH * self.scale)
        self.rows = (geometry.height - 2 * margin) // (GLYPH_HEIGHT * self.scale)
        # What is left over is shared between the two edges.
        is_roomy = margin > 0
        self.left = (geometry.width - self.columns * GLYPH_WIDTH * self.scale) // 2 if is_roomy else 0
        self.top = (geometry.height - self.rows * GLYPH_HEIGHT * self.scale) // 2 if is_roomy else 0

    def clear(self) -> None:
        """Paint the whole screen black, the margins included."""
        for row in range(self._geometry.height):
            start = row * self._geometry.pixels_per_row
            self._pixels[start : start + self._geometry.width].fill(u32(0))

    def paint_changes(self, grid: TextGrid) -> int:
        """Paint the cells that differ from the screen; returns how many there were."""
        painted = 0
        first = grid.first_dirty_row()
        if first < 0:
            return 0
        for row in range(first, min(grid.last_dirty_row() + 1, self.rows)):
            for column in range(min(grid.columns, self.columns)):
                if grid.is_dirty(row, column):
                    self._paint_cell(row, column, grid.cell(row, column))
                    grid.mark_shown(row, column)
                    painted += 1
        grid.all_shown()
        return painted

    def move_cursor(self, grid: TextGrid, row: int, column: int) -> None:
        """Show the cursor as a reversed cell at this place and nowhere else; called after `paint_changes`."""
        if self._cursor_row >= 0:
            grid.mark_hidden(self._cursor_row, self._cursor_column)
            self.paint_changes(grid)
        self._cursor_row = -1
        if 0 <= row < min(grid.rows, self.rows) and 0 <= column < min(grid.columns, self.columns):
            cell = grid.cell(row, column)
            self._paint_glyph(row, column, cell_code(cell), cell_background(cell), cell_foreground(cell))
            self._cursor_row = row
            self._cursor_column = column

    def colour(self, index: int) -> int:
        """Return one of the sixteen colours as a pixel."""
        value = _PALETTE[index & 15]
        if self._geometry.order is PixelOrder.BLUE_GREEN_RED:
            return value
        return (value & 0xFF) << 16 | value & 0xFF00 | value >> 16

    def _paint_cell(self, row: int, column: int, cell: int) -> None:
        """Paint a cell in its colours."""
        self._paint_glyph(row, column, cell_code(cell), cell_foreground(cell), cell_background(cell))

    def _paint_glyph(self, row: int, column: int, code: int, foreground: int, background: int) -> None:
        """Paint a glyph in two of the sixteen colours."""
        on = u32(self.colour(foreground))
        off = u32(self.colour(background))
        glyph = glyph_offset(code)
        left = self.left + column * GLYPH_WIDTH * self.scale
        top = self.top + row * GLYPH_HEIGHT * self.scale
        for line in range(GLYPH_HEIGHT * self.scale):
            bits = GLYPHS[glyph + line // self.scale]
            self._paint_line((top + line) * self._geometry.pixels_per_row + left, bits, on, off)

    def _paint_line(self, start: int, bits: int, on: u32, off: u32) -> None:
        """Paint one pixel row of a glyph."""
        pixel = start
        for shift in range(GLYPH_WIDTH - 1, -1, -1):
            value = on if bits >> shift & 1 != 0 else off
            for _ in range(self.scale):
                self._pixels[pixel] = value
                pixel += 1
