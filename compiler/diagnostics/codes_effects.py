"""E04xx: effects that a declaration forbids."""

from __future__ import annotations

from compiler.diagnostics.code_entry import CodeEntry

EFFECT_CODES: tuple[CodeEntry, ...] = (
    CodeEntry(
        "E0401",
        "a function declared @no_raise may raise",
        """
        Functions that assembly, firmware or hardware call have nobody above them to catch an exception. The notes
        show the chain of calls to the `raise`. Defects (overflow, a bad index) panic there and are not counted.
        """,
        right="from runtime.lang import no_raise\n\n@no_raise\ndef tick(count: int) -> int:\n    return 0",
    ),
    CodeEntry(
        "E0402",
        "a function declared @no_alloc may allocate",
        "In an interrupt the heap may be half changed. The notes show the chain of calls to the allocation.",
    ),
    CodeEntry(
        "E0403",
        "a function declared @no_block may block",
        "Waiting in an interrupt or under a spin lock stops the machine. The notes show the chain of calls.",
    ),
)
