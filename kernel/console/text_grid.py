"""The characters that a screen shows, in memory: a grid of cells that knows which of them changed.

The framebuffer is slow to write and far slower to read, so it is never read: scrolling moves cells here and marks what
differs from what the screen shows. A cell is one u32 (code point in 20:0, foreground in 27:24, background in 31:28),
and `_shown` holds what was painted last; a cell is dirty when the two differ. Nothing allocates after construction.
"""

from __future__ import annotations

from typing import Final

from runtime.lang import Array, new_array, u32

BLANK: Final = 0x20
BLACK: Final = 0
LIGHT_GREY: Final = 7
_CODE_MASK: Final = 0x1FFFFF
_NEVER_SHOWN: Final = 0xFFFFFFFF  # differs from every cell
_REPLACEMENT: Final = 0xFFFD


def make_cell(code: int, foreground: int, background: int) -> int:
    """Return a cell of a code point and two of the sixteen colours."""
    if code < 0 or code > 0x10FFFF:
        code = _REPLACEMENT
    return code | (foreground & 15) << 24 | (background & 15) << 28


def cell_code(cell: int) -> int:
    """Return the code point of a cell."""
    return cell & _CODE_MASK


def cell_foreground(cell: int) -> int:
    """Return the foreground colour of a cell."""
    return cell >> 24 & 15


def cell_background(cell: int) -> int:
    """Return the background colour of a cell."""
    return cell >> 28 & 15


class TextGrid:
    """Rows of cells; row 0 is the top."""

    columns: int
    rows: int
    scroll_count: int = 0  # how often the rows moved up
    _cells: Array[u32]
    _shown: Array[u32]
    _first_dirty: int  # rows outside of first … last are known to be clean
    _last_dirty: int

    def __init__(self, columns: int, rows: int) -> None:
        self.columns = max(1, columns)
        self.rows = max(1, rows)
        self._cells = new_array(u32, self.columns * self.rows)
        self._shown = new_array(u32, self.columns * self.rows)
        self._cells.fill(u32(make_cell(BLANK, LIGHT_GREY, BLACK)))
        self._shown.fill(u32(_NEVER_SHOWN))
        self._first_dirty = 0
        self._last_dirty = self.rows - 1

    def cell(self, row: int, column: int) -> int:
        """Return a cell."""
        return int(self._cells[self._place(row, column)])

    def put(self, row: int, column: int, cell: int) -> None:
        """Set a cell; a place outside of the grid is ignored."""
        if 0 <= row < self.rows and 0 <= column < self.columns:
            self._cells[self._place(row, column)] = u32(cell)
            self._touch(row, row)

    def fill_row(self, row: int, first: int, end: int, cell: int) -> None:
        """Set the cells of a row from column `first` up to `end`."""
        if 0 <= row < self.rows:
            start = self._place(row, max(0, first))
            stop = self._place(row, min(end, self.columns))
            if start < stop:
                self._cells[start:stop].fill(u32(cell))
                self._touch(row, row)

    def clear(self, cell: int) -> None:
        """Set all cells."""
        self._cells.fill(u32(cell))
        self._touch(0, self.rows - 1)

    def scroll_up(self, cell: int) -> None:
        """Move every row up by one; the last row is filled with the cell."""
        self.scroll_count += 1
        kept = (self.rows - 1) * self.columns
        for index in range(kept):
            self._cells[index] = self._cells[index + self.columns]
        self._cells[kept : kept + self.columns].fill(u32(cell))
        self._touch(0, self.rows - 1)

    def row_text(self, row: int) -> str:
        """Return a row as text without the blanks at its end."""
        text = ""
        for column in range(self.columns):
            text += chr(cell_code(self.cell(row, column)))
        return text.rstrip(" ")

    # ------------------------------------------------------------------------------------------------- painting

    def first_dirty_row(self) -> int:
        """Return the first row that may differ from the screen, or -1."""
        return self._first_dirty if self._first_dirty <= self._last_dirty else -1

    def last_dirty_row(self) -> int:
        """Return the last row that may differ from the screen, or -1."""
        return self._last_dirty if self._first_dirty <= self._last_dirty else -1

    def is_dirty(self, row: int, column: int) -> bool:
        """Tell whether the cell differs from what the screen shows."""
        place = self._place(row, column)
        return self._cells[place] != self._shown[place]

    def mark_shown(self, row: int, column: int) -> None:
        """Note that the cell was painted."""
        place = self._place(row, column)
        self._shown[place] = self._cells[place]

    def mark_hidden(self, row: int, column: int) -> None:
        """Note that the screen shows something else at this place, such as the cursor."""
        if 0 <= row < self.rows and 0 <= column < self.columns:
            self._shown[self._place(row, column)] = u32(_NEVER_SHOWN)
            self._touch(row, row)

    def all_shown(self) -> None:
        """Note that every dirty cell was painted."""
        self._first_dirty = self.rows
        self._last_dirty = -1

    def _touch(self, first: int, last: int) -> None:
        """Widen the rows that may be dirty."""
        self._first_dirty = min(self._first_dirty, first)
        self._last_dirty = max(self._last_dirty, last)

    def _place(self, row: int, column: int) -> int:
        """Return the index of a cell."""
        return row * self.columns + column
