"""E05xx: constants and what is computed at compile time. E06xx: what the machine sets bounds to."""

from __future__ import annotations

from compiler.diagnostics.code_entry import CodeEntry

CONSTANT_CODES: tuple[CodeEntry, ...] = (
    CodeEntry(
        "E0501",
        "a constant that its type cannot hold",
        "An int has 64 bits and a sign; the widths are as wide as their names say.",
        wrong="print(9223372036854775808)",
        right="print(9223372036854775807)",
    ),
    CodeEntry(
        "E0502",
        "an initial value that cannot be computed at compile time",
        """
        Kernel modules, UEFI applications and class bodies run no code when they are imported: every initial value is
        a constant, an array, a list of constants, or an instance whose `__init__` computes from constants.
        """,
    ),
)

MACHINE_CODES: tuple[CodeEntry, ...] = (
    CodeEntry(
        "E0604",
        "a stack frame over the target's limit",
        """
        A kernel stack is small and bounded by a guard page, which a large frame could step over. In the kernel no frame
        is larger than 1 KiB after optimisation; large data belongs into a module-level array or onto the heap.
        """,
    ),
)
