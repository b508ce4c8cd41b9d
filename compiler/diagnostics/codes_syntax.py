"""E01xx: source that is not Python, and Python that the language refuses for ever."""

from __future__ import annotations

from compiler.diagnostics.code_entry import CodeEntry

SYNTAX_CODES: tuple[CodeEntry, ...] = (
    CodeEntry(
        "E0101",
        "the source is not valid Python",
        "CPython's own parser rejects the file. Everything pyc compiles must first be Python.",
        wrong="def area(width: int, height: int) -> int\n    return width * height",
        right="def area(width: int, height: int) -> int:\n    return width * height",
    ),
)
