"""The text console on a framebuffer: screen, grid and painter joined; a sink of the log and an output of the terminal.

Painting follows output line by line until the screen scrolls; a scroll changes most cells, so after one the console
paints at every sixteenth line, and when somebody calls `show`: the prompt, the idle loop, a panic. Nothing allocates
or raises after construction. Owner: the console; output of two contexts may interleave, nothing worse.

Errors: EINVAL from the constructor for a framebuffer whose size contradicts itself.
"""

from __future__ import annotations

from typing import Final

from kernel.console.escape_codes import Screen
from kernel.console.framebuffer_painter import FramebufferPainter, PixelGeometry
from kernel.console.text_grid import TextGrid
from kernel.debug.log_sink import LogSink
from runtime.lang import Array, u32

_LINES_PER_PAINT: Final = 16  # while scrolling
_NEW_LINE: Final = 10


class FramebufferConsole(LogSink):
    """A terminal on the screen."""

    screen: Screen
    _grid: TextGrid
    _painter: FramebufferPainter
    _scrolls_shown: int = 0  # the grid's count of scrolls when it was painted last

    def __init__(self, pixels: Array[u32], geometry: PixelGeometry) -> None:
        self._painter = FramebufferPainter(pixels, geometry)
        self._grid = TextGrid(self._painter.columns, self._painter.rows)
        self.screen = Screen(self._grid)
        self._painter.clear()

    def write_character(self, code: int) -> None:
        """Take one character of the log; 10 starts a new line."""
        self.screen.write_code_point(code)
        if code == _NEW_LINE:
            self._show_some()

    def write_bytes(self, data: bytes) -> None:
        """Take output of programs and of the line editor, and show it at once unless it scrolled."""
        self.screen.write(data)
        self._show_some()

    def show(self) -> None:
        """Paint everything that is not on the screen yet, and the cursor."""
        self._painter.paint_changes(self._grid)
        self._painter.move_cursor(self._grid, self.screen.row, min(self.screen.column, self._grid.columns - 1))
        self._scrolls_shown = self._grid.scroll_count

    def _show_some(self) -> None:
        """Paint unless the screen is scrolling fast."""
        scrolled = self._grid.scroll_count - self._scrolls_shown
        if scrolled == 0 or scrolled >= _LINES_PER_PAINT:
            self.show()
