"""A source that uses widths refuses to run unless the loader is there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
SOURCE = "from runtime.lang import u8\n\nprint(u8(255) + 0)\n"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_plain_python_is_refused_with_a_way_out(tmp_path: Path):
    program = tmp_path / "program.py"
    program.write_text(SOURCE)
    result = run(str(program))
    assert (result.returncode, result.stdout) == (1, "")
    expected = f"{program} uses the fixed-width types of runtime.lang; run it with: pyc run --cpython {program}"
    assert result.stderr.splitlines() == [expected]


def test_no_way_around_by_a_submodule():
    result = run("-c", "import runtime.lang.integers")
    assert result.returncode == 1
    assert "pyc run --cpython FILE" in result.stderr


@pytest.mark.parametrize("module", ["runtime", "runtime.host.arenas", "runtime.host.machine", "runtime.abi.limits"])
def test_what_uses_no_width_loads_anywhere(module):
    assert run("-c", f"import {module}").returncode == 0


def test_activated_it_runs(tmp_path: Path):
    program = tmp_path / "program.py"
    program.write_text(SOURCE)
    start = f"import runpy, runtime.host.activation as a; a.activate(); runpy.run_path({str(program)!r})"
    assert run("-c", start).stdout == "255\n"
