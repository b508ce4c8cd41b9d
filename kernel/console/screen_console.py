"""The screen as a console device and as a sink of the log: text into the grid at once, pixels when they are due.

Painting is the slow part, so output only changes the grid; what differs is painted by `flush`, which the console calls
before it waits for a key, and by a write when the last painting is longer ago than PAINT_INTERVAL. In a panic every
line is painted at once: nobody waits for a key any more. Nothing allocates after construction.

Owner: the console and the log, both on the boot CPU.
"""

from __future__ import annotations

from typing import Final

from kernel.console.escape_codes import Screen
from kernel.console.framebuffer_painter import FramebufferPainter
from kernel.console.text_grid import TextGrid
from kernel.debug.log_sink import LogSink
from kernel.debug.panic import PANIC
from kernel.interfaces.character_device import CharacterDevice
from kernel.interfaces.clock_source import ClockSource

# Nanoseconds: thirty pictures a second are enough for text that runs through.
PAINT_INTERVAL: Final = 33_000_000
LINE_FEED: Final = 10


class ScreenConsole(CharacterDevice):
    """Output only; the keyboard is a device of its own."""

    _screen: Screen
    _grid: TextGrid
    _painter: FramebufferPainter
    _clock: ClockSource
    _painted_at: int = 0

    def __init__(self, painter: FramebufferPainter, clock: ClockSource) -> None:
        self._painter = painter
        self._grid = TextGrid(painter.columns, painter.rows)
        self._screen = Screen(self._grid)
        self._clock = clock
        painter.clear()

    def is_present(self) -> bool:
        return True

    def write_bytes(self, data: bytes) -> None:
        """Show text, UTF-8 with control sequences."""
        for byte in data:
            self._screen.write_byte(byte)
        self.paint_if_due()

    def write_code_point(self, code: int) -> None:
        """Show one character of the log."""
        self._screen.write_code_point(code)
        if code == LINE_FEED:
            self.paint_if_due()

    def paint_if_due(self) -> None:
        now = self._clock.nanoseconds()
        if now - self._painted_at >= PAINT_INTERVAL or PANIC.depth > 0:
            self.flush()
            self._painted_at = now

    def flush(self) -> None:
        """Paint whatever differs, and the cursor."""
        self._painter.paint_changes(self._grid)
        self._painter.move_cursor(self._grid, self._screen.row, self._screen.column)


class ScreenLog(LogSink):
    """The log's way to the screen."""

    _screen: ScreenConsole

    def __init__(self, screen: ScreenConsole) -> None:
        self._screen = screen

    def write_character(self, code: int) -> None:
        self._screen.write_code_point(code)
