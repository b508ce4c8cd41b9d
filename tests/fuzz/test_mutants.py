"""Damaged sources never make the compiler fail."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from tests.case_files import CASES
from tests.fuzz.mutants import complaint, damaged

SOURCES = [path for path in sorted((CASES / "run").rglob("*.py")) if "modules" not in path.parts]
MUTANTS_PER_TEST = 5


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_damaged_sources_are_answered(seed: int, tmp_path: Path) -> None:
    for number in range(MUTANTS_PER_TEST):
        random = Random(f"{seed}/{number}")
        source = random.choice(SOURCES)
        text = damaged(source.read_text(), random)
        reason = complaint(text, tmp_path / "mutant.py")
        assert reason is None, f"{source.name} damaged by {seed}/{number}: {reason}\n{text}"


@pytest.mark.parametrize(
    "text", ["", "\n", "(", "'", '"""', "\t", "def", "x = (1,", "\\", "if x:\n", "\x0c", "é = 1\n"]
)
def test_scraps_are_answered(text: str, tmp_path: Path) -> None:
    assert complaint(text, tmp_path / "scrap.py") is None
