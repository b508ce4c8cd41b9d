"""Cases of passes as text: tests/cases/ir/*.ir hold a program, a line `=== after PASS`, and what it must be then.

Lines that start with `;` say what the case is about. All passes up to the named one run, verified after each.
To write a new case, leave the second part empty and run with `REWRITE_IR_CASES=1`, then read what was written.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from compiler.ir.ops import Defect
from compiler.ir.printer import function_text
from compiler.ir.reader import read_program
from compiler.ir.verify import verify_program
from compiler.passes.table import PASSES

FOLDER = Path(__file__).parents[2] / "cases" / "ir"
CASES = sorted(FOLDER.glob("*.ir"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case(path: Path) -> None:
    before, _, rest = path.read_text().partition("=== after ")
    name, _, expected = rest.partition("\n")
    text = "".join(line for line in before.splitlines(keepends=True) if not line.startswith(";"))
    found = after(name.strip(), text)
    if os.environ.get("REWRITE_IR_CASES"):
        path.write_text(f"{before}=== after {name}\n{found}\n")
        expected = found
    assert found == expected.rstrip("\n")


def after(last: str, text: str) -> str:
    """The functions of a program when the passes up to `last` have run."""
    program = read_program(text)
    program.defects = {defect.name: f"defect.{defect.name}" for defect in Defect}
    for row in PASSES:
        row.run(program)
        verify_program(program, row.level, row.name)
        if row.name == last:
            return "\n\n".join(function_text(function) for function in program.functions.values())
    raise AssertionError(f"no pass {last}")


def test_there_are_cases() -> None:
    assert len(CASES) >= 8


def test_the_order_of_the_table_keeps_its_promises() -> None:
    """Every `must_come_after` names an earlier row, and levels never fall."""
    seen: list[str] = []
    for row in PASSES:
        assert set(row.must_come_after) <= set(seen), row.name
        assert row.why and all(row.must_come_after.values())
        seen.append(row.name)
    assert [row.level for row in PASSES] == sorted(row.level for row in PASSES)
