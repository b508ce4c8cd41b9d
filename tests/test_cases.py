"""The cases under `tests/cases`: sources that are refused, accepted, or run and compared with CPython."""

from __future__ import annotations

import multiprocessing
import os
import random
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mypy import api as mypy_api

from compiler.diagnostics.errors import CompileFailed
from compiler.diagnostics.sink import DiagnosticSink
from compiler.pipeline import check
from tests.case_files import CASES, Expected, check_file, expected_errors, options_of, shown
from tests.case_runs import Outcome, name_of, run_cases, run_compiled, run_on_cpython

REJECTED = sorted((CASES / "reject").rglob("*.py"))
BUILDS_AT_ONCE = 2

# --- refused ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", REJECTED, ids=lambda path: path.stem)
def test_a_wrong_program_gets_exactly_its_diagnostics(path: Path) -> None:
    expected = expected_errors(path.read_text())
    found = [shown(path, diagnostic) for diagnostic in check_file(path).diagnostics()]
    assert expected, "the case expects nothing"
    assert [relevant(one, want) for one, want in zip(found, expected, strict=False)] == expected
    assert len(found) == len(expected), found


def relevant(found: Expected, wanted: Expected) -> Expected:
    """What the case says about this diagnostic, and no more."""
    line = found.line if wanted.line else 0
    return Expected(line, found.code, found.fragment if wanted.fragment is not None else None)


@pytest.mark.slow
def test_mypy_blames_the_same_lines() -> None:
    """Where `mypy --strict` rejects too, its first line is ours; cases say where it does not."""
    judged = [path for path in REJECTED if "mypy" not in options_of(path.read_text())]
    wrong = []
    first_lines = mypy_first_lines(judged)
    for path in judged:
        ours = min(one.line for one in expected_errors(path.read_text()))
        if first_lines.get(path.name) != ours:
            wrong.append(f"{path.stem}: mypy {first_lines.get(path.name)}, pyc {ours}")
    assert not wrong, "\n".join(wrong)


def mypy_first_lines(paths: list[Path]) -> dict[str, int]:
    """The first line of each file in which mypy finds an error; a syntax error stops mypy, so such files go alone."""
    broken = [path for path in paths if "E01" in path.read_text()]
    whole = [path for path in paths if path not in broken]
    found: dict[str, int] = {}
    for group in (whole, *([path] for path in broken)):
        arguments = ["--strict", "--scripts-are-modules", "--no-error-summary", "--config-file="]
        output, complaints, _ = mypy_api.run([*arguments, "--cache-dir", os.devnull, *map(str, group)])
        assert not complaints
        for line in output.splitlines():
            place, _, rest = line.partition(": ")
            if rest.startswith("error"):
                name, _, number = place.rpartition(":")
                found.setdefault(Path(name).name, int(number))
                found[Path(name).name] = min(found[Path(name).name], int(number))
    return found


# --- run --------------------------------------------------------------------------------------------------------------

Builder = Callable[[Path, bool], Outcome]
LEVELS = {"optimised": True, "plain": False}


def prepare_worker(cache: str) -> None:
    os.environ["PYC_CACHE_DIR"] = cache


@pytest.fixture(scope="module")
def outcomes(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Builder]:
    """Builds and runs all selected cases in a few processes; gives a function that waits for one of them."""
    selected: dict[tuple[Path, bool], Future[Outcome]] = {}
    cache = str(tmp_path_factory.mktemp("cache"))
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(BUILDS_AT_ONCE, context, prepare_worker, (cache,)) as pool:
        for item in request.session.items:
            parameters = getattr(getattr(item, "callspec", None), "params", {})
            if "case" in parameters and "level" in parameters:
                key = (parameters["case"], LEVELS[parameters["level"]])
                selected[key] = pool.submit(run_compiled, *key)
        yield lambda path, optimise: selected[path, optimise].result()
        pool.shutdown(cancel_futures=True)


ORACLE: dict[Path, Outcome] = {}


def oracle(path: Path) -> Outcome:
    if path not in ORACLE:
        ORACLE[path] = run_on_cpython(path)
    return ORACLE[path]


@pytest.mark.slow
@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("case", run_cases(), ids=name_of)
def test_a_compiled_program_does_what_cpython_does(case: Path, level: str, outcomes: Builder) -> None:
    assert str(outcomes(case, LEVELS[level])) == str(oracle(case))


# --- any text ---------------------------------------------------------------------------------------------------------

TOKENS = [
    "def",
    "class",
    "return",
    ":",
    ",",
    "(",
    ")",
    "[",
    "=",
    "+",
    "None",
    "int",
    "self",
    ".",
    "1",
    "'a'",
    "lambda",
    "yield",
]


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from([*REJECTED, *run_cases()]),
    st.integers(0, 2**32),
    st.integers(1, 3),
    st.sampled_from(["drop", "swap", "put"]),
)
@pytest.mark.slow
def test_damaged_sources_never_upset_the_checker(
    tmp_path_factory: pytest.TempPathFactory, path: Path, seed: int, changes: int, way: str
) -> None:
    """Words taken away, exchanged or put in: diagnostics or acceptance, nothing else."""
    damaged = tmp_path_factory.getbasetemp() / "damaged.py"
    damaged.write_text(damage(path.read_text(), random.Random(seed), changes, way))
    try:
        check(damaged, DiagnosticSink())
    except CompileFailed:
        pass


def damage(text: str, chance: random.Random, changes: int, way: str) -> str:
    words = text.split(" ")
    for _ in range(changes):
        one, other = chance.randrange(len(words)), chance.randrange(len(words))
        match way:
            case "drop":
                words[one] = ""
            case "swap":
                words[one], words[other] = words[other], words[one]
            case _:
                words[one] = chance.choice(TOKENS)
    return " ".join(words)
