"""`build.py mutate`: does any test notice when the code is wrong?

A seeded choice of faults (see mutation_operators) is planted one at a time in a temporary copy of the tree, and the
tests of the changed module are run there, nearest first (see covering_tests). A fault is killed when a test fails or
runs out of time; a fault that survives is a hole in the tests, listed with its place. Two faults at a
time are tried in two copies, because a round is mostly waiting for one process.
"""

from __future__ import annotations

import itertools
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import Queue

from tests.machine.covering_tests import Coverage
from tests.machine.layout import ROOT
from tests.machine.mutation_operators import Mutation, apply, find_mutations
from tests.machine.problem import ExitCode, Problem
from tests.machine.progress import say

MUTATED_FOLDERS = ("compiler", "runtime", "kernel")
IGNORED_BY_COPY = shutil.ignore_patterns(
    ".git", ".venv", "build", "__pycache__", ".*_cache", ".hypothesis", "*.egg-info"
)
MOST_WORKERS = 2
# Wanted by the project: at least this part of the planted faults is noticed.
WANTED_PERCENT = 80.0


@dataclass(frozen=True, slots=True)
class Fault:
    """A mutation of one file, and the tests that should notice, nearest first."""

    path: str
    mutation: Mutation
    tests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happened to a fault."""

    fault: Fault
    killed: bool
    seconds: float
    reason: str


def candidates(only: str | None) -> list[Path]:
    """The files that may be broken: those with tests that run on CPython."""
    wanted = Path(only).resolve().relative_to(ROOT) if only else None
    files = [path.relative_to(ROOT) for folder in MUTATED_FOLDERS for path in (ROOT / folder).rglob("*.py")]
    return sorted(
        path
        for path in files
        if path.name != "__init__.py" and (wanted is None or path == wanted or wanted in path.parents)
    )


def plan(count: int, seed: int, only: str | None) -> list[Fault]:
    """A seeded choice over all files, so that the same seed plants the same faults."""
    faults = []
    coverage = Coverage(ROOT)
    for path in candidates(only):
        tests = coverage.tests_of(path)
        if not tests:
            continue
        source = (ROOT / path).read_text(encoding="utf-8")
        if "\nGenerated from " in source[:2000]:
            # A table written by a program is judged where it is written.
            continue
        faults += [Fault(str(path), mutation, tests) for mutation in find_mutations(source)]
    random.Random(seed).shuffle(faults)
    chosen = list(itertools.islice(filter(is_still_python, faults), count))
    return sorted(chosen, key=lambda fault: (fault.tests, fault.path, fault.mutation.line))


def is_still_python(fault: Fault) -> bool:
    """A fault that does not compile would be noticed by anything."""
    try:
        compile(apply((ROOT / fault.path).read_text(encoding="utf-8"), fault.mutation), fault.path, "exec")
    except (SyntaxError, ValueError):
        return False
    return True


def run_tests(tree: Path, tests: Sequence[str], limit: float) -> tuple[bool, str]:
    """(passed, how it ended) for some tests inside a copy of the tree."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
    command += ["-m", "not machine", *tests]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    with subprocess.Popen(
        command,
        cwd=tree,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            output, _ = process.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            return False, "time limit"
        finally:
            end_session(process)
    last = [line for line in output.splitlines() if line.strip()][-1:]
    # 5: every test was deselected, so nothing could notice.
    return process.returncode in {0, 5}, last[0] if last else f"status {process.returncode}"


def end_session(process: subprocess.Popen[str]) -> None:
    """A test that ran out of time may have children of its own."""
    if process.poll() is None:
        try:
            os.killpg(process.pid, 9)
        except ProcessLookupError:
            process.kill()


def try_fault(fault: Fault, trees: Queue[Path], limit: float) -> Outcome:
    """Plant, test, take out again."""
    tree = trees.get()
    started = time.monotonic()
    file = tree / fault.path
    original = file.read_text(encoding="utf-8")
    try:
        file.write_text(apply(original, fault.mutation), encoding="utf-8")
        passed, reason = True, ""
        # The nearest tests nearly always decide; the others are asked together.
        for tests in (fault.tests[:1], fault.tests[1:]):
            if passed and tests:
                passed, reason = run_tests(tree, tests, limit)
    finally:
        file.write_text(original, encoding="utf-8")
        trees.put(tree)
    return Outcome(fault, not passed, time.monotonic() - started, reason)


def show(outcome: Outcome) -> None:
    word = "killed  " if outcome.killed else "SURVIVED"
    fault = outcome.fault
    print(f"{word} {outcome.seconds:6.1f} s  {fault.path}, {fault.mutation.describe()}", flush=True)


def report(outcomes: Sequence[Outcome]) -> int:
    """The summary; the last line has the figure."""
    survived = [outcome for outcome in outcomes if not outcome.killed]
    killed = len(outcomes) - len(survived)
    percent = 100.0 * killed / len(outcomes)
    if survived:
        print("\nnot noticed by any test:")
        for outcome in survived:
            print(f"  {outcome.fault.path}, {outcome.fault.mutation.describe()}")
            print(f"      tests: {', '.join(outcome.fault.tests)}")
    print(f"\n{killed} of {len(outcomes)} faults noticed: {percent:.0f} %  (wanted: {WANTED_PERCENT:.0f} %)")
    return ExitCode.FINE if percent >= WANTED_PERCENT else ExitCode.PROGRAM_WRONG


def require_green(tree: Path, faults: Sequence[Fault], limit: float) -> None:
    """Tests that fail without a fault would kill everything and prove nothing."""
    tests = sorted({tests for fault in faults for tests in fault.tests})
    say(f"the tests without a fault: {len(tests)} files and folders")
    passed, reason = run_tests(tree, tests, limit * max(1, len(tests)))
    if not passed:
        raise Problem(ExitCode.PROGRAM_WRONG, f"the tests fail already without a planted fault: {reason}")


def mutate(*, count: int, seed: int, only: str | None, limit: float) -> int:
    """Plant `count` faults and report which were noticed."""
    if only is not None and not (Path(only).exists() and Path(only).resolve().is_relative_to(ROOT)):
        raise Problem(ExitCode.COMMAND_LINE_WRONG, f"--only {only}: no such path in this repository")
    faults = plan(count, seed, only)
    if not faults:
        raise Problem(ExitCode.COMMAND_LINE_WRONG, "nothing to break: no module with tests of its own was found")
    with tempfile.TemporaryDirectory(prefix="pyc-mutate-") as folder:
        trees: Queue[Path] = Queue()
        workers = min(MOST_WORKERS, os.cpu_count() or 1, len(faults))
        for number in range(workers):
            tree = Path(folder) / f"tree{number}"
            shutil.copytree(ROOT, tree, ignore=IGNORED_BY_COPY, symlinks=True)
            trees.put(tree)
        require_green(Path(folder) / "tree0", faults, limit)
        say(f"planting {len(faults)} faults (seed {seed})")
        with ThreadPoolExecutor(workers) as pool:
            outcomes = []
            for outcome in pool.map(lambda fault: try_fault(fault, trees, limit), faults):
                show(outcome)
                outcomes.append(outcome)
    return report(outcomes)
