"""`build.py check`, `test` and `clean`: other people's tools, called the same way everywhere."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.machine.layout import BUILD, ROOT, SOURCE_FOLDERS, VENV
from tests.machine.packages import extended_path
from tests.machine.problem import ExitCode
from tests.machine.progress import say

MOST_TEST_PROCESSES = 4
CACHES = (".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", ".pyc_cache")
# pytest's exit codes (pytest.ExitCode) as ours.
PYTEST_CODES = {
    0: ExitCode.FINE,
    1: ExitCode.PROGRAM_WRONG,
    2: ExitCode.PROGRAM_WRONG,
    3: ExitCode.OUR_FAULT,
    4: ExitCode.COMMAND_LINE_WRONG,
    5: ExitCode.PROGRAM_WRONG,
}


def checked_paths() -> list[str]:
    """What exists of the sources, with build.py and the tests."""
    names = [*SOURCE_FOLDERS, "build.py", "tests"]
    return [name for name in names if (ROOT / name).exists()]


def tool(name: str, *arguments: str) -> bool:
    """Run a tool of the environment; its words are shown as they are."""
    say(f"{name} {arguments[0] if arguments else ''}".rstrip())
    return subprocess.run([sys.executable, "-m", name, *arguments], check=False, cwd=ROOT).returncode == 0


def check(*, fix: bool) -> int:
    """Format, lint and types; all three run, so one call shows everything."""
    paths = checked_paths()
    if fix:
        tool("ruff", "check", "--fix", "--quiet", *paths)
        tool("ruff", "format", "--quiet", *paths)
    results = [
        tool("ruff", "format", "--check", "--quiet", *paths),
        tool("ruff", "check", "--quiet", *paths),
        tool("mypy", "--strict", *paths),
    ]
    if not results[0]:
        say("format: `python3 build.py check --fix` formats the files named above")
    return ExitCode.FINE if all(results) else ExitCode.PROGRAM_WRONG


def test(arguments: Sequence[str]) -> int:
    """pytest over everything, in parallel; its last line is the last line."""
    command = [sys.executable, "-m", "pytest"]
    if not any(argument.startswith(("-n", "--numprocesses", "--pdb", "-h", "--help")) for argument in arguments):
        command += ["-n", str(min(os.cpu_count() or 1, MOST_TEST_PROCESSES)), "--dist", "worksteal"]
    environment = {**os.environ, "PATH": extended_path()}
    sys.stderr.flush()
    done = subprocess.run([*command, *arguments], check=False, cwd=ROOT, env=environment)
    return PYTEST_CODES.get(done.returncode, ExitCode.OUR_FAULT)


def clean(*, everything: bool) -> int:
    """Remove what a build or a tool has made; the environment only when asked to."""
    folders = [BUILD, *(ROOT / name for name in CACHES), *ROOT.glob("*.egg-info")]
    if everything:
        folders.append(VENV)
    for name in (*SOURCE_FOLDERS, "tests"):
        folders += (ROOT / name).rglob("__pycache__")
    for folder in folders:
        remove(folder)
    return ExitCode.FINE


def remove(folder: Path) -> None:
    if folder.is_dir() and not folder.is_symlink():
        shutil.rmtree(folder, ignore_errors=True)
