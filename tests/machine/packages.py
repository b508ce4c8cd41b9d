"""System packages: which command needs which tool, and installing what is missing without a question.

A tool is present when its program is on the path or its file exists. Missing ones are installed through apt-get when
that needs no answer (root, or sudo that asks for no password); otherwise one copy-and-paste line names them.
Standard library only: this runs before the virtual environment exists.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.machine.problem import ExitCode, Problem

# Debian keeps fsck.fat and sgdisk where an ordinary user's PATH does not look.
SYSTEM_FOLDERS = ("/usr/sbin", "/sbin", "/usr/local/sbin")


def extended_path() -> str:
    """The PATH with the administrator's folders added."""
    return os.pathsep.join([os.environ.get("PATH", os.defpath), *SYSTEM_FOLDERS])


def find_program(name: str) -> str | None:
    """The full path of a program, looking in the administrator's folders as well."""
    return shutil.which(name, path=extended_path())


@dataclass(frozen=True)
class Tool:
    """Something the machine must have: a program or one of several files, and the Debian package that brings it."""

    package: str
    program: str = ""
    files: tuple[str, ...] = ()

    def is_present(self) -> bool:
        if self.program:
            return find_program(self.program) is not None
        return any(Path(file).exists() for file in self.files)


FIRMWARE_FILES = (
    "/usr/share/OVMF/OVMF_CODE_4M.fd",
    "/usr/share/edk2/x64/OVMF_CODE.4m.fd",
    "/usr/share/edk2/ovmf/OVMF_CODE_4M.fd",
)

QEMU = Tool("qemu-system-x86", "qemu-system-x86_64")
FIRMWARE = Tool("ovmf", files=FIRMWARE_FILES)
MTOOLS = Tool("mtools", "mcopy")
FAT_CHECKER = Tool("dosfstools", "fsck.fat")
PARTITION_CHECKER = Tool("gdisk", "sgdisk")
DEBUGGER = Tool("gdb", "gdb")
BINARY_TOOLS = Tool("binutils", "readelf")
WINDOW = Tool(
    "qemu-system-gui",
    files=(
        "/usr/lib/x86_64-linux-gnu/qemu/ui-gtk.so",
        "/usr/lib/qemu/ui-gtk.so",
        "/usr/lib64/qemu/ui-gtk.so",
    ),
)

MACHINE = (QEMU, FIRMWARE)
JUDGES = (MTOOLS, FAT_CHECKER, PARTITION_CHECKER, DEBUGGER, BINARY_TOOLS)
EVERYTHING = MACHINE + JUDGES


def apt_prefix() -> list[str] | None:
    """How apt-get can be called without a question, or None."""
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo is None:
        return None
    asked = subprocess.run([sudo, "-n", "true"], stdin=subprocess.DEVNULL, capture_output=True, check=False)
    return [sudo, "-n"] if asked.returncode == 0 else None


def install_line(packages: Iterable[str]) -> str:
    """The line that a person can copy and paste."""
    prefix = "" if os.geteuid() == 0 else "sudo "
    return f"{prefix}apt-get update && {prefix}apt-get install -y {' '.join(packages)}"


def run_apt(prefix: list[str], *arguments: str) -> bool:
    """One apt-get call; its talk goes to standard error, because standard output is the guest's."""
    command = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", *arguments]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False)
    return done.returncode == 0


def install_packages(packages: list[str], say: Callable[[str], None]) -> None:
    """Install by apt-get without a question, or end with the line that does it (exit 3)."""
    prefix = apt_prefix()
    line = install_line(packages)
    if prefix is None:
        raise Problem(ExitCode.MACHINE_LACKS, f"this machine lacks {', '.join(packages)}; install with:\n  {line}")
    say(f"installing {', '.join(packages)}")
    install = ("install", "-y", "--no-install-recommends", *packages)
    if run_apt(prefix, *install):
        return
    # A fresh system has no package lists, or old ones.
    if not (run_apt(prefix, "update") and run_apt(prefix, *install)):
        raise Problem(ExitCode.MACHINE_LACKS, f"apt-get could not install {', '.join(packages)}; try:\n  {line}")


def require(tools: Iterable[Tool], say: Callable[[str], None]) -> None:
    """After this call every tool is present."""
    missing = [tool for tool in tools if not tool.is_present()]
    if not missing:
        return
    install_packages(sorted({tool.package for tool in missing}), say)
    still = sorted({tool.package for tool in missing if not tool.is_present()})
    if still:
        line = install_line(still)
        raise Problem(
            ExitCode.MACHINE_LACKS,
            f"{', '.join(still)} installed, but what is needed from it was not found; try:\n  {line}",
        )
