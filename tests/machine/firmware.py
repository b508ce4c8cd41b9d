"""Finding OVMF, the UEFI firmware for QEMU: a read-only code image and a template for the variables.

The variables are written by the guest, so every boot gets a copy of its own.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from pathlib import Path

from tests.machine import packages
from tests.machine.problem import ExitCode, Problem

FOLDERS = ("/usr/share/OVMF", "/usr/share/edk2/x64", "/usr/share/edk2/ovmf", "/usr/share/qemu")


class FirmwareKind(enum.Enum):
    """Which build of OVMF: code file names by preference."""

    PLAIN = ("OVMF_CODE_4M.fd", "OVMF_CODE.4m.fd")
    # Built with system management mode and secure boot; secure boot stays off with the plain variables.
    SECURE_BOOT = ("OVMF_CODE_4M.secboot.fd", "OVMF_CODE.secboot.4m.fd")


VARIABLE_FILES = ("OVMF_VARS_4M.fd", "OVMF_VARS.4m.fd")


@dataclass(frozen=True, slots=True)
class Firmware:
    """The two images of the flash memory; without variables the code image holds both."""

    code: Path
    variables: Path | None


def first_existing(names: tuple[str, ...]) -> Path | None:
    paths = (Path(folder) / name for folder in FOLDERS for name in names)
    return next((path for path in paths if path.is_file()), None)


def find_firmware(kind: FirmwareKind) -> Firmware:
    """The firmware that the system's package brought, or exit 3."""
    code, variables = first_existing(kind.value), first_existing(VARIABLE_FILES)
    if code is None or variables is None:
        line = packages.install_line([packages.FIRMWARE.package])
        raise Problem(
            ExitCode.MACHINE_LACKS, f"the UEFI firmware {kind.value[0]} was not found; install with:\n  {line}"
        )
    return Firmware(code, variables)


def given_firmware(path: Path) -> Firmware:
    """A firmware image named on the command line: OVMF's combined `OVMF.fd`, or a code image beside its variables."""
    if not path.is_file():
        raise Problem(ExitCode.COMMAND_LINE_WRONG, f"--firmware {path}: no such file")
    if "CODE" not in path.name:
        return Firmware(path, None)
    beside = next((path.with_name(name) for name in VARIABLE_FILES if path.with_name(name).is_file()), None)
    return Firmware(path, beside)
