"""gdb on a booting kernel: `build.py debug`'s own command finds Python functions, lines, and the way back."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from tests.machine.layout import ROOT
from tests.machine.qemu import Console, MachineOptions, background_process, command_line, run_folder
from tests.machine.run_command import gdb_command

pytestmark = pytest.mark.machine

GDB_SECONDS = 120
# What is typed after `build.py debug` has attached.
SESSION = (
    "continue",
    "info registers rip",
    "list",
    "thbreak kernel.fs.fat.boot_sector.parse_boot_sector",
    "continue",
    "backtrace",
    "up",
    "list",
)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("localhost", 0))
        return int(listener.getsockname()[1])


@pytest.fixture(scope="module")
def transcript(disk_image: Path) -> str:
    """One gdb session on one boot."""
    if shutil.which("gdb") is None:
        pytest.skip("gdb is not installed")
    port = free_port()
    with run_folder() as folder:
        command = command_line(MachineOptions(gdb_port=port), disk_image, Console.FILE, folder)
        with background_process(command, folder):
            debugger = gdb_command(port)
            words = [debugger[0], "-batch", "-nx", *debugger[1:]]
            for line in SESSION:
                words += ["-ex", line]
            done = subprocess.run(
                words,
                cwd=ROOT,
                capture_output=True,
                text=True,
                timeout=GDB_SECONDS,
                check=False,
                stdin=subprocess.DEVNULL,
            )
    return done.stdout + done.stderr


def test_it_stops_in_the_kernels_first_line(transcript: str) -> None:
    assert re.search(r"Temporary breakpoint 1, kernel_main \(\) at .*kernel/main\.py:\d+", transcript), transcript
    assert re.search(r"rip +0xffffffff80\w{6} ", transcript), transcript


def test_it_shows_python_sources(transcript: str) -> None:
    source = (ROOT / "kernel" / "main.py").read_text().splitlines()
    shown = re.findall(r"^(\d+)\t(.*)$", transcript, re.MULTILINE)
    assert len(shown) > 10, transcript
    assert any(source[int(number) - 1] == text for number, text in shown)
    assert "geometry = parse_boot_sector(" in transcript


def test_backtraces_name_python_functions(transcript: str) -> None:
    for function in ("mount_volume", "take_step", "bring_up", "kernel_main", "parse_boot_sector"):
        assert re.search(rf"#\d+ .*{function} .* at .*kernel/\S+\.py:\d+", transcript), (function, transcript)
