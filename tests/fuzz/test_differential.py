"""A fixed small budget of random programs, and the fuzzer's own promises."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.fuzz.comparison import Ran, compare, differences, without
from tests.fuzz.programs import Piece, pieces, program

SEEDS = range(900, 908)
FUNCTIONS = 50


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_random_programs_agree_with_cpython(seed: int) -> None:
    compared = compare(pieces(seed, FUNCTIONS), optimise=(False,))
    assert not compared.differing
    assert len(compared.compared) > FUNCTIONS // 2, compared.refused


@pytest.mark.slow
def test_random_program_agrees_when_optimised() -> None:
    compared = compare(pieces(899, 25), optimise=(True,))
    assert not compared.differing


def test_a_seed_always_gives_the_same_program() -> None:
    assert program(pieces(5, 10), compiled=True) == program(pieces(5, 10), compiled=True)
    assert program(pieces(5, 10), compiled=True) != program(pieces(6, 10), compiled=True)


@pytest.mark.parametrize("seed", range(3))
def test_programs_parse(seed: int) -> None:
    ast.parse(program(pieces(seed, 20), compiled=False))


def test_a_wrong_line_is_a_difference() -> None:
    expected = Ran("f0 1\nf1 2\n", "", 0)
    assert list(differences(expected, expected, "-O0")) == []
    assert [label for label, _ in differences(expected, Ran("f0 1\nf1 3\n", "", 0), "-O0")] == ["f1"]
    assert [label for label, _ in differences(expected, Ran("f0 1\n", "fault", -11), "-O0")] == ["f1"]
    assert [label for label, _ in differences(expected, Ran("f0 1\nf1 2\nf1 LEAK 1\n", "", 0), "-O0")] == ["f1"]


def test_callers_go_with_what_they_call() -> None:
    parts = [Piece("f0", "f0()"), Piece("f1", "f0(1)"), Piece("f2", "f2()"), Piece("f3", "f1()")]
    assert [part.name for part in without(parts, {"f0"})] == ["f2"]


def test_a_leak_is_found(tmp_path: Path) -> None:
    """The driver itself: an object kept between the two runs is reported by the compiled program."""
    source = pieces(5, 1)[0].source.replace("def f0(", "kept: list[Node] = []\n\n\ndef f0(", 1)
    keeping = source.replace("    global g_int", "    kept.append(Node(1))\n    global g_int", 1)
    compared = compare([Piece("f0", keeping)], optimise=(False,))
    assert "LEAK" in compared.differing["f0"]
