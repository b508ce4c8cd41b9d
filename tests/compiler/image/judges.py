"""Independent readers of disk images: mtools, dosfstools, gptfdisk. Each skips its test where it is not installed."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

PARTITION_OFFSET = 1 << 20  # bytes


def run(*command: str, environment: dict[str, str] | None = None) -> str:
    tool = shutil.which(command[0], path=os.environ["PATH"] + ":/sbin:/usr/sbin")
    if tool is None:
        pytest.skip(f"{command[0]} is not installed")
    done = subprocess.run(
        (tool, *command[1:]),
        capture_output=True,
        timeout=60,
        env={**os.environ, "LC_ALL": "C.UTF-8", **(environment or {})},
    )
    output = (done.stdout + done.stderr).decode("utf-8", "replace")
    assert done.returncode == 0, output
    return output


def check_file_system(image: Path) -> str:
    """`fsck.fat -n` over the partition; what it would repair is a failure, even when it exits 0."""
    partition = image.with_suffix(".partition")
    data = image.read_bytes()
    partition.write_bytes(data[PARTITION_OFFSET : len(data) - PARTITION_OFFSET])
    output = run("fsck.fat", "-n", str(partition))
    lines = output.strip().splitlines()
    assert len(lines) == 2, output  # its version and its count of files
    return output


def check_partition_table(image: Path) -> str:
    output = run("sgdisk", "-v", str(image))
    assert "No problems found" in output, output
    return output


def read_back(image: Path, target: Path) -> dict[str, bytes]:
    """Every file that mtools finds, by guest path."""
    target.mkdir()
    run("mcopy", "-s", "-n", "-i", f"{image}@@{PARTITION_OFFSET}", "::/", str(target))
    return {"/" + str(p.relative_to(target)): p.read_bytes() for p in sorted(target.rglob("*")) if p.is_file()}
