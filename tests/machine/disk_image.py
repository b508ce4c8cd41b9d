"""The bootable disk: what `compiler.image` writes, the kernel in the firmware's place, and files added on request."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from compiler.image.disk import write_disk_image
from compiler.image.errors import ImageError
from compiler.image.root_tree import build_tree, split_addition
from tests.machine.layout import KERNEL_IMAGE
from tests.machine.problem import ExitCode, Problem


@dataclass(frozen=True, slots=True)
class Addition:
    """One more file for the guest's disk."""

    host_path: Path
    guest_path: str

    @classmethod
    def parse(cls, text: str) -> Addition:
        """`HOSTFILE:/guest/path`; ValueError says what is wrong with it."""
        try:
            host_path, guest_path = split_addition(text)
            build_tree({guest_path: b"\0"})
        except ImageError as error:
            raise ValueError(error.message) from None
        return cls(host_path, guest_path)

    def read(self) -> bytes:
        """The contents, or exit 1 with the reason."""
        try:
            return self.host_path.read_bytes()
        except OSError as error:
            reason = f"--add {self.host_path}: {error.strerror}"
            raise Problem(ExitCode.PROGRAM_WRONG, reason) from error


def write(path: Path, files: Mapping[str, bytes]) -> None:
    """Write the disk: the kernel as EFI/BOOT/BOOTX64.EFI, and the files by guest path."""
    try:
        write_disk_image(path, files, efi_boot=KERNEL_IMAGE.read_bytes())
    except ImageError as error:
        raise Problem(ExitCode.PROGRAM_WRONG, f"disk image: {error.message}") from error


def refuse_device(path: Path) -> None:
    """An image is written to an ordinary file only: a wrong device name would cost someone a disk."""
    place = path.absolute().parent.resolve()
    if not place.is_dir():
        raise Problem(ExitCode.COMMAND_LINE_WRONG, f"{path.parent}: no such folder")
    # A device that is not plugged in must not become a file in memory under its name.
    is_device = place == Path("/dev")
    if is_device or (path.exists() and not stat.S_ISREG(path.stat().st_mode)):
        raise Problem(
            ExitCode.COMMAND_LINE_WRONG,
            f"{path} is not an ordinary file; write the image to a file, then copy that with dd "
            "(build.py image --help shows the line)",
        )


def copy_to(image: Path, path: Path) -> None:
    """Copy sparsely and at once: readers never see half an image."""
    refuse_device(path)
    temporary = path.absolute().with_name(path.name + ".new")
    try:
        with image.open("rb") as source, temporary.open("wb") as target:
            copy_sparse(source.fileno(), target.fileno())
        temporary.replace(path)
    except OSError as error:
        raise Problem(ExitCode.PROGRAM_WRONG, f"{path}: {error.strerror}") from error
    finally:
        temporary.unlink(missing_ok=True)


def copy_sparse(source: int, target: int, block: int = 1 << 20) -> None:
    """Blocks of zeros become holes."""
    size = os.fstat(source).st_size
    os.ftruncate(target, size)
    zeros = bytes(block)
    for offset in range(0, size, block):
        data = os.pread(source, block, offset)
        if data != zeros[: len(data)]:
            os.pwrite(target, data, offset)
