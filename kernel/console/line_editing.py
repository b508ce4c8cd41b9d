"""Editing one line of input: bytes from a terminal in, echo and finished lines out.

A pure state machine. The terminal is a VT100-like one on the serial line or our own screen; input is UTF-8 (bytes that
are none are taken as Latin-1). The line is shown as prompt plus text on one logical row: after each change the rest of
the line is printed again and the cursor moved back, with nothing but printable characters, backspaces and blanks, so
that any terminal shows it right.

Keys: arrows, Home, End, Delete, Backspace, ^A ^E (ends), ^B ^F (one left, right), ^U ^K (erase to start, to end),
^W (erase word), ^D (delete right; end of input on an empty line), ^C (give up the line), ^L (clear the screen), Up and
Down or ^P ^N (history), Tab (inserts blanks). Everything else below 32 is ignored.
"""

from __future__ import annotations

from enum import Enum
from typing import Final

from kernel.console.utf8_decoder import Utf8Decoder

MAX_LINE: Final = 1024  # characters; further ones are refused with a bell
MAX_HISTORY: Final = 64  # lines

_BELL: Final = "\a"
_CLEAR_SCREEN: Final = "\x1b[H\x1b[2J"
_ESCAPE: Final = 0x1B
_MAX_PARAMETER: Final = 8  # digits of an escape sequence that are kept
_BLANKS_PER_TAB: Final = 4


class LineEvent(Enum):
    """What a byte led to."""

    EDITING = "editing"
    FINISHED = "finished"  # `line` holds the text
    CANCELLED = "cancelled"  # ^C
    END_OF_INPUT = "end of input"  # ^D on an empty line


class _Key(Enum):
    """Where the machine stands within an escape sequence."""

    PLAIN = "plain"
    ESCAPE = "escape"  # ESC seen
    SEQUENCE = "sequence"  # ESC [ seen
    SINGLE_SHIFT = "single shift"  # ESC O seen


class LineEditor:
    """One input line with its history; `feed` bytes, write `take_echo`, look at the event."""

    line: str = ""  # the last finished line
    _prompt: str
    _text: list[str]  # single characters
    _cursor: int = 0  # 0 … len(_text)
    _echo: str = ""
    _key: _Key = _Key.PLAIN
    _parameter: str = ""
    _decoder: Utf8Decoder
    _history: list[str]
    _history_position: int = 0  # len(_history) is the line being typed
    _draft: str = ""  # the line being typed while an older one is shown
    _after_return: bool = False  # a line feed after a carriage return belongs to it

    def __init__(self) -> None:
        self._prompt = ""
        self._text = []
        self._decoder = Utf8Decoder()
        self._history = []

    def start(self, prompt: str) -> None:
        """Begin a line: the prompt goes to the echo."""
        self._prompt = prompt
        self._text = []
        self._cursor = 0
        self._key = _Key.PLAIN
        self._history_position = len(self._history)
        self._draft = ""
        self._echo += prompt

    def take_echo(self) -> str:
        """Return what is to be shown since the last call."""
        echo = self._echo
        self._echo = ""
        return echo

    def feed(self, byte: int) -> LineEvent:
        """Take one byte of input (0 … 255)."""
        if self._key is not _Key.PLAIN:
            self._feed_sequence(byte)
            return LineEvent.EDITING
        was_after_return = self._after_return
        self._after_return = False
        if byte == 0x0A and was_after_return:
            return LineEvent.EDITING
        if byte == 0x0D or byte == 0x0A:
            self._after_return = byte == 0x0D
            return self._finish()
        if byte < 0x20 or byte == 0x7F:
            self._decoder.reset()
            return self._feed_control(byte)
        for index in range(self._decoder.feed(byte)):
            self._insert(chr(self._decoder.code(index)))
        return LineEvent.EDITING

    # ------------------------------------------------------------------------------------------------- keys

    def _feed_control(self, byte: int) -> LineEvent:
        """Act on a control character."""
        match byte:
            case 0x03:  # ^C
                self._echo += "^C\r\n"
                return LineEvent.CANCELLED
            case 0x04:  # ^D
                if len(self._text) == 0:
                    return LineEvent.END_OF_INPUT
                self._delete_right()
            case 0x08 | 0x7F:
                self._delete_left(1)
            case 0x09:
                for _ in range(_BLANKS_PER_TAB):
                    self._insert(" ")
            case 0x0B:  # ^K
                self._delete_right_part(len(self._text) - self._cursor)
            case 0x0C:  # ^L
                self._echo += _CLEAR_SCREEN
                self._show_again()
            case 0x15:  # ^U
                self._delete_left(self._cursor)
            case 0x17:  # ^W
                self._delete_left(self._cursor - self._word_start())
            case 0x1B:
                self._key = _Key.ESCAPE
            case _:
                self._move_by_control(byte)
        return LineEvent.EDITING

    def _move_by_control(self, byte: int) -> None:
        """Act on a control character that moves."""
        match byte:
            case 0x01:  # ^A
                self._move_to(0)
            case 0x02:  # ^B
                self._move_to(self._cursor - 1)
            case 0x05:  # ^E
                self._move_to(len(self._text))
            case 0x06:  # ^F
                self._move_to(self._cursor + 1)
            case 0x0E:  # ^N
                self._show_history(self._history_position + 1)
            case 0x10:  # ^P
                self._show_history(self._history_position - 1)
            case _:
                pass

    def _feed_sequence(self, byte: int) -> None:
        """Take a byte of an escape sequence; an unknown one is swallowed whole."""
        if self._key is _Key.ESCAPE:
            self._parameter = ""
            self._key = _Key.PLAIN
            if byte == 0x5B:  # [
                self._key = _Key.SEQUENCE
            elif byte == 0x4F:  # O
                self._key = _Key.SINGLE_SHIFT
            elif byte == _ESCAPE:
                self._key = _Key.ESCAPE
        elif 0x40 <= byte <= 0x7E:
            self._key = _Key.PLAIN
            self._act_on_sequence(chr(byte))
        elif 0x20 <= byte < 0x40:
            if len(self._parameter) < _MAX_PARAMETER:
                self._parameter += chr(byte)
        else:
            self._key = _Key.ESCAPE if byte == _ESCAPE else _Key.PLAIN

    def _act_on_sequence(self, final: str) -> None:
        """Act on a complete escape sequence."""
        match final:
            case "A":
                self._show_history(self._history_position - 1)
            case "B":
                self._show_history(self._history_position + 1)
            case "C":
                self._move_to(self._cursor + 1)
            case "D":
                self._move_to(self._cursor - 1)
            case "H":
                self._move_to(0)
            case "F":
                self._move_to(len(self._text))
            case "~":
                self._act_on_number(self._parameter)
            case _:
                pass

    def _act_on_number(self, number: str) -> None:
        """Act on a key that is sent as a number and a tilde."""
        match number:
            case "1" | "7":
                self._move_to(0)
            case "4" | "8":
                self._move_to(len(self._text))
            case "3":
                self._delete_right()
            case _:
                pass

    # ------------------------------------------------------------------------------------------------- changes

    def _insert(self, character: str) -> None:
        """Insert at the cursor."""
        if len(self._text) >= MAX_LINE:
            self._echo += _BELL
            return
        self._text.insert(self._cursor, character)
        self._cursor += 1
        self._echo += character
        self._show_rest(0)

    def _delete_left(self, count: int) -> None:
        """Delete that many characters before the cursor."""
        count = min(count, self._cursor)
        self._move_to(self._cursor - count)
        self._delete_right_part(count)

    def _delete_right(self) -> None:
        """Delete the character under the cursor."""
        self._delete_right_part(1)

    def _delete_right_part(self, count: int) -> None:
        """Delete that many characters from the cursor on."""
        count = min(count, len(self._text) - self._cursor)
        if count > 0:
            self._text = self._text[: self._cursor] + self._text[self._cursor + count :]
            self._show_rest(count)

    def _replace(self, text: str) -> None:
        """Show another text instead of the present one."""
        old_length = len(self._text)
        self._move_to(0)
        self._text = []
        for character in text:
            self._text.append(character)
        self._cursor = len(self._text)
        self._echo += text
        surplus = max(0, old_length - len(self._text))
        self._echo += " " * surplus + "\b" * surplus

    def _move_to(self, position: int) -> None:
        """Move the cursor, as far as the line reaches."""
        position = max(0, min(position, len(self._text)))
        if position < self._cursor:
            self._echo += "\b" * (self._cursor - position)
        else:
            self._echo += "".join(self._text[self._cursor : position])
        self._cursor = position

    def _show_rest(self, erased: int) -> None:
        """Print what follows the cursor and blanks over what was erased, and go back."""
        rest = "".join(self._text[self._cursor :])
        self._echo += rest + " " * erased + "\b" * (len(rest) + erased)

    def _show_again(self) -> None:
        """Print the prompt and the line from the start of a fresh row."""
        self._echo += self._prompt + "".join(self._text) + "\b" * (len(self._text) - self._cursor)

    def _word_start(self) -> int:
        """Return where the word before the cursor begins."""
        position = self._cursor
        while position > 0 and self._text[position - 1] == " ":
            position -= 1
        while position > 0 and self._text[position - 1] != " ":
            position -= 1
        return position

    # ------------------------------------------------------------------------------------------------- lines

    def _finish(self) -> LineEvent:
        """End the line and remember it, unless it is blank or the one before."""
        self._move_to(len(self._text))
        self._echo += "\r\n"
        self.line = "".join(self._text)
        self._decoder.reset()
        if len(self.line.strip()) > 0 and (len(self._history) == 0 or self._history[-1] != self.line):
            self._history.append(self.line)
            if len(self._history) > MAX_HISTORY:
                self._history.pop(0)
        return LineEvent.FINISHED

    def _show_history(self, position: int) -> None:
        """Show another line of the history; past its end is the line that was being typed."""
        if position < 0 or position > len(self._history):
            return
        if self._history_position == len(self._history):
            self._draft = "".join(self._text)
        self._history_position = position
        self._replace(self._draft if position == len(self._history) else self._history[position])
