"""The line editor read as dialogues: keys in, the line that results, and what a terminal then shows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.console.escape_codes import Screen
from kernel.console.line_editing import MAX_HISTORY, MAX_LINE, LineEditor, LineEvent
from kernel.console.text_grid import TextGrid
from kernel.console.utf8_decoder import Utf8Decoder

UP, DOWN, RIGHT, LEFT = "\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D"
HOME, END, DELETE = "\x1b[H", "\x1b[F", "\x1b[3~"


class Terminal:
    """A screen that shows what the editor echoes."""

    def __init__(self, columns: int = 200) -> None:
        self.screen = Screen(TextGrid(columns, 30))
        self.editor = LineEditor()
        self.editor.start("> ")
        self.show()

    def show(self) -> None:
        self.screen.write(self.editor.take_echo().encode())

    def type(self, keys: str | bytes) -> LineEvent:
        """Type keys; the last event is returned. A finished line starts the next one."""
        event = LineEvent.EDITING
        for byte in keys.encode() if isinstance(keys, str) else keys:
            event = self.editor.feed(byte)
            if event is not LineEvent.EDITING:
                self.editor.start("> ")
            self.show()
        return event

    def row(self) -> str:
        return self.screen.grid.row_text(self.screen.row)


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        ("mem", "mem"),
        ("mex\x7fm", "mem"),
        ("mex\bm", "mem"),
        ("em" + HOME + "m", "mem"),
        ("em\x1b[1~m", "mem"),
        ("em\x1bOHm\x1bOF!", "mem!"),
        ("em\x01m\x05!", "mem!"),
        ("mm" + LEFT + "e", "mem"),
        ("mxem" + LEFT * 3 + DELETE, "mem"),
        ("mxem" + LEFT * 3 + "\x04", "mem"),
        ("mem trash" + LEFT * 6 + "\x0b", "mem"),
        ("trash \x15mem", "mem"),
        ("run trash  \x17it", "run it"),
        ("a" + LEFT * 9 + "b" + RIGHT * 9 + "c", "bac"),
        ("me" + "\x1b[99;5Z" + "\x1b[?25h" + "m", "mem"),
        ("me\x1b\x1b[Dm", "mme"),
        ("\x7f\x04"[:1] + "x", "x"),
        ("a\tb", "a    b"),
        ("gr\u00fc\u00dfe" + LEFT + "\x7f", "gr\u00fce"),
        ("x\x02\x02y\x06z", "yxz"),
        ("abc\x01\x06x", "axbc"),
        ("abc" + HOME + RIGHT + "x" + LEFT + "y", "ayxbc"),
        ("\x00\x07\x1f.", "."),
        # The first and the last byte that end a sequence (ECMA-48, 5.4), and the ones beside them, which do not.
        ("a\x1b[2@b\x1b[2~c\x1b[2?@d", "abcd"),
        ("a\x1b[2\x7fb\x1b[\x1fc", "abc"),
    ],
)
def test_keys_make_lines(keys: str, line: str) -> None:
    terminal = Terminal()
    assert terminal.type(keys) is LineEvent.EDITING
    assert terminal.row() == ("> " + line).rstrip()
    assert terminal.type("\r") is LineEvent.FINISHED
    assert terminal.editor.line == line


def test_all_line_ends_count_once() -> None:
    terminal = Terminal()
    assert terminal.type("a\r") is LineEvent.FINISHED
    assert terminal.type("\n") is LineEvent.EDITING
    assert terminal.type("b\n") is LineEvent.FINISHED
    assert terminal.editor.line == "b"
    assert terminal.type("\n") is LineEvent.FINISHED


def test_control_c_d_and_l() -> None:
    terminal = Terminal()
    assert terminal.type("rm everything\x03") is LineEvent.CANCELLED
    assert terminal.type("\x04") is LineEvent.END_OF_INPUT
    terminal.type("half\x0c")
    assert (terminal.screen.row, terminal.row()) == (0, "> half")


def test_history_keeps_the_draft_and_no_repetitions() -> None:
    terminal = Terminal()
    terminal.type("first\rsecond\rsecond\r  \rdra")
    for key, shown in ((UP, "second"), (UP, "first"), (UP, "first"), (DOWN, "second"), (DOWN, "dra"), (DOWN, "dra")):
        terminal.type(key)
        assert terminal.row() == "> " + shown
    terminal.type("\x10\x10\x0e!\r")
    assert terminal.editor.line == "second!"


def test_history_and_lines_are_bounded() -> None:
    terminal = Terminal(60)
    for number in range(MAX_HISTORY + 5):
        terminal.type(f"{number}\r")
    terminal.type(UP * (MAX_HISTORY + 9))
    assert terminal.row() == "> 5"
    editor = LineEditor()
    for _ in range(MAX_LINE + 10):
        editor.feed(ord("x"))
    assert editor.take_echo().count("\a") == 10
    assert editor.feed(13) is LineEvent.FINISHED and editor.line == "x" * MAX_LINE


@given(st.lists(st.sampled_from(["a", "b ", "ü", "\x7f", LEFT, RIGHT, HOME, END, DELETE, "\x17", "\x0b", "\x15", UP,
                                 DOWN, "\r", "\x03", "\t"]), max_size=40))  # fmt: skip
def test_the_terminal_always_shows_the_line_and_the_cursor(keys: list[str]) -> None:
    terminal = Terminal(400)
    for key in keys:
        terminal.type(key)
    before, column = terminal.row(), terminal.screen.column
    terminal.type("#")
    assert terminal.row() == (before.ljust(column)[:column] + "#" + before[column:]).rstrip()
    terminal.type("\r")
    assert ("> " + terminal.editor.line).rstrip() == terminal.screen.grid.row_text(terminal.screen.row - 1)


@given(st.binary(max_size=200))
def test_any_bytes_are_taken(data: bytes) -> None:
    Terminal(300).type(data)


def decoded(data: bytes) -> str:
    decoder = Utf8Decoder()
    return "".join(chr(decoder.code(index)) for byte in data for index in range(decoder.feed(byte)))


@given(st.text())
def test_utf8_is_decoded(text: str) -> None:
    text = "".join(character for character in text if not 0xD800 <= ord(character) < 0xE000)
    assert decoded(text.encode()) == text


@pytest.mark.parametrize(
    ("data", "text"),
    [(b"gr\xfcn", "gr\u00fcn"), (b"\xc3\xa9\xc3!", "\u00e9\u00c3!"), (b"\xe0\x80\x80.", "\u00e0\x80\x80."),
     (b"\xed\xa0\x80.", "\u00ed\u00a0\x80."), (b"\xff\xfe.", "\u00ff\u00fe.")],
)  # fmt: skip
def test_bytes_that_are_no_utf8_are_latin1(data: bytes, text: str) -> None:
    assert decoded(data) == text
