r"""What a terminal would show: the guest's byte stream → finished lines and status marks.

The guest echoes what is typed, edits lines with control sequences, and reports each command's status with OSC 133
(`ESC ] 133 ; D ; status BEL`, "command finished"). A log wants none of that, only the text:

    text = TerminalText()
    for event in text.feed(b"hello\r\n\x1b]133;D;0\x07pyc> "): …   Line("hello"), StatusMark(0)
    text.current_line                                               "pyc> "

Control sequences that move within the line are obeyed, all others are dropped (ECMA-48 §5.4 for their form).
Bytes that are not UTF-8 pass unchanged by surrogate escapes.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

ESCAPE = "\x1b"
BELL = "\x07"
STATUS_PATTERN = re.compile(r"133;D;(-?\d{1,10})")
CONTROL_SEQUENCE = re.compile(r"\x1b\[([0-?]*)[ -/]*([@-~])")
# An unfinished sequence longer than this is not one.
LONGEST_SEQUENCE = 4096


@dataclass(frozen=True, slots=True)
class Line:
    """A finished line, without its line end."""

    text: str


@dataclass(frozen=True, slots=True)
class StatusMark:
    """The guest's report that a command has finished."""

    status: int


Event = Line | StatusMark


class TerminalText:
    """A terminal of one line: enough for a serial log."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        self._pending = ""
        self._cells: list[str] = []
        self._column = 0

    @property
    def current_line(self) -> str:
        """The line on which the cursor stands."""
        return "".join(self._cells)

    def finish_line(self) -> str:
        """Take the line as it stands and begin a new one."""
        line = self.current_line
        self._cells, self._column = [], 0
        return line

    def feed(self, data: bytes) -> Iterator[Event]:
        """Interpret more bytes; sequences may be split anywhere between calls."""
        self._pending += self._decoder.decode(data)
        while self._pending:
            character = self._pending[0]
            if character != ESCAPE:
                self._pending = self._pending[1:]
                yield from self._put(character)
                continue
            length = self._sequence_length()
            if length == 0:
                return
            sequence, self._pending = self._pending[:length], self._pending[length:]
            yield from self._obey(sequence)

    def _put(self, character: str) -> Iterator[Event]:
        match character:
            case "\n":
                yield Line(self.finish_line())
            case "\r":
                self._column = 0
            case "\b" | "\x7f":
                self._column = max(0, self._column - 1)
            case _ if character == "\t" or character >= " ":
                self._write(character)
            case _:
                pass

    def _write(self, character: str) -> None:
        self._cells.extend(" " * (self._column - len(self._cells)))
        self._cells[self._column : self._column + 1] = [character]
        self._column += 1

    def _sequence_length(self) -> int:
        """How long the escape sequence at the front is; 0 when more bytes are needed."""
        pending = self._pending
        if len(pending) < 2:
            return 0
        if pending[1] == "[":
            found = CONTROL_SEQUENCE.match(pending)
            complete = found.end() if found else 0
            broken = not found and re.search(r"[^ -?]", pending[2:]) is not None
        elif pending[1] == "]":
            found = re.search(r"\x07|\x1b\\", pending[2:])
            complete = found.end() + 2 if found else 0
            broken = False
        else:
            return 2
        if complete:
            return complete
        return 1 if broken or len(pending) > LONGEST_SEQUENCE else 0

    def _obey(self, sequence: str) -> Iterator[Event]:
        if sequence.startswith(ESCAPE + "]"):
            found = STATUS_PATTERN.fullmatch(sequence[2:].removesuffix(BELL).removesuffix(ESCAPE + "\\"))
            if found:
                yield StatusMark(int(found[1]))
            return
        found = CONTROL_SEQUENCE.fullmatch(sequence)
        if found:
            self._move(found[1], found[2])

    def _move(self, parameters: str, final: str) -> None:
        first = parameters.split(";")[0]
        number = int(first) if first.isascii() and first.isdigit() else 0
        match final:
            case "K" if number == 0:
                del self._cells[self._column :]
            case "K" if number == 2:
                self._cells.clear()
            case "C":
                self._column += min(max(number, 1), 1000)
            case "D":
                self._column = max(0, self._column - max(number, 1))
            case "G":
                self._column = min(max(number, 1), 1000) - 1
            case "P":
                del self._cells[self._column : self._column + max(number, 1)]
            case "@":
                self._cells[self._column : self._column] = [" "] * min(max(number, 1), 1000)
            case "J" if number in (2, 3):
                self._cells, self._column = [], 0
            case _:
                pass
