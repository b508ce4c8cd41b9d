"""The tables of `build.py bench`: what is read from a transcript, and what a changed line is."""

from __future__ import annotations

from pathlib import Path

from tests.machine.bench_boot import medians, stages_of
from tests.machine.bench_build import CHANGED_FILE, Workshop, median

TRANSCRIPT = "noise\r\nboot: entry +0 us, total 0 us\r\nboot: higher half +1500 us, total 2500 us\r\npyc> "


def test_stages_are_read_in_their_order() -> None:
    assert list(stages_of(TRANSCRIPT).items()) == [("entry", (0.0, 0.0)), ("higher half", (0.0015, 0.0025))]


def test_medians_cover_stages_that_only_some_boots_reached() -> None:
    rounds = [{"a": (1.0, 1.0)}, {"a": (3.0, 5.0), "b": (9.0, 9.0)}, {"a": (2.0, 4.0)}]
    assert medians(rounds) == {"a": (2.0, 4.0), "b": (9.0, 9.0)}


def test_a_changed_line_is_the_only_change(tmp_path: Path) -> None:
    path = tmp_path / CHANGED_FILE
    path.parent.mkdir()
    path.write_text("first = 1\nsecond = 2\n")
    workshop = Workshop(tmp_path)
    workshop.change_line(1)
    first = path.read_text()
    workshop.change_line(2)
    second = path.read_text()
    assert first.splitlines()[:2] == second.splitlines()[:2] == ["first = 1", "second = 2"]
    assert first != second
    assert len(second.splitlines()) == 3


def test_preparation_is_outside_the_clock() -> None:
    order: list[str] = []
    median(3, lambda number: order.append(f"prepare {number}"), lambda: order.append("act"))
    assert order == ["prepare 0", "act", "prepare 1", "act", "prepare 2", "act"]
