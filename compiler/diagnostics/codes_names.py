"""E02xx: names and imports."""

from __future__ import annotations

from compiler.diagnostics.code_entry import CodeEntry

NAME_CODES: tuple[CodeEntry, ...] = (
    CodeEntry(
        "E0201",
        "a name is not defined",
        """
        The name is bound nowhere: not in this function, not in the functions around it, not in the module, and it is
        no builtin. CPython would raise NameError when the line is reached.
        """,
        wrong="total = 1\nprint(totl)",
        right="total = 1\nprint(total)",
    ),
    CodeEntry(
        "E0202",
        "a module is not found",
        """
        Modules are looked for beside the program, then in pyc's standard library and its `runtime` package. All
        modules are linked into the program, so a missing one is an error even where CPython would catch ImportError.
        """,
        wrong="import maths",
        right="import math",
    ),
    CodeEntry(
        "E0203",
        "a module does not have the imported name",
        "The module binds no such name at its top level and has no submodule so called.",
        wrong="from typing import Protocl",
        right="from typing import Protocol",
    ),
    CodeEntry(
        "E0204",
        "a relative import goes beyond the top-level package",
        "Each leading dot goes up one package. A program started as a script is in no package at all.",
        wrong="from .settings import width",
        right="from settings import width",
    ),
    CodeEntry(
        "E0205",
        "a source file cannot be read",
        "The file exists where the module is looked for, but the operating system does not let it be read.",
    ),
    CodeEntry(
        "E0206",
        "a file takes the name of a module that is needed",
        """
        A file beside the program has the name of pyc's `runtime` package, or of a standard module that pyc's own
        library imports, and so would take its place.
        """,
        wrong="import runtime  # with a file runtime.py beside the program",
        right="import running  # after renaming the file to running.py",
    ),
    CodeEntry(
        "E0207",
        "a name that only type checkers see is used as a value",
        """
        What stands under `if TYPE_CHECKING:` never runs, so its names exist in annotations only, and only in those
        that are not evaluated: all of them after `from __future__ import annotations`, and quoted ones.
        """,
        wrong="from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from enum import Enum\n\nprint(Enum)",
        right="from enum import Enum\n\nprint(Enum)",
    ),
    CodeEntry(
        "E0208",
        "a module needs an operating system where there is none",
        "A kernel and a UEFI application run on the bare machine: there is nobody to answer a system call.",
        wrong="import os\n\n\ndef main() -> None:\n    print(os.getpid())",
        right="def main() -> None:\n    print('no processes here')",
    ),
)
