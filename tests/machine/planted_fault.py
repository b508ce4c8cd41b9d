"""One planted fault: a copy of the tree with one change in it, and the tests that are asked.

A group of tests is first run without any fault: what fails then proves nothing and is left out, and the time it takes
bounds the time a fault may take. That is done once for each group, by whoever needs it first.
"""

from __future__ import annotations

import compileall
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from py_compile import PycInvalidationMode

from tests.machine.covering_tests import Groups
from tests.machine.layout import ROOT
from tests.machine.mutation_operators import Mutation, apply
from tests.machine.progress import say

IGNORED_BY_COPY = shutil.ignore_patterns(
    ".git", ".venv", "build", "__pycache__", ".*_cache", ".hypothesis", "*.egg-info"
)
COMPILED_FOLDERS = ("compiler", "runtime", "kernel", "tests/machine")
# A fault may make the tests this much slower before it counts as noticed: an endless loop, most of the time.
SLOWER_BY = 6
LEAST_SECONDS = 30.0
# pytest's status when every test was deselected, so that none could notice.
NOTHING_ASKED = 5


@dataclass(frozen=True, slots=True)
class Fault:
    """A mutation of one file, and the tests that should notice, nearest group first."""

    path: str
    mutation: Mutation
    groups: Groups

    @property
    def area(self) -> str:
        return Path(self.path).parent.as_posix()

    def describe(self) -> str:
        return f"{self.path}:{self.mutation.line}: {self.mutation.change()}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happened to a fault."""

    fault: Fault
    killed: bool
    seconds: float
    reason: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a run of some tests said."""

    passed: bool
    reason: str
    seconds: float


class Sessions:
    """The pytest processes that run now; each leads a session of its own, so that its children end with it."""

    def __init__(self) -> None:
        self._running: set[subprocess.Popen[str]] = set()
        self._lock = threading.Lock()
        self.is_over = False

    def run(self, command: Sequence[str], tree: Path, limit: float) -> tuple[int | None, str]:
        """(status, output); no status when the limit was reached."""
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYC_CACHE_DIR": str(tree / ".pyc_cache")}
        with self._lock:
            if self.is_over:
                return None, ""
            process = subprocess.Popen(
                command,
                cwd=tree,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                start_new_session=True,
            )
            self._running.add(process)
        try:
            output, _ = process.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            return None, ""
        finally:
            end_session(process)
            assert process.stdout is not None
            process.stdout.close()
            with self._lock:
                self._running.discard(process)
        return process.returncode, output

    def end_all(self) -> None:
        """Nothing runs afterwards, and nothing new is started."""
        with self._lock:
            self.is_over = True
            for process in self._running:
                end_session(process)


def end_session(process: subprocess.Popen[str]) -> None:
    """A test that ran out of time may have children of its own."""
    if process.poll() is None:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            process.kill()
        process.wait()


def copy_tree(folder: Path) -> Path:
    """A copy to plant faults in, compiled so that only a changed file is compiled again (checked by its hash)."""
    shutil.copytree(ROOT, folder, ignore=IGNORED_BY_COPY, symlinks=True)
    for name in COMPILED_FOLDERS:
        if (folder / name).exists():
            compileall.compile_dir(folder / name, quiet=2, invalidation_mode=PycInvalidationMode.CHECKED_HASH)
    return folder


@dataclass
class Judge:
    """Asks tests about a tree; remembers what they say without a fault."""

    longest: float
    sessions: Sessions = field(default_factory=Sessions)
    _clean: dict[tuple[str, ...], tuple[tuple[str, ...], float]] = field(default_factory=dict)
    _locks: dict[tuple[str, ...], threading.Lock] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def ask(self, tree: Path, tests: Iterable[str], limit: float) -> Answer:
        """Run some tests until the first that fails; no shrinking of examples, the same examples every time."""
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
        command += ["--hypothesis-seed=0", "--hypothesis-profile=planted", "-m", "not machine", *tests]
        started = time.monotonic()
        status, output = self.sessions.run(command, tree, limit)
        seconds = time.monotonic() - started
        if status is None:
            return Answer(False, "time limit", seconds)
        last = [line for line in output.splitlines() if line.strip()][-1:]
        return Answer(status in {0, NOTHING_ASKED}, last[0] if last else f"status {status}", seconds)

    def sound_tests(self, tree: Path, group: tuple[str, ...]) -> tuple[tuple[str, ...], float]:
        """The tests of a group that pass without a fault, and how long a fault may take; the tree has no fault now."""
        with self._lock:
            lock = self._locks.setdefault(group, threading.Lock())
        with lock:
            if group not in self._clean:
                self._clean[group] = self._sort_out(tree, group)
            return self._clean[group]

    def _sort_out(self, tree: Path, group: tuple[str, ...]) -> tuple[tuple[str, ...], float]:
        answer = self.ask(tree, group, self.longest)
        if not answer.passed and not self.sessions.is_over:
            sound = tuple(test for test in group if self.ask(tree, [test], self.longest).passed)
            say(f"left out, because they fail without a fault: {', '.join(sorted(set(group) - set(sound)))}")
            return sound, self.longest
        return group, min(self.longest, max(LEAST_SECONDS, SLOWER_BY * answer.seconds))

    def try_fault(self, fault: Fault, tree: Path) -> Outcome:
        """Plant, ask group after group until one notices, take out again."""
        file = tree / fault.path
        original = file.read_text(encoding="utf-8")
        spent, reason = 0.0, "no test"
        for group in fault.groups:
            tests, limit = self.sound_tests(tree, group)
            if not tests:
                continue
            try:
                file.write_text(apply(original, fault.mutation), encoding="utf-8")
                answer = self.ask(tree, tests, limit)
            finally:
                file.write_text(original, encoding="utf-8")
            spent, reason = spent + answer.seconds, answer.reason
            if not answer.passed:
                return Outcome(fault, True, spent, reason)
        return Outcome(fault, False, spent, reason)
