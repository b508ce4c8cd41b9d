"""Lines taken apart, judged by shlex where both speak the same language."""

from __future__ import annotations

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.monitor.command_line import CommandLineError, split_line


@pytest.mark.parametrize(
    ("line", "commands"),
    [
        ("", []),
        ("  ;; ; ", []),
        ("mem", [["mem"]]),
        ("mem;help", [["mem"], ["help"]]),
        ("run /bin/args a  b ; mem ", [["run", "/bin/args", "a", "b"], ["mem"]]),
        ("run x 'a;b' \"c d\" e\\ f", [["run", "x", "a;b", "c d", "e f"]]),
        ("run x ''", [["run", "x", ""]]),
        ("a'b'\"c\"\\d", [["abcd"]]),
        ('"a\\"b"', [['a"b']]),
        ("'a\\b'", [["a\\b"]]),
    ],
)
def test_lines(line: str, commands: list[list[str]]) -> None:
    assert split_line(line) == commands


@pytest.mark.parametrize("line", ["'", 'a "b', "mem \\", "ls 'x\" ;"])
def test_what_does_not_end(line: str) -> None:
    with pytest.raises(CommandLineError):
        split_line(line)


@given(st.lists(st.text(alphabet="ab;'\"\\ $x", max_size=6), min_size=1, max_size=5))
def test_quoted_words_come_back(words: list[str]) -> None:
    assert split_line(" ".join(shlex.quote(word) for word in words)) == [words]


@given(st.text(alphabet="ab'\" ", max_size=12))
def test_quotes_are_those_of_a_shell(line: str) -> None:
    try:
        expected = shlex.split(line)
    except ValueError:
        with pytest.raises(CommandLineError):
            split_line(line)
        return
    assert split_line(line) == ([expected] if expected else [])
