"""FAT images made by mkfs.fat and filled by mtools: the independent judges of the reader."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

MIB = 1024 * 1024

needs_tools = pytest.mark.skipif(
    shutil.which("mkfs.fat") is None or shutil.which("mcopy") is None, reason="mkfs.fat and mtools are not installed"
)


def run_tool(*command: str) -> str:
    """Run a tool and return its output."""
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def make_volume(path: Path, *options: str, size: int = 8 * MIB) -> Path:
    """An empty volume; without options FAT16 with clusters of 1 KiB."""
    path.write_bytes(b"")
    with path.open("r+b") as file:
        file.truncate(size)
    run_tool("mkfs.fat", *(options or ("-F", "16", "-s", "2", "-n", "TESTDISK")), str(path))
    return path


def add_file(volume: Path, guest_path: str, content: bytes) -> None:
    """Copy a file into the volume, making its folders."""
    source = volume.with_suffix(".source")
    source.write_bytes(content)
    folder = ""
    for name in guest_path.strip("/").split("/")[:-1]:
        folder += "/" + name
        subprocess.run(["mmd", "-D", "s", "-i", str(volume), "::" + folder], capture_output=True, check=False)
    run_tool("mcopy", "-o", "-i", str(volume), str(source), "::" + guest_path)
