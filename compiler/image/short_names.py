"""Long names → FAT directory names: the 8.3 alias, the lower-case bits, and whether long entries are needed.

A name that is 8.3 once its case is ignored, and whose base and extension are each wholly upper or wholly lower case,
needs no long entries: DIR_NTRes says how to show it (`hello` is HELLO with bit 0x08), as Windows and Linux write it.
Any other name gets long entries and an alias: 8.3 in mixed case keeps its upper-case form, the rest gets the basis
name of the FAT specification ("The Basis-Name Generation Algorithm") with a numeric tail `~1`, `~2`, … that is unique
in its directory.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from compiler.formats.fat import LowerCase

_SHORT_CHARACTERS = r"A-Z0-9$%'\-_@~`!(){}^#&"
_SHORT_NAME = re.compile(rf"([{_SHORT_CHARACTERS}]{{1,8}})(?:\.([{_SHORT_CHARACTERS}]{{1,3}}))?")
_NOT_SHORT = re.compile(rf"[^{_SHORT_CHARACTERS}]")


@dataclass(frozen=True, slots=True)
class ShortName:
    """What the 32-byte entry says: eleven bytes, the lower-case bits, and whether long entries precede it."""

    name: bytes
    lower_case: LowerCase
    needs_long_entries: bool


def assign_short_names(names: Iterable[str]) -> dict[str, ShortName]:
    """Short names for all names of one directory. Names that are 8.3 by themselves come first and never lose theirs."""
    names = list(names)
    assigned = {name: short for name in names if (short := _own_short_name(name)) is not None}
    taken = {short.name for short in assigned.values()}
    numbers: dict[bytes, int] = {}
    for name in names:
        if name not in assigned:
            alias = _alias(name, taken, numbers)
            taken.add(alias)
            assigned[name] = ShortName(alias, LowerCase(0), True)
    return assigned


def _own_short_name(name: str) -> ShortName | None:
    if not name.isascii() or (match := _SHORT_NAME.fullmatch(name.upper())) is None:
        return None
    stem, _, extension = name.partition(".")
    packed = _pack(match[1], match[2] or "")
    if _is_mixed(stem) or _is_mixed(extension):
        return ShortName(packed, LowerCase(0), True)
    bits = LowerCase.BASE if stem != stem.upper() else LowerCase(0)
    if extension != extension.upper():
        bits |= LowerCase.EXTENSION
    return ShortName(packed, bits, False)


def _is_mixed(text: str) -> bool:
    return text not in (text.upper(), text.lower())


def _pack(stem: str, extension: str) -> bytes:
    return f"{stem:<8}{extension:<3}".encode("ascii")


def _alias(name: str, taken: set[bytes], numbers: dict[bytes, int]) -> bytes:
    """`numbers` remembers the last tail of each basis, so that many similar names do not search each time."""
    stem, extension = _basis(name)
    basis = _pack(stem[:6], extension)
    while True:
        numbers[basis] = numbers.get(basis, 0) + 1
        tail = f"~{numbers[basis]}"
        alias = _pack(stem[: 8 - len(tail)] + tail, extension)
        if alias not in taken:
            return alias


def _basis(name: str) -> tuple[str, str]:
    """Upper case without spaces, the last dot divides, other dots vanish, what 8.3 lacks becomes `_`."""
    text = name.upper().replace(" ", "").lstrip(".")
    stem, _, extension = text.rpartition(".") if "." in text else (text, "", "")
    stem = _NOT_SHORT.sub("_", stem.replace(".", ""))
    return stem or "_", _NOT_SHORT.sub("_", extension)[:3]
