"""E02xx: names and imports."""

from __future__ import annotations

from compiler.diagnostics.code_entry import CodeEntry

NAME_CODES: tuple[CodeEntry, ...] = (
    CodeEntry(
        "E0201",
        "a name is not defined",
        "The name is bound nowhere in this function, in the functions around it, in the module or among the builtins.",
        wrong="total = 1\nprint(totl)",
        right="total = 1\nprint(total)",
    ),
)
