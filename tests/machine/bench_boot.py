"""`build.py bench boot`: from the first serial byte to the prompt, stage by stage, as the kernel itself reports it.

The kernel prints `boot: STAGE +N us, total N us` once its clock is calibrated (kernel/debug/stages.py); the host adds
the time from QEMU's start to the prompt, firmware included. Medians; printed, never asserted.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence
from pathlib import Path

from tests.machine import build_tree
from tests.machine.boot import BootRequest, boot
from tests.machine.problem import ExitCode
from tests.machine.progress import say
from tests.machine.qemu import MachineOptions

STAGE_LINE = re.compile(r"boot: (?P<stage>.+) \+(?P<step>\d+) us, total (?P<total>\d+) us")
MICROSECONDS = 1e6


def stages_of(transcript: str) -> dict[str, tuple[float, float]]:
    """Stage → (seconds since the previous stage, seconds since the first serial byte), in the order of the boot."""
    found = STAGE_LINE.finditer(transcript)
    return {row["stage"]: (int(row["step"]) / MICROSECONDS, int(row["total"]) / MICROSECONDS) for row in found}


def medians(rounds: Sequence[dict[str, tuple[float, float]]]) -> dict[str, tuple[float, float]]:
    """The median of each stage over the boots that reached it."""
    stages = dict.fromkeys(stage for boot_stages in rounds for stage in boot_stages)
    return {stage: median_of([row[stage] for row in rounds if stage in row]) for stage in stages}


def median_of(pairs: Sequence[tuple[float, float]]) -> tuple[float, float]:
    return statistics.median(step for step, _ in pairs), statistics.median(total for _, total in pairs)


def measure(image: Path, rounds: int) -> tuple[list[dict[str, tuple[float, float]]], list[float]]:
    """(the kernel's stages, the host's seconds to the prompt) of each boot."""
    stages, seconds = [], []
    for number in range(rounds):
        say(f"boot {number + 1} of {rounds}")
        result = boot(image, BootRequest(commands=()), MachineOptions())
        stages.append(stages_of(result.serial.decode("utf-8", "replace")))
        seconds.append(result.seconds_to_prompt)
    return stages, seconds


def bench(*, rounds: int) -> int:
    """Boot several times and print the table."""
    stages, seconds = measure(build_tree.require_image(), rounds)
    print(f"{'median of ' + str(rounds):<28} {'step, s':>9} {'total, s':>9}")
    for stage, (step, total) in medians(stages).items():
        print(f"{stage:<28} {step:>9.3f} {total:>9.3f}")
    print(f"{'QEMU started to prompt':<28} {'':>9} {statistics.median(seconds):>9.3f}")
    print("wanted: first serial byte to prompt under 1.5 s in QEMU without KVM")
    return ExitCode.FINE
