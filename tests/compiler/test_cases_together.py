"""Many cases as modules of one program: every run case that ends well in one build, every reject case in one check.

Quick enough to be asked after every change of the compiler (tests/test_cases.py judges each case on its own, optimised
too): the runtime is checked and compiled once for all of them. The oracle is CPython with the same main module, which
imports one case after the other.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from compiler.diagnostics.errors import CompileFailed
from compiler.diagnostics.sink import DiagnosticSink
from compiler.options import BuildOptions
from compiler.pipeline import build, check
from compiler.target import TARGETS
from tests.case_files import CASES, Expected, expected_errors, options_of, shown
from tests.case_runs import name_of, run_cases

TIME_LIMIT_SECONDS = 60
MOST_DIAGNOSTICS = 1000
# Which of these sources end without an exception and without sys.exit; one process tries them all.
FIND_ENDING_WELL = """
import contextlib, io, json, runpy, sys

for path in json.load(sys.stdin):
    with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(BaseException):
        runpy.run_path(path)
        print(path, file=sys.__stdout__)
"""
# Needs more than its text: a transcript of its own, arguments, being the main module, CPython with exact widths.
STANDS_ALONE = re.compile(r"^# arguments:|__name__|runtime\.lang", re.MULTILINE)
NOT_YET = frozenset({"classes/inheritance", "floats/arithmetic", "floats/compare_special", "integers/power"})
"""Cases that go wrong on their own too: powers of floats, and an int beyond 2**53 beside a float."""


def module_name(case: str) -> str:
    return "case_" + case.replace("/", "_")


def write_program(folder: Path, sources: Iterable[tuple[str, str]]) -> Path:
    """A main module that imports these modules in order."""
    names = []
    for name, text in sources:
        (folder / f"{name}.py").write_text(text)
        names.append(name)
    main = folder / "main.py"
    main.write_text("".join(f"import {name}\n" for name in names))
    return main


# --- run --------------------------------------------------------------------------------------------------------------


def ending_well(paths: Sequence[Path]) -> list[Path]:
    done = subprocess.run(
        [sys.executable, "-B", "-c", FIND_ENDING_WELL],
        input=json.dumps([str(path) for path in paths]),
        capture_output=True,
        text=True,
        timeout=TIME_LIMIT_SECONDS,
        check=True,
    )
    return [Path(line) for line in done.stdout.splitlines()]


def runnable_cases() -> list[tuple[str, str]]:
    """(module, text) of each case that can be one module among others; its last line names it in the output."""
    alone = [path for path in run_cases() if path.name != "main.py" and not path.with_suffix(".expected").exists()]
    quiet = [path for path in alone if not STANDS_ALONE.search(path.read_text()) and name_of(path) not in NOT_YET]
    return [
        (module_name(name_of(path)), f'{path.read_text()}\nprint("== end of {name_of(path)}")\n')
        for path in ending_well(quiet)
    ]


def output_of(command: list[str]) -> list[str]:
    done = subprocess.run(command, capture_output=True, timeout=TIME_LIMIT_SECONDS, check=False)
    return [*done.stdout.decode().splitlines(), *done.stderr.decode().splitlines(), f"exit code {done.returncode}"]


@pytest.mark.slow
def test_all_that_end_well_print_what_cpython_prints(tmp_path: Path) -> None:
    cases = runnable_cases()
    assert len(cases) > 80, "cases are missing"
    main = write_program(tmp_path, cases)
    program = tmp_path / "program"
    program.write_bytes(
        build(BuildOptions(main, optimise=False, use_cache=False, jobs=1), DiagnosticSink()).image,
    )
    program.chmod(0o755)
    assert output_of([str(program)]) == output_of([sys.executable, "-B", str(main)])


# --- refused ----------------------------------------------------------------------------------------------------------


def is_refused_late(expected: Sequence[Expected]) -> bool:
    """Whether the faults are found where others are found too: not by the parser, whose faults end the run."""
    return all(one.line and one.fragment is not None and one.code >= "E03" for one in expected)


def diagnostics(main: Path, target: str) -> DiagnosticSink:
    sink = DiagnosticSink(MOST_DIAGNOSTICS)
    try:
        check(main, sink, TARGETS[target])
    except CompileFailed:
        pass
    return sink


@pytest.mark.parametrize("target", ["program", "kernel"])
def test_all_refused_ones_get_exactly_their_diagnostics(tmp_path: Path, target: str) -> None:
    wanted: dict[str, list[Expected]] = {}
    sources = {}
    for path in sorted((CASES / "reject").glob("*.py")):
        text = path.read_text()
        name = module_name(path.stem)
        if options_of(text).get("target", "program") == target and is_refused_late(expected_errors(text)):
            wanted[name], sources[name] = expected_errors(text), text
    assert wanted
    found: dict[str, list[Expected]] = {name: [] for name in wanted}
    for diagnostic in diagnostics(write_program(tmp_path, sources.items()), target).diagnostics():
        name = Path(diagnostic.span.file).stem
        found.setdefault(name, []).append(shown(tmp_path / f"{name}.py", diagnostic))
    assert found == wanted
