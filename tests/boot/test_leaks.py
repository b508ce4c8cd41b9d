"""A thousand runs leave the machine as it was; and the measurement is proved by kernels that leak on purpose.

`repeat` counts the free frames before the first run and after the last one. `mem -v` counts the heap's objects, which
need not fill a frame to be lost.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.boot.conftest import Patch
from tests.boot.guest import Guest, frames_of, running_guest

pytestmark = pytest.mark.machine

RUNS = 1000
FAULTED = 139
# The budget for the thousand runs is a minute; the limit leaves room for a busy machine.
LIMIT_SECONDS = 180
HEAP_LINE = re.compile(r"Heap: (\d+) objects, (\d+) bytes")


def heap_of(guest: Guest) -> tuple[int, int]:
    found = HEAP_LINE.fullmatch(guest.lines("mem -v")[1])
    assert found is not None
    return int(found[1]), int(found[2])


@pytest.mark.parametrize(
    ("command", "status"),
    [
        ("run /bin/probe leak", FAULTED),
        ("run /bin/hello one two", 0),
        ("run /bad/overlap", 126),
        ("run /bad/terabyte", 1),
    ],
)
def test_a_thousand_runs_leave_everything_as_it_was(guest: Guest, command: str, status: int) -> None:
    line = f"repeat {RUNS} {command}"
    # The history keeps the typed lines: they are typed once before anything is counted.
    guest.run("mem -v")
    guest.run(line.replace(str(RUNS), "1"))
    before_frames, before_heap = guest.lines("mem")[0], heap_of(guest)
    started = time.monotonic()
    result = guest.run(line, LIMIT_SECONDS)
    seconds = time.monotonic() - started
    assert result.status == 0, result.lines
    assert result.lines[0] == f"{RUNS} runs, each with status {status}"
    before, after = frames_of(result)
    assert before == after
    assert guest.lines("mem")[0] == before_frames
    # The line itself is new in the history: one text.
    objects, size = heap_of(guest)
    assert objects - before_heap[0] <= 4
    assert size - before_heap[1] <= 1024
    print(f"{command}: {seconds:.1f} s for {RUNS} runs")


# Frames, and objects of the heap.
LEAKS: dict[str, tuple[Patch, ...]] = {
    "a root table": (
        Patch("kernel/mm/address_space.py", "        release_root(self.root)\n", "        self.pages = 0\n"),
    ),
    "a text": (
        Patch(
            "kernel/proc/process.py",
            "    next: int = 2\n",
            "    next: int = 2\n    kept: list[str]\n\n    def __init__(self) -> None:\n        self.kept = []\n",
        ),
        Patch(
            "kernel/proc/process.py",
            "        self.number = take_number()\n",
            "        self.number = take_number()\n        NUMBERS.kept.append(f'process {self.number} of many')\n",
        ),
    ),
}


@pytest.mark.parametrize("what", LEAKS)
def test_a_kernel_that_loses_something_each_run_is_noticed(
    patched_disks: Callable[[Sequence[Patch]], Path], what: str
) -> None:
    with running_guest(patched_disks(LEAKS[what])) as guest:
        result = guest.run("repeat 200 run /bin/probe leak")
    assert result.status != 0, result.lines
    before, after = frames_of(result)
    assert before > after
