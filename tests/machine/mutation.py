"""`build.py mutate`: does any test notice when the code is wrong?

A seeded choice of faults (see mutation_operators), spread over all folders, is planted one at a time in a copy of the
tree, and the tests of the changed module are run there, nearest first (see covering_tests). A fault is killed when a
test fails or runs out of time; a fault that survives is a hole in the tests, listed with its place. Two faults at a
time are tried in two copies, because a round is mostly waiting for one process.
"""

from __future__ import annotations

import ast
import contextlib
import itertools
import os
import random
import re
import tempfile
from collections import defaultdict
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from queue import Queue

from tests.machine.covering_tests import Coverage, imports_of
from tests.machine.layout import ROOT
from tests.machine.mutation_operators import apply, find_mutations
from tests.machine.planted_fault import Fault, Judge, Outcome, copy_tree
from tests.machine.problem import ExitCode, Problem
from tests.machine.progress import say

MUTATED_FOLDERS = ("compiler", "runtime", "kernel")
# Settings: another number would do as well.
FREE_CHOICES = frozenset({"kernel/config.py"})
INSTRUCTIONS = "runtime/lang/instructions.py"
# Instructions that only order or hasten memory accesses: without them a module computes the same.
HARMLESS = frozenset(
    {"memory_fence", "load_fence", "store_fence", "compiler_fence", "spin_pause", "invalidate_page"},
)
GENERATED = re.compile(r"^\W*(Generated|Written) (from|by) ", re.MULTILINE)
MOST_WORKERS = 2
# Wanted by the project: at least this part of the planted faults is noticed.
WANTED_PERCENT = 80.0
INTERRUPTED = 130


def candidates(root: Path, only: str | None) -> list[Path]:
    """The files that may be broken, relative to the root."""
    wanted = (ROOT / only).resolve().relative_to(ROOT) if only else None
    files = [path.relative_to(root) for folder in MUTATED_FOLDERS for path in (root / folder).rglob("*.py")]
    return sorted(
        path
        for path in files
        if path.name != "__init__.py"
        and path.as_posix() not in FREE_CHOICES
        and (wanted is None or path == wanted or wanted in path.parents)
    )


def executes_instructions(root: Path, path: Path) -> bool:
    """Whether a module of the kernel drives the processor itself; tests that boot are its judges then."""
    if path.parts[0] != "kernel":
        return False
    declared = ast.parse((root / INSTRUCTIONS).read_text(encoding="utf-8")).body
    names = {node.name for node in declared if isinstance(node, ast.FunctionDef)} - HARMLESS
    return bool(imports_of(root / path) & {f"runtime.lang.{name}" for name in names})


def all_faults(root: Path, only: str | None) -> Iterator[Fault]:
    """Every fault of every file that has tests which run on this machine."""
    coverage = Coverage(root)
    for path in candidates(root, only):
        groups = coverage.groups_of(path)
        source = (root / path).read_text(encoding="utf-8")
        # A table written by a program is judged where it is written.
        is_written = GENERATED.search(source[:2000]) is not None
        if groups and not is_written and not executes_instructions(root, path):
            yield from (Fault(str(path), mutation, groups) for mutation in find_mutations(source))


def spread(faults: Sequence[Fault], seed: int) -> list[Fault]:
    """All faults in a seeded order whose every beginning is spread over the folders.

    First comes one of each folder, then each folder has its share by size.
    """
    chance = random.Random(seed)
    areas: defaultdict[str, list[Fault]] = defaultdict(list)
    for fault in faults:
        areas[fault.area].append(fault)
    placed = []
    for area in sorted(areas):
        chance.shuffle(areas[area])
        size = len(areas[area])
        placed += [(number / size, chance.random(), fault) for number, fault in enumerate(areas[area])]
    return [fault for _, _, fault in sorted(placed, key=lambda one: one[:2])]


def plan(root: Path, count: int, seed: int, only: str | None) -> list[Fault]:
    """The faults to plant: the same for the same tree, count and seed; spread in this order, too."""
    good = (fault for fault in spread(list(all_faults(root, only)), seed) if is_still_python(root, fault))
    return list(itertools.islice(good, count))


def is_still_python(root: Path, fault: Fault) -> bool:
    """A fault that does not compile would be noticed by anything."""
    try:
        compile(apply((root / fault.path).read_text(encoding="utf-8"), fault.mutation), fault.path, "exec")
    except (SyntaxError, ValueError):
        return False
    return True


def show(outcome: Outcome, number: int, total: int) -> None:
    word = "killed  " if outcome.killed else "SURVIVED"
    print(
        f"[{number:{len(str(total))}}/{total}] {word} {outcome.seconds:6.1f} s  {outcome.fault.describe()}", flush=True
    )


def table(outcomes: Sequence[Outcome]) -> list[str]:
    """One line for each folder: faults, noticed, percentage."""
    areas: defaultdict[str, list[bool]] = defaultdict(list)
    for outcome in outcomes:
        areas[outcome.fault.area].append(outcome.killed)
    width = max(len(area) for area in areas)
    lines = [f"{'folder':{width}}  faults  noticed"]
    for area, killed in sorted(areas.items()):
        lines.append(f"{area:{width}}  {len(killed):6}  {sum(killed):7}  {100 * sum(killed) / len(killed):4.0f} %")
    return lines


def report(outcomes: Sequence[Outcome], seed: int, planned: int) -> int:
    """The survivors, the table and, as the last line, the figure."""
    if not outcomes:
        return ExitCode.PROGRAM_WRONG
    survived = sorted(
        (outcome.fault for outcome in outcomes if not outcome.killed),
        key=lambda fault: (fault.path, fault.mutation.line, fault.mutation.column),
    )
    if survived:
        print("\nnot noticed by any test:")
        for fault in survived:
            print(f"  {fault.describe()}")
            print(f"      asked: {', '.join(itertools.chain.from_iterable(fault.groups))}")
    print("", *table(outcomes), sep="\n")
    killed = len(outcomes) - len(survived)
    percent = 100.0 * killed / len(outcomes)
    stopped = f", stopped before {planned - len(outcomes)} more" if planned > len(outcomes) else ""
    print(
        f"\n{killed} of {len(outcomes)} faults noticed: {percent:.0f} %  "
        f"(wanted: {WANTED_PERCENT:.0f} %; seed {seed}{stopped})"
    )
    return ExitCode.FINE if percent >= WANTED_PERCENT else ExitCode.PROGRAM_WRONG


def try_all(faults: Sequence[Fault], judge: Judge, trees: Sequence[Path]) -> Generator[Outcome, None, None]:
    """The outcomes as they come; leaving early ends every process that still runs."""
    free: Queue[Path] = Queue()
    for tree in trees:
        free.put(tree)

    def try_in_free_tree(fault: Fault) -> Outcome:
        tree = free.get()
        try:
            return judge.try_fault(fault, tree)
        finally:
            free.put(tree)

    pool = ThreadPoolExecutor(len(trees))
    try:
        for future in as_completed([pool.submit(try_in_free_tree, fault) for fault in faults]):
            yield future.result()
    finally:
        judge.sessions.end_all()
        pool.shutdown(cancel_futures=True)


def mutate(*, count: int, seed: int, only: str | None, limit: float) -> int:
    """Plant `count` faults and report which were noticed; Ctrl-C reports what is known by then."""
    if only is not None and not ((ROOT / only).exists() and (ROOT / only).resolve().is_relative_to(ROOT)):
        raise Problem(ExitCode.COMMAND_LINE_WRONG, f"--only {only}: no such path in this repository")
    outcomes: list[Outcome] = []
    with tempfile.TemporaryDirectory(prefix="pyc-mutate-") as folder:
        first = copy_tree(Path(folder) / "tree0")
        faults = plan(first, count, seed, only)
        if not faults:
            raise Problem(ExitCode.COMMAND_LINE_WRONG, "nothing to break: no module with tests of its own was found")
        workers = min(MOST_WORKERS, os.cpu_count() or 1, len(faults))
        trees = [first, *(copy_tree(Path(folder) / f"tree{number}") for number in range(1, workers))]
        say(f"planting {len(faults)} faults (seed {seed}); folders: {len({fault.area for fault in faults})}")
        try:
            with contextlib.closing(try_all(faults, Judge(limit), trees)) as found:
                for outcome in found:
                    outcomes.append(outcome)
                    show(outcome, len(outcomes), len(faults))
        except KeyboardInterrupt:
            say("interrupted")
            report(outcomes, seed, len(faults))
            return INTERRUPTED
    return report(outcomes, seed, len(faults))
