"""Writes requirements.lock: exact versions and every hash that a supported Python may pick.

    .venv/bin/python -m tests.machine.lock_file

pip resolves the pins of pyproject.toml once per Python version and platform tag (`install --dry-run --report`); the
union of the files it would take is what the lock allows. The index is whatever pip is configured to use: the lock
names files by hash alone and no host.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from tests.machine.layout import LOCK_FILE, PROJECT_FILE

PYTHON_VERSIONS = ("3.11", "3.12", "3.13", "3.14")
# glibc of the oldest supported system (Debian 12: 2.36) takes all of these; the newer ones are taken where present.
PLATFORMS = ("manylinux_2_39", "manylinux_2_34", "manylinux_2_28", "manylinux_2_27", "manylinux_2_17", "manylinux2014")

HEADER = """\
# Exact versions and hashes of everything in .venv, for Linux on x86-64 and CPython 3.11 to 3.14.
# Written by `python -m tests.machine.lock_file` from the pins in pyproject.toml; do not edit by hand.
"""


def pinned_requirements() -> list[str]:
    """The direct pins: what builds, what runs, what tests."""
    project: dict[str, Any] = tomllib.loads(PROJECT_FILE.read_text(encoding="utf-8"))
    optional = project["project"]["optional-dependencies"]
    return [*project["build-system"]["requires"], *project["project"]["dependencies"], *optional["development"]]


def resolve(requirements: list[str], python_version: str) -> list[dict[str, Any]]:
    """What pip would install for one Python version, as the `install` rows of its report."""
    with tempfile.TemporaryDirectory(prefix="pyc-lock-") as folder:
        report = Path(folder) / "report.json"
        command = [sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed", "--quiet"]
        command += ["--only-binary=:all:", "--implementation", "cp", "--python-version", python_version]
        for platform in PLATFORMS:
            command += ["--platform", f"{platform}_x86_64"]
        command += ["--target", folder, "--report", str(report), *requirements]
        subprocess.run(command, check=True)
        rows: list[dict[str, Any]] = json.loads(report.read_text(encoding="utf-8"))["install"]
        return rows


def collect(requirements: list[str]) -> dict[tuple[str, str], set[str]]:
    """(name, version) → hashes, over all supported Python versions."""
    hashes: dict[tuple[str, str], set[str]] = {}
    for python_version in PYTHON_VERSIONS:
        for row in resolve(requirements, python_version):
            name = re.sub(r"[-_.]+", "-", row["metadata"]["name"]).lower()
            key = (name, row["metadata"]["version"])
            hashes.setdefault(key, set()).add(row["download_info"]["archive_info"]["hashes"]["sha256"])
    return hashes


def render(hashes: dict[tuple[str, str], set[str]]) -> str:
    """The text of the lock file; sorted, so that two runs agree."""
    lines = [HEADER]
    for (name, version), digests in sorted(hashes.items()):
        rows = [f"{name}=={version}", *(f"    --hash=sha256:{digest}" for digest in sorted(digests))]
        lines.append(" \\\n".join(rows) + "\n")
    return "".join(lines)


if __name__ == "__main__":
    LOCK_FILE.write_text(render(collect(pinned_requirements())), encoding="utf-8")
    print(f"wrote {LOCK_FILE.name}")
