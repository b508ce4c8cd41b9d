"""`build.py bench build`: what a programmer waits for, as medians beside the time of `ast.parse` over the same sources.

Three situations: cold (nothing built, no cache), unchanged, and one line changed in a kernel file; for the whole tree
and for one small program. Figures are printed, never asserted: they depend on the machine. The measuring is done in a
temporary copy of the sources, so that an edit never touches the tree.
"""

from __future__ import annotations

import ast
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.machine.layout import ROOT, SOURCE_FOLDERS
from tests.machine.problem import ExitCode, Problem
from tests.machine.progress import say

COPIED = (*SOURCE_FOLDERS, "tests", "build.py", "pyproject.toml", "requirements.lock")
CHANGED_FILE = Path("kernel/main.py")
SMALL_PROGRAM = Path("user/programs/hello.py")
# Starts the build of the copy inside the environment of the tree, without making another environment.
BUILD_CODE = "from tests.machine.build_tree import build; build()"


@dataclass(frozen=True, slots=True)
class Workshop:
    """A copy of the sources in which to build; its cache is its own."""

    root: Path

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "PYTHONPATH": str(self.root), "XDG_CACHE_HOME": str(self.root / "cache")}

    def run(self, *words: str) -> None:
        command = [sys.executable, *words]
        done = subprocess.run(
            command, cwd=self.root, env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, check=False
        )
        if done.returncode != 0:
            text = done.stderr.decode(errors="replace").strip()
            raise Problem(ExitCode.PROGRAM_WRONG, f"the build that was to be measured failed:\n{text}")

    def build_all(self) -> None:
        self.run("-c", BUILD_CODE)

    def build_program(self) -> None:
        (self.root / "build").mkdir(exist_ok=True)
        self.run("-m", "compiler", "build", str(SMALL_PROGRAM), "-o", "build/hello-alone")

    def forget(self) -> None:
        """As after a fresh clone: nothing built, nothing cached."""
        for name in ("build", "cache", ".pyc_cache"):
            shutil.rmtree(self.root / name, ignore_errors=True)

    def change_line(self, number: int) -> None:
        """Change one line of the kernel so that its text, and only its text, is new."""
        path = self.root / CHANGED_FILE
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if "BENCH_ROUND" not in line]
        path.write_text("\n".join([*lines, f"BENCH_ROUND: int = {number}", ""]), encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    name: str
    seconds: float
    wanted: str


def timed(action: Callable[[], None]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def median(rounds: int, prepare: Callable[[int], None], action: Callable[[], None]) -> float:
    """The median time of an action, each round prepared outside the clock."""
    times = []
    for number in range(rounds):
        prepare(number)
        times.append(timed(action))
    return statistics.median(times)


def parse_all(root: Path) -> None:
    """What CPython's own parser needs for the sources that a build reads."""
    for folder in SOURCE_FOLDERS:
        for path in sorted((root / folder).rglob("*.py")):
            ast.parse(path.read_bytes())


def measure(workshop: Workshop, rounds: int) -> list[Row]:
    def forget(_number: int) -> None:
        workshop.forget()

    def nothing(_number: int) -> None:
        return

    rows = [Row("ast.parse over all sources", median(rounds, nothing, lambda: parse_all(workshop.root)), "")]
    if (workshop.root / SMALL_PROGRAM).exists():
        say("one program")
        rows.append(Row("pyc build hello.py, cold", median(rounds, forget, workshop.build_program), "< 3 s"))
        rows.append(Row("pyc build hello.py, unchanged", median(rounds, nothing, workshop.build_program), "< 0.5 s"))
    say("kernel, programs and image")
    rows.append(Row("everything, cold", median(rounds, forget, workshop.build_all), "< 40 s"))
    rows.append(Row("everything, unchanged", median(rounds, nothing, workshop.build_all), "< 1.5 s"))
    if (workshop.root / CHANGED_FILE).exists():
        changed = median(rounds, workshop.change_line, workshop.build_all)
        rows.append(Row("everything, one kernel line changed", changed, "< 6 s"))
    return rows


def show(rows: Sequence[Row], rounds: int) -> None:
    print(f"{'median of ' + str(rounds):<40} {'seconds':>9}  wanted")
    for row in rows:
        print(f"{row.name:<40} {row.seconds:>9.3f}  {row.wanted}".rstrip())


def bench(*, rounds: int) -> int:
    """Measure in a copy of the tree and print the table."""
    with tempfile.TemporaryDirectory(prefix="pyc-bench-") as folder:
        root = Path(folder)
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, root / name, ignore=shutil.ignore_patterns("__pycache__"))
            elif source.exists():
                shutil.copyfile(source, root / name)
        show(measure(Workshop(root), rounds), rounds)
    return ExitCode.FINE
