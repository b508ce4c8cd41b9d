"""`build.py run` with the real kernel: the status passes through, files are added, the screen is saved, time ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.boot.bad_programs import EXIT_STATUS, good_program
from tests.boot.screen_text import read_png, screen_lines
from tests.machine import options, run_command
from tests.machine.boot import BootFailure
from tests.machine.problem import ExitCode, Problem

pytestmark = pytest.mark.machine


def run(*words: str) -> int:
    arguments = options.parse(["run", *words])
    assert arguments is not None
    return run_command.run(arguments)


def test_the_status_of_the_last_command_passes_through(
    tmp_path: Path, disk_image: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine").write_bytes(good_program())
    (tmp_path / "text").write_text("Grüße vom Wirt\n")
    screenshot = tmp_path / "screen.png"
    status = run(
        *("--exec", "nonsense; cat '/Ein Text.txt'; run /bin/mine", "--memory", "128M", "--machine", "pc"),
        *("--add", f"{tmp_path / 'mine'}:/bin/mine", "--add", f"{tmp_path / 'text'}:/Ein Text.txt"),
        *("--timeout", "100", "--quiet", "--display-screenshot", str(screenshot)),
    )
    assert status == EXIT_STATUS
    printed = capfd.readouterr().out.splitlines()
    assert printed[0].endswith("nonsense")
    assert "Grüße vom Wirt" in printed
    assert f"Program exited. Status: {EXIT_STATUS}" in printed
    shown = screen_lines(read_png(screenshot))
    assert "Grüße vom Wirt" in shown
    assert shown[-1] == "pyc>"


def test_time_runs_out(tmp_path: Path, disk_image: Path, probe_program: Path) -> None:
    with pytest.raises(BootFailure) as failure:
        run("--exec", "run /bin/probe spin", "--add", f"{probe_program}:/bin/probe", "--timeout", "15", "--quiet")
    assert failure.value.code == ExitCode.TIMED_OUT


def test_leaving_and_what_qemu_refuses(disk_image: Path) -> None:
    assert run("--exec", "mem; poweroff", "--quiet", "--timeout", "60") == 0
    with pytest.raises(Problem) as failure:
        run("--exec", "mem", "--cpu", "nonsense", "--timeout", "60")
    assert failure.value.code == ExitCode.COMMAND_LINE_WRONG
