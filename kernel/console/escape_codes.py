"""Output of programs turned into changes of the text grid: the part of ECMA-48 that text programs use.

Newline, carriage return, backspace, tab; `ESC [` sequences for cursor movement (A B C D G H f d), erasing (J K),
colours (m, with bright and default ones, bold as bright, reverse), saving the cursor (s u). A newline also returns to
the first column, as terminals do for cooked output. Sequences that are not known, private modes and operating system
commands are swallowed. Input is UTF-8 and hostile: parameters are bounded, the cursor cannot leave the grid.
Nothing allocates after construction, so a panic can be shown.
"""

from __future__ import annotations

from enum import Enum
from typing import Final

from kernel.console.text_grid import BLACK, BLANK, LIGHT_GREY, TextGrid, make_cell
from kernel.console.utf8_decoder import Utf8Decoder
from runtime.lang import Array, new_array, u32

_TAB_WIDTH: Final = 8
_MAX_PARAMETERS: Final = 16
_MAX_PARAMETER: Final = 9999
_ESCAPE: Final = 0x1B
_BELL: Final = 0x07

# ECMA-48 counts black, red, green, yellow, blue, …; so do the grid's colours.
_BRIGHT: Final = 8


class _State(Enum):
    """Where the parser stands."""

    TEXT = "text"
    ESCAPE = "escape"  # ESC seen
    SEQUENCE = "sequence"  # ESC [ seen
    COMMAND = "command"  # ESC ], ESC P … : swallowed up to BEL or ESC
    CHARACTER_SET = "character set"  # ESC ( …: one more byte


class Screen:
    """A terminal: a grid, a cursor, colours, and the parser that moves them."""

    grid: TextGrid
    row: int = 0
    column: int = 0  # equals the number of columns when the next character begins a new row
    _foreground: int = LIGHT_GREY
    _background: int = BLACK
    _is_bold: bool = False
    _is_reverse: bool = False
    _saved_row: int = 0
    _saved_column: int = 0
    _state: _State = _State.TEXT
    _parameters: Array[u32]
    _parameter_count: int = 1
    _is_private: bool = False
    _decoder: Utf8Decoder

    def __init__(self, grid: TextGrid) -> None:
        self.grid = grid
        self._parameters = new_array(u32, _MAX_PARAMETERS)
        self._decoder = Utf8Decoder()

    def write(self, data: bytes) -> None:
        """Take output."""
        for byte in data:
            self.write_byte(byte)

    def write_code_point(self, code: int) -> None:
        """Take one character that is decoded already."""
        if code < 0x80:
            self.write_byte(code)
        elif self._state is _State.TEXT:
            self._show(code)

    def write_byte(self, byte: int) -> None:
        """Take one byte of output."""
        match self._state:
            case _State.TEXT:
                self._take_text(byte)
            case _State.ESCAPE:
                self._take_escape(byte)
            case _State.SEQUENCE:
                self._take_sequence(byte)
            case _State.COMMAND:
                if byte == _BELL:
                    self._state = _State.TEXT
                elif byte == _ESCAPE:
                    self._state = _State.ESCAPE
            case _State.CHARACTER_SET:
                self._state = _State.TEXT

    # ------------------------------------------------------------------------------------------------- text

    def _take_text(self, byte: int) -> None:
        """Show a character or obey a control character."""
        if byte >= 0x20 and byte != 0x7F:
            for index in range(self._decoder.feed(byte)):
                self._show(self._decoder.code(index))
            return
        self._decoder.reset()
        match byte:
            case 0x08:
                self.column = max(0, min(self.column, self.grid.columns) - 1)
            case 0x09:
                self.column = min((self.column // _TAB_WIDTH + 1) * _TAB_WIDTH, self.grid.columns - 1)
            case 0x0A | 0x0B | 0x0C:
                self.column = 0
                self._line_feed()
            case 0x0D:
                self.column = 0
            case 0x1B:
                self._state = _State.ESCAPE
            case _:
                pass

    def _show(self, code: int) -> None:
        """Put a code point at the cursor and advance."""
        if 0x80 <= code < 0xA0:
            return  # C1 control characters
        if self.column >= self.grid.columns:
            self.column = 0
            self._line_feed()
        self.grid.put(self.row, self.column, self._cell(code))
        self.column += 1

    def _line_feed(self) -> None:
        """Go to the next row, scrolling at the bottom."""
        if self.row + 1 < self.grid.rows:
            self.row += 1
        else:
            self.grid.scroll_up(self._cell(BLANK))

    def _cell(self, code: int) -> int:
        """Return a cell in the present colours."""
        foreground = self._foreground
        if self._is_bold and foreground < _BRIGHT:
            foreground += _BRIGHT
        if self._is_reverse:
            return make_cell(code, self._background, foreground)
        return make_cell(code, foreground, self._background)

    # ------------------------------------------------------------------------------------------------- sequences

    def _take_escape(self, byte: int) -> None:
        """Decide what kind of sequence begins."""
        self._state = _State.TEXT
        if byte == 0x5B:  # [
            self._state = _State.SEQUENCE
            self._parameters[0] = u32(0)
            self._parameter_count = 1
            self._is_private = False
        elif byte == 0x5D or byte == 0x50 or byte == 0x5E or byte == 0x5F:  # ] P ^ _
            self._state = _State.COMMAND
        elif byte == 0x28 or byte == 0x29:  # ( )
            self._state = _State.CHARACTER_SET
        elif byte == 0x63:  # c: reset
            self._reset()
        elif byte == _ESCAPE:
            self._state = _State.ESCAPE

    def _take_sequence(self, byte: int) -> None:
        """Gather parameters up to the final byte."""
        if 0x30 <= byte <= 0x39:
            last = self._parameter_count - 1
            self._parameters[last] = u32(min(self._parameter(last) * 10 + byte - 0x30, _MAX_PARAMETER))
        elif byte == 0x3B or byte == 0x3A:  # ; :
            if self._parameter_count < _MAX_PARAMETERS:
                self._parameters[self._parameter_count] = u32(0)
                self._parameter_count += 1
        elif 0x3C <= byte <= 0x3F:
            self._is_private = True
        elif 0x40 <= byte <= 0x7E:
            self._state = _State.TEXT
            if not self._is_private:
                self._obey(chr(byte))
        elif byte == _ESCAPE:
            self._state = _State.ESCAPE
        elif byte < 0x20:
            self._take_text(byte)  # control characters act inside of sequences too

    def _obey(self, final: str) -> None:
        """Carry out a complete sequence."""
        count = max(1, self._parameter(0))
        match final:
            case "A":
                self._move(self.row - count, self.column)
            case "B" | "e":
                self._move(self.row + count, self.column)
            case "C" | "a":
                self._move(self.row, self.column + count)
            case "D":
                self._move(self.row, min(self.column, self.grid.columns - 1) - count)
            case "G" | "`":
                self._move(self.row, count - 1)
            case "d":
                self._move(count - 1, self.column)
            case "H" | "f":
                self._move(count - 1, max(1, self._parameter(1)) - 1)
            case "J":
                self._erase_display(self._parameter(0))
            case "K":
                self._erase_row(self._parameter(0))
            case "m":
                self._set_colours()
            case "s":
                self._saved_row = self.row
                self._saved_column = self.column
            case "u":
                self._move(self._saved_row, self._saved_column)
            case _:
                pass

    def _parameter(self, index: int) -> int:
        """Return a parameter, 0 when it was not given."""
        return int(self._parameters[index]) if index < self._parameter_count else 0

    def _move(self, row: int, column: int) -> None:
        """Place the cursor, inside the grid."""
        self.row = max(0, min(row, self.grid.rows - 1))
        self.column = max(0, min(column, self.grid.columns - 1))

    def _erase_display(self, part: int) -> None:
        """Erase from the cursor to the end (0), from the start to the cursor (1), or everything (2, 3)."""
        blank = self._cell(BLANK)
        if part == 0:
            self._erase_row(0)
            for row in range(self.row + 1, self.grid.rows):
                self.grid.fill_row(row, 0, self.grid.columns, blank)
        elif part == 1:
            for row in range(self.row):
                self.grid.fill_row(row, 0, self.grid.columns, blank)
            self._erase_row(1)
        elif part == 2 or part == 3:
            self.grid.clear(blank)

    def _erase_row(self, part: int) -> None:
        """Erase the row from the cursor on (0), up to the cursor (1), or all of it (2)."""
        blank = self._cell(BLANK)
        if part == 0:
            self.grid.fill_row(self.row, self.column, self.grid.columns, blank)
        elif part == 1:
            self.grid.fill_row(self.row, 0, min(self.column, self.grid.columns - 1) + 1, blank)
        elif part == 2:
            self.grid.fill_row(self.row, 0, self.grid.columns, blank)

    def _set_colours(self) -> None:
        """Carry out a "select graphic rendition"."""
        index = 0
        while index < self._parameter_count:
            value = self._parameter(index)
            if value == 38 or value == 48:
                index += 2 if self._parameter(index + 1) == 5 else 4  # 256 and true colours: skipped whole
            else:
                self._set_rendition(value)
            index += 1

    def _set_rendition(self, value: int) -> None:
        """Carry out one parameter of a rendition."""
        if value == 0:
            self._reset_colours()
        elif value == 1:
            self._is_bold = True
        elif value == 22:
            self._is_bold = False
        elif value == 7 or value == 27:
            self._is_reverse = value == 7
        elif 30 <= value <= 37:
            self._foreground = value - 30
        elif value == 39:
            self._foreground = LIGHT_GREY
        elif 40 <= value <= 47:
            self._background = value - 40
        elif value == 49:
            self._background = BLACK
        elif 90 <= value <= 97:
            self._foreground = value - 90 + _BRIGHT
        elif 100 <= value <= 107:
            self._background = value - 100 + _BRIGHT

    def _reset_colours(self) -> None:
        """Return to light grey on black."""
        self._foreground = LIGHT_GREY
        self._background = BLACK
        self._is_bold = False
        self._is_reverse = False

    def _reset(self) -> None:
        """Return to the state after power-on."""
        self._reset_colours()
        self.grid.clear(self._cell(BLANK))
        self._move(0, 0)
