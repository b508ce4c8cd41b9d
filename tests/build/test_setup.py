"""Setting up on machines that lack things: what is installed, what is only named, and how failure is told."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.machine import environment, packages
from tests.machine.layout import LOCK_FILE, PROJECT_FILE
from tests.machine.lock_file import pinned_requirements
from tests.machine.packages import Tool
from tests.machine.problem import ExitCode, Problem

ABSENT = Tool("absent-package", "program-that-is-nowhere")


def say_nothing(_line: str) -> None:
    return


def no_such_program(_name: str) -> str | None:
    return None


class FakeApt:
    """Records apt-get calls; `answers` says which succeed."""

    def __init__(self, *answers: bool) -> None:
        self.answers = list(answers)
        self.calls: list[str] = []

    def __call__(self, prefix: list[str], *arguments: str) -> bool:
        self.calls.append(arguments[0])
        return self.answers.pop(0)


def test_without_rights_the_packages_are_named_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setattr(packages, "apt_prefix", lambda: None)
    with pytest.raises(Problem) as caught:
        packages.require([ABSENT], say_nothing)
    assert caught.value.code == ExitCode.MACHINE_LACKS
    assert caught.value.message.splitlines()[-1].strip() == (
        "sudo apt-get update && sudo apt-get install -y absent-package"
    )


def test_sudo_that_asks_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(subprocess, "run", lambda command, **_: subprocess.CompletedProcess(command, 1))
    assert packages.apt_prefix() is None
    monkeypatch.setattr(subprocess, "run", lambda command, **_: subprocess.CompletedProcess(command, 0))
    assert packages.apt_prefix() == ["/usr/bin/sudo", "-n"]


def test_a_machine_without_apt_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", no_such_program)
    assert packages.apt_prefix() is None


@pytest.mark.parametrize(
    ("answers", "calls"),
    [((True,), ["install"]), ((False, True, True), ["install", "update", "install"])],
)
def test_package_lists_are_updated_only_when_needed(
    monkeypatch: pytest.MonkeyPatch, answers: tuple[bool, ...], calls: list[str]
) -> None:
    apt = FakeApt(*answers)
    monkeypatch.setattr(packages, "apt_prefix", list)
    monkeypatch.setattr(packages, "run_apt", apt)
    packages.install_packages(["qemu-system-x86"], say_nothing)
    assert apt.calls == calls


def test_a_failing_apt_is_told_with_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "apt_prefix", list)
    monkeypatch.setattr(packages, "run_apt", FakeApt(False, True, False))
    with pytest.raises(Problem, match="apt-get install -y ovmf") as caught:
        packages.install_packages(["ovmf"], say_nothing)
    assert caught.value.code == ExitCode.MACHINE_LACKS


def test_installed_but_still_absent_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "apt_prefix", list)
    monkeypatch.setattr(packages, "run_apt", FakeApt(True))
    with pytest.raises(Problem, match="was not found") as caught:
        packages.require([ABSENT], say_nothing)
    assert caught.value.code == ExitCode.MACHINE_LACKS


def test_present_tools_cost_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "install_packages", lambda *_: pytest.fail("nothing was missing"))
    packages.require([Tool("coreutils", "ls"), Tool("base-files", files=("/absent", "/etc"))], say_nothing)


@pytest.fixture
def failing_pip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    def make(words: str) -> None:
        script = tmp_path / "python"
        script.write_text(f"#!/bin/sh\necho '{words}' >&2\nexit 1\n")
        script.chmod(0o755)
        monkeypatch.setattr(environment, "VENV_PYTHON", script)

    return make


def test_a_failing_pip_is_told_by_its_last_words(failing_pip: Callable[[str], None]) -> None:
    failing_pip("ERROR: no connection")
    with pytest.raises(Problem, match="ERROR: no connection") as caught:
        environment.run_pip("-r", "requirements.lock")
    assert caught.value.code == ExitCode.MACHINE_LACKS
    assert "network" in caught.value.message


def test_python_without_venv_names_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "has_module", lambda _python, module: module != "ensurepip")
    monkeypatch.setattr(packages, "apt_prefix", lambda: None)
    with pytest.raises(Problem, match=r"apt-get install -y python3[.\d]*-venv") as caught:
        environment.create_environment(say_nothing)
    assert caught.value.code == ExitCode.MACHINE_LACKS


def test_a_stamp_matches_its_own_text_only(tmp_path: Path) -> None:
    stamp = tmp_path / "stamp"
    assert not environment.stamp_matches(stamp, "a")
    stamp.write_text("a")
    assert environment.stamp_matches(stamp, "a")
    assert not environment.stamp_matches(stamp, "b")


def test_every_pin_is_in_the_lock_with_a_hash() -> None:
    """The lock is written from pyproject.toml; this notices when one was changed without the other."""
    lock = LOCK_FILE.read_text(encoding="utf-8")
    for requirement in pinned_requirements():
        assert f"\n{requirement.lower()} \\\n    --hash=sha256:" in lock, f"{requirement}: write the lock again"
    assert "://" not in lock
    assert PROJECT_FILE.read_text(encoding="utf-8").count('name = "pyc"') == 1
