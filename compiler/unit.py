"""One unit of a program ready for LLVM. A noun of its own: making it and compiling it are different work."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UnitText:
    """One unit ready for LLVM; `key` names its object in the cache."""

    name: str
    text: str
    key: str
