"""Where things are: the folders of this repository and what a build leaves behind.

Every path is absolute and starts from the file's own place, so build.py may be started from any folder.
"""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# Sources, in the order in which a check walks them.
SOURCE_FOLDERS = ("compiler", "runtime", "kernel", "user")

VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
LOCK_FILE = ROOT / "requirements.lock"
PROJECT_FILE = ROOT / "pyproject.toml"

BUILD = ROOT / "build"
STAMPS = BUILD / ".stamps"
KERNEL_SOURCE = ROOT / "kernel" / "main.py"
KERNEL_IMAGE = BUILD / "BOOTX64.EFI"
KERNEL_SYMBOLS = BUILD / "BOOTX64.elf"
PROGRAMS = BUILD / "programs"
DISK_IMAGE = BUILD / "pyc.img"
