"""build.py's command line: exit codes and messages for what is wrong, and the parts of a machine's command line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.machine import disk_image, firmware, qemu
from tests.machine.disk_image import Addition
from tests.machine.firmware import Firmware
from tests.machine.layout import ROOT
from tests.machine.options import make_parser, parse
from tests.machine.problem import ExitCode, Problem
from tests.machine.qemu import Console, DiskTransport, MachineOptions, RunFolder


def build_py(*words: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "build.py"), *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=120)


def test_without_a_command_the_help_is_shown() -> None:
    done = build_py()
    assert done.returncode == ExitCode.COMMAND_LINE_WRONG
    assert done.stdout == ""
    for command in ("setup", "run", "test", "build", "image", "debug", "check", "bench", "mutate", "clean"):
        assert f"\n    {command} " in done.stderr


def test_it_starts_from_any_folder(tmp_path: Path) -> None:
    done = build_py("--help", folder=tmp_path)
    assert done.returncode == ExitCode.FINE
    assert "usage: build.py" in done.stdout


@pytest.mark.parametrize(
    ("words", "fragment"),
    [
        (["fly"], "invalid choice: 'fly'"),
        (["run", "--bogus"], "--bogus"),
        (["run", "--tim", "3"], "--tim"),
        (["run", "--timeout", "soon"], "'soon' is not a number of seconds"),
        (["run", "--timeout", "-1"], "not a number of seconds"),
        (["run", "--timeout", "nan"], "not a number of seconds"),
        (["run", "--memory", "lots"], "'lots' is not a memory size"),
        (["run", "--memory", "0M"], "not a memory size"),
        (["run", "--machine", "vax"], "invalid choice: 'vax'"),
        (["run", "--disk-transport", "floppy"], "invalid choice: 'floppy'"),
        (["run", "--add", "file"], "file"),
        (["run", "--add", "file:relative"], "relative"),
        (["run", "--add", "file:/a/../b"], "/a/../b"),
        (["run", "--add", ":/a"], ":/a"),
        (["run", "--add", "file:/a/"], "/a/"),
        (["debug", "--port", "70000"], "'70000' is not a port number"),
        (["image"], "-o/--output"),
        (["bench", "cake"], "invalid choice: 'cake'"),
        (["mutate", "--count", "0"], "'0' is not a positive number"),
    ],
)
def test_a_wrong_command_line_is_one_message_and_exit_2(
    words: list[str], fragment: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        parse(words)
    assert caught.value.code == ExitCode.COMMAND_LINE_WRONG
    assert fragment in capsys.readouterr().err.splitlines()[-1]


def test_every_command_has_a_help_text(capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("setup", "run", "test", "build", "image", "debug", "check", "bench", "mutate", "clean"):
        with pytest.raises(SystemExit) as caught:
            make_parser().parse_args([command, "--help"])
        assert caught.value.code == 0
        assert len(capsys.readouterr().out) > 100


def test_pytest_options_pass_unchanged() -> None:
    arguments = parse(["test", "-k", "parser", "--maxfail=1", "tests/build"])
    assert arguments is not None
    assert arguments.pytest_arguments == ["-k", "parser", "--maxfail=1", "tests/build"]


def test_an_addition_that_is_missing_is_said(tmp_path: Path) -> None:
    addition = Addition.parse(f"{tmp_path}/absent:/bin/absent")
    assert addition.guest_path == "/bin/absent"
    with pytest.raises(Problem, match="No such file") as caught:
        addition.read()
    assert caught.value.code == ExitCode.PROGRAM_WRONG


def test_an_addition_may_have_colons_in_its_host_path() -> None:
    assert Addition.parse("a:b:/c/d") == Addition(Path("a:b"), "/c/d")


@pytest.mark.parametrize("path", ["/dev/null", "/dev/absent", "/dev", "/tmp"])
def test_an_image_is_written_to_an_ordinary_file_only(path: str) -> None:
    with pytest.raises(Problem, match="not an ordinary file") as caught:
        disk_image.refuse_device(Path(path))
    assert caught.value.code == ExitCode.COMMAND_LINE_WRONG


def test_an_image_in_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="no such folder"):
        disk_image.refuse_device(tmp_path / "absent" / "disk.img")


def test_a_copied_image_is_equal_and_keeps_its_holes(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    with source.open("wb") as file:
        file.truncate(16 << 20)
        file.seek(5 << 20)
        file.write(b"data")
    target.write_bytes(b"old contents")
    disk_image.copy_to(source, target)
    assert target.read_bytes() == source.read_bytes()
    assert target.stat().st_blocks * 512 < 4 << 20
    assert sorted(path.name for path in tmp_path.iterdir()) == ["source", "target"]


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return RunFolder(tmp_path)


@pytest.fixture
def image(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    variables = tmp_path / "template.fd"
    variables.write_bytes(b"variables")
    monkeypatch.setattr(qemu, "find_firmware", lambda kind: Firmware(Path(f"/firmware/{kind.value[0]}"), variables))
    path = tmp_path / "disk,1.img"
    path.write_bytes(b"")
    return path


def test_machine_options_reach_qemu(image: Path, folder: RunFolder) -> None:
    options = MachineOptions(memory="64M", cpu="qemu64", disk_transport=DiskTransport.LEGACY, icount="shift=auto")
    words = qemu.command_line(options, image, Console.PIPES, folder)
    text = " ".join(words)
    assert "-m 64M" in text
    assert "-cpu qemu64" in text
    assert "-icount shift=auto" in text
    assert "virtio-blk-pci,id=disk0,drive=disk,bootindex=0,disable-modern=on,disable-legacy=off" in text
    assert "isa-debug-exit,iobase=0xf4" in text
    assert "disk,,1.img" in text
    assert "-no-reboot" in words
    assert folder.variables.read_bytes() == b"variables"


def test_secure_boot_firmware_needs_its_own_machine(image: Path, folder: RunFolder) -> None:
    text = " ".join(qemu.command_line(MachineOptions(secure_boot_firmware=True), image, Console.TERMINAL, folder))
    assert "-machine q35,smm=on" in text
    assert "driver=cfi.pflash01,property=secure,value=on" in text
    assert "OVMF_CODE_4M.secboot.fd" in text
    assert "-no-reboot" not in text


def test_missing_disk_image_is_said(image: Path, folder: RunFolder) -> None:
    with pytest.raises(Problem, match="no such file") as caught:
        qemu.command_line(MachineOptions(), image.with_name("absent"), Console.PIPES, folder)
    assert caught.value.code == ExitCode.PROGRAM_WRONG


def test_missing_qemu_is_said_in_one_line(image: Path, folder: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.machine.packages.find_program", lambda name: None)
    with pytest.raises(Problem, match="apt-get install -y qemu-system-x86") as caught:
        qemu.command_line(MachineOptions(), image, Console.PIPES, folder)
    assert caught.value.code == ExitCode.MACHINE_LACKS


def test_missing_firmware_is_said_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(firmware, "FOLDERS", ("/absent",))
    with pytest.raises(Problem, match="apt-get install -y ovmf") as caught:
        firmware.find_firmware(firmware.FirmwareKind.PLAIN)
    assert caught.value.code == ExitCode.MACHINE_LACKS
