"""Fixtures and settings for all tests; what only one folder needs stays in that folder."""

from __future__ import annotations

import signal
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import Phase, settings

from tests.machine import build_tree
from tests.machine.boot import BootRequest, BootResult, boot
from tests.machine.disk_image import write
from tests.machine.qemu import MachineOptions

# Tests run sources that use widths; the plugin imports them with their conversions written in.
pytest_plugins = ("tests.hosted_plugin",)

# Test machines are shared and slow at times: a time limit per example would fail by accident.
settings.register_profile("house", deadline=None, print_blob=True)
# For `build.py mutate`: that an example fails is enough, and nothing is remembered from one planted fault to the next.
PHASES = (Phase.explicit, Phase.generate)
settings.register_profile("planted", deadline=None, database=None, phases=PHASES)
settings.load_profile("house")

MACHINE_TIMEOUT_SECONDS = 120.0
# A test that hangs fails, with the line on which it hung; generous, because the machine may be busy with others.
TEST_LIMIT_SECONDS = 120
SLOW_TEST_LIMIT_SECONDS = 600


def time_is_up(_number: int, _frame: FrameType | None) -> None:
    raise TimeoutError("the test's time limit is reached")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """A strict time limit per test; longer for those marked `machine` or `slow`."""
    is_slow = item.get_closest_marker("slow") or item.get_closest_marker("machine")
    before = signal.signal(signal.SIGALRM, time_is_up)
    signal.alarm(SLOW_TEST_LIMIT_SECONDS if is_slow else TEST_LIMIT_SECONDS)
    try:
        return (yield)
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@pytest.fixture(scope="session")
def disk_image() -> Path:
    """The disk image of this tree, built when something has changed; one process builds, the others wait."""
    return build_tree.require_image()


@pytest.fixture
def disk_with(tmp_path: Path, disk_image: Path) -> Callable[[dict[str, bytes]], Path]:
    """A function: guest path → contents, gives a disk image with these files added."""

    def make(files: dict[str, bytes]) -> Path:
        image = tmp_path / "disk.img"
        write(image, {**build_tree.root_tree(build_tree.compile_targets()), **files})
        return image

    return make


@pytest.fixture
def boot_commands(disk_image: Path) -> Callable[..., BootResult]:
    """A function: boots, types the commands, powers off.

    `boot_commands(["mem", "run /bin/hello"], memory="64M").results[0].lines`; keyword arguments are the fields of
    MachineOptions, and `image` and `timeout`.
    """

    def run(
        commands: Sequence[str], image: Path | None = None, timeout: float = MACHINE_TIMEOUT_SECONDS, **machine: Any
    ) -> BootResult:
        request = BootRequest(commands=commands, timeout=timeout)
        return boot(image or disk_image, request, MachineOptions(**machine))

    return run
