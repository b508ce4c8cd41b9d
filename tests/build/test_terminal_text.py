"""The one-line terminal: what is shown, and that the pieces in which bytes arrive do not matter."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.machine.terminal_text import Event, Line, StatusMark, TerminalText


def interpret(*pieces: bytes) -> tuple[list[Event], str]:
    text = TerminalText()
    events = [event for piece in pieces for event in text.feed(piece)]
    return events, text.current_line


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"plain", "plain"),
        (b"abc\bX", "abX"),
        (b"abc\b \b", "ab "),
        (b"abc\rX", "Xbc"),
        (b"pyc> mem\r\x1b[Kpyc> ls", "pyc> ls"),
        (b"abc\x1b[2DX", "aXc"),
        (b"ab\x1b[3CX", "ab   X"),
        (b"abcd\x1b[1G\x1b[2P", "cd"),
        (b"abcd\x1b[2G\x1b[@X", "aXbcd"),
        (b"\x1b[31mred\x1b[0m", "red"),
        (b"old\x1b[2J\x1b[1;1Hnew", "new"),
        (b"a\x07\x00b", "ab"),
        (b"a\x1b(b", "ab"),
        ("é→".encode(), "é→"),
        (b"a\x1b]0;title\x07b", "ab"),
        (b"a\x1b]133;A\x1b\\b", "ab"),
        (b"col\tumn", "col\tumn"),
    ],
)
def test_line_is_what_a_terminal_shows(data: bytes, line: str) -> None:
    assert interpret(data) == ([], line)


def test_lines_and_marks_come_in_order() -> None:
    events, rest = interpret(b"one\r\n\x1b]133;D;7\x07\r\npyc> ")
    assert events == [Line("one"), StatusMark(7), Line("")]
    assert rest == "pyc> "


@pytest.mark.parametrize("mark", [b"\x1b]133;D\x07", b"\x1b]133;D;x\x07", b"\x1b]133;C;1\x07", b"\x1b]133;D;1;2\x07"])
def test_other_marks_are_not_a_status(mark: bytes) -> None:
    assert interpret(mark) == ([], "")


def test_unfinished_sequence_does_not_swallow_everything() -> None:
    events, rest = interpret(b"\x1b]" + b"x" * 5000 + b"\r\nend")
    assert isinstance(events[0], Line)
    assert rest == "end"


@given(st.binary(max_size=200), st.lists(st.integers(0, 200), max_size=5))
def test_splitting_the_stream_changes_nothing(data: bytes, cuts: list[int]) -> None:
    edges = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    pieces = [data[start:end] for start, end in itertools.pairwise(edges)]
    assert interpret(*pieces) == interpret(data)


@given(st.text("abc \x1b[]0123;DKmPG@\r\b\n\x07", max_size=60))
def test_hostile_sequences_neither_fail_nor_grow(text: str) -> None:
    _, line = interpret(text.encode())
    assert len(line) <= 60 + 20_000
