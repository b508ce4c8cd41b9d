"""Did you mean: near names are found, far ones are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.diagnostics.suggest import closest, edit_distance


@pytest.mark.parametrize(
    ("written", "known", "expected"),
    [
        ("totl", ["total", "toll", "print"], "toll"),
        ("pritn", ["print", "point"], "print"),
        ("Protocl", ["Protocol"], "Protocol"),
        ("LEN", ["len"], "len"),
        ("x", ["y", "z"], None),
        ("frobnicate", ["print", "len"], None),
        ("", ["a"], None),
        ("a" * 1000, ["a" * 999], None),
    ],
)
def test_closest_name(written: str, known: list[str], expected: str | None) -> None:
    assert closest(written, known) == expected


WORDS = st.text("abC", max_size=6)


@given(WORDS, WORDS)
def test_distance_is_symmetric_and_bounded_by_the_longer_word(first: str, second: str) -> None:
    distance = edit_distance(first, second, 10)
    assert distance == edit_distance(second, first, 10)
    assert abs(len(first) - len(second)) <= distance <= max(len(first), len(second))
    assert (distance == 0) == (first.lower() == second.lower())
