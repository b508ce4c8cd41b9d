"""The virtual environment `.venv`: made once from requirements.lock, then recognised by a stamp.

    prepare(say)       afterwards `.venv/bin/python` has the locked packages and `.venv/bin/pyc` exists

Two stamps inside `.venv` hold the hashes of what was installed: the lock (with the interpreter and the place) and the
project's own metadata. A second call reads two small files and returns. Standard library only.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.machine import packages
from tests.machine.layout import LOCK_FILE, PROJECT_FILE, ROOT, SOURCE_FOLDERS, VENV, VENV_PYTHON
from tests.machine.problem import ExitCode, Problem

LOCK_STAMP = VENV / ".locked-packages"
PROJECT_STAMP = VENV / ".project"
SHOWN_LINES_OF_PIP = 12


@contextlib.contextmanager
def exclusive() -> Iterator[None]:
    """Only one set-up at a time; the lock is on the repository's folder and vanishes with the process."""
    handle = os.open(ROOT, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def base_python() -> str:
    """The interpreter that the environment is made from: never the one inside another environment."""
    found = getattr(sys, "_base_executable", None) or sys.executable
    return str(found)


def lock_fingerprint() -> str:
    """Changes when the lock, the interpreter or the place changes (an environment cannot be moved)."""
    parts = [LOCK_FILE.read_bytes(), str(VENV).encode(), ".".join(map(str, sys.version_info[:2])).encode()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def project_fingerprint() -> str:
    """Changes when the installed command or the set of installed folders may change."""
    folders = [folder for folder in SOURCE_FOLDERS if (ROOT / folder).is_dir()]
    return hashlib.sha256(PROJECT_FILE.read_bytes() + " ".join(folders).encode()).hexdigest()


def stamp_matches(stamp: Path, fingerprint: str) -> bool:
    try:
        return stamp.read_text(encoding="ascii") == fingerprint
    except OSError:
        return False


def is_ready() -> bool:
    """True when nothing has to be installed."""
    return (
        VENV_PYTHON.exists()
        and (VENV / "bin" / "pyc").exists()
        and stamp_matches(LOCK_STAMP, lock_fingerprint())
        and stamp_matches(PROJECT_STAMP, project_fingerprint())
    )


def prepare(say: Callable[[str], None]) -> None:
    """Make or refresh `.venv`; nothing happens when it is ready."""
    if is_ready():
        return
    with exclusive():
        if not stamp_matches(LOCK_STAMP, lock_fingerprint()) or not VENV_PYTHON.exists():
            say("making .venv")
            create_environment(say)
            say("installing the locked packages")
            run_pip("--require-hashes", "-r", str(LOCK_FILE))
            LOCK_STAMP.write_text(lock_fingerprint(), encoding="ascii")
        if not is_ready():
            say("installing pyc itself")
            run_pip("--no-deps", "--no-build-isolation", "--editable", str(ROOT))
            PROJECT_STAMP.write_text(project_fingerprint(), encoding="ascii")


def has_module(python: str, module: str) -> bool:
    command = [python, "-c", f"import {module}"]
    return subprocess.run(command, capture_output=True, check=False, cwd="/").returncode == 0


def create_environment(say: Callable[[str], None]) -> None:
    """An empty environment with pip in it, made anew: a half-made one is not worth repairing."""
    python = base_python()
    if not (has_module(python, "ensurepip") and has_module(python, "venv")):
        # Debian ships both in a package named after the interpreter's version.
        packages.install_packages([venv_package(python)], say)
    shutil.rmtree(VENV, ignore_errors=True)
    made = subprocess.run([python, "-m", "venv", str(VENV)], capture_output=True, text=True, check=False)
    if made.returncode != 0:
        tail = last_lines(made.stdout + made.stderr)
        line = packages.install_line([venv_package(python)])
        raise Problem(ExitCode.MACHINE_LACKS, f"Python could not make .venv:\n{tail}\nperhaps this helps:\n  {line}")


def venv_package(python: str) -> str:
    """python3-venv belongs to the system's own python3; another version has a package of its own."""
    system = Path("/usr/bin/python3")
    if system.exists() and Path(python).resolve() == system.resolve():
        return "python3-venv"
    return f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"


def run_pip(*arguments: str) -> None:
    """`pip install` inside the environment; its last words are shown when it fails (exit 3)."""
    command = [str(VENV_PYTHON), "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
    command += ["--progress-bar", "off", *arguments]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode != 0:
        tail = last_lines(done.stderr or done.stdout)
        raise Problem(
            ExitCode.MACHINE_LACKS,
            f"pip could not install the Python packages:\n{tail}\n"
            "check the network (or pip's proxy and index settings) and run the same command again",
        )


def last_lines(text: str) -> str:
    """The end of a tool's output; of pip's, only what it calls an error."""
    lines = [line for line in text.splitlines() if line.strip() and "[notice]" not in line]
    lines = [line for line in lines if line.startswith("ERROR")] or lines
    return "\n".join(f"  {line}" for line in lines[-SHOWN_LINES_OF_PIP:])
