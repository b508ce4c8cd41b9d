"""The registry of stable codes: code, title, explanation with a wrong and a right program (`pyc --explain CODE`).

A code never changes its meaning and is never used again. Ranges: E01xx syntax and refusals, E02xx names and imports,
E03xx types, E04xx effects, E05xx constants, E06xx layout and machine, E07xx link, E08xx disk images, E09xx internal
and command line. One table per range lives in `codes_*.py`; this module joins them.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from compiler.diagnostics.code_entry import CodeEntry
from compiler.diagnostics.codes_build import COMMAND_CODES, IMAGE_CODES, LINK_CODES
from compiler.diagnostics.codes_effects import EFFECT_CODES
from compiler.diagnostics.codes_machine import CONSTANT_CODES, MACHINE_CODES
from compiler.diagnostics.codes_names import NAME_CODES
from compiler.diagnostics.codes_syntax import SYNTAX_CODES
from compiler.diagnostics.codes_types import STATEMENT_CODES, VALUE_CODES


def _joined(*tables: tuple[CodeEntry, ...]) -> Mapping[str, CodeEntry]:
    registry: dict[str, CodeEntry] = {}
    for table in tables:
        for entry in table:
            if entry.code in registry:
                raise ValueError(f"diagnostic code {entry.code} is given twice")
            registry[entry.code] = entry
    return MappingProxyType(registry)


CODES: Mapping[str, CodeEntry] = _joined(
    SYNTAX_CODES,
    NAME_CODES,
    VALUE_CODES,
    STATEMENT_CODES,
    EFFECT_CODES,
    CONSTANT_CODES,
    MACHINE_CODES,
    LINK_CODES,
    IMAGE_CODES,
    COMMAND_CODES,
)


def explain(code: str) -> str | None:
    """The text of `pyc --explain CODE`, or None for a code that does not exist."""
    entry = CODES.get(code.upper())
    return None if entry is None else entry.explanation_text()
