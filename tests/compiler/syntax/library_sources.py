"""CPython's own standard library as test material: real source files that nobody here wrote."""

from __future__ import annotations

import sysconfig
from pathlib import Path

LIBRARY = Path(sysconfig.get_path("stdlib"))
LIBRARY_FILES = sorted(LIBRARY.glob("*.py"))
# Files with unusual syntax: every statement, pattern, f-string and scope CPython tests its own compiler with.
GRAMMAR_TESTS = [
    LIBRARY / "test" / f"test_{name}.py"
    for name in ("grammar", "patma", "fstring", "named_expressions", "scope", "syntax", "generators", "unpack_ex")
]


def existing_files() -> list[Path]:
    """The library's files and those grammar tests that the installation has."""
    return LIBRARY_FILES + [path for path in GRAMMAR_TESTS if path.is_file()]
