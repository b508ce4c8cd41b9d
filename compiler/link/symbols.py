"""Which definition each name means (gABI chapter 4, "Symbol Table" and "Section groups").

Rules: one strong definition per name, two are E0702; a strong one beats a common one, a common one beats a weak one;
of commons the largest size and the largest alignment win; of weak ones the first. A COMDAT group is kept from the first
object that brings it: members of later copies are dropped and their names become references to the kept ones.
Result: every object's `symbols` list points at shared `Symbol` values; `SymbolTable.by_name` holds the globals.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from compiler.formats import elf
from compiler.formats.elf import SectionFlag, SectionType, SymbolBinding, SymbolType
from compiler.link.errors import LinkError, LinkErrorCode
from compiler.link.object_file import UNPLACED, InputSection, ObjectFile, RawSymbol, Symbol, SymbolState

_RANK = {SymbolState.UNDEFINED: 0, SymbolState.DEFINED: 3, SymbolState.ABSOLUTE: 3, SymbolState.COMMON: 2}
_WEAK_RANK = 1


@dataclass(slots=True)
class SymbolTable:
    """The global names, in order of first appearance, and the .bss sections made of common symbols."""

    by_name: dict[str, Symbol] = field(default_factory=dict)
    common_sections: list[InputSection] = field(default_factory=list)


def resolve_symbols(objects: list[ObjectFile]) -> SymbolTable:
    """Fill `symbols` of every object; raise E0702 naming every name that is defined twice."""
    table = SymbolTable()
    duplicates: list[str] = []
    kept_groups: set[str] = set()
    for source in objects:
        _drop_repeated_groups(source, kept_groups)
        source.symbols = [_resolve_one(table, source, raw, duplicates) for raw in source.raw_symbols]
    if duplicates:
        raise LinkError(LinkErrorCode.DUPLICATE_SYMBOL, "\n".join(duplicates))
    for symbol in table.by_name.values():
        if symbol.state is SymbolState.COMMON:
            table.common_sections.append(_allocate_common(symbol, len(objects)))
    return table


def _drop_repeated_groups(source: ObjectFile, kept: set[str]) -> None:
    for group in source.groups:
        if group.signature in kept:
            for member in group.members:
                source.sections[member] = None
        kept.add(group.signature)


def _resolve_one(table: SymbolTable, source: ObjectFile, raw: RawSymbol, duplicates: list[str]) -> Symbol:
    found = _define(source, raw)
    if raw.binding == SymbolBinding.LOCAL:
        found.is_local = True
        return found
    known = table.by_name.setdefault(raw.name, found)
    if known is not found:
        _merge(known, found, duplicates)
    return known


def _define(source: ObjectFile, raw: RawSymbol) -> Symbol:
    symbol = Symbol(raw.name, is_weak=raw.binding == SymbolBinding.WEAK, kind=raw.kind, object_name=source.name)
    symbol.value, symbol.size = raw.value, raw.size
    if raw.section_index == -elf.SECTION_ABSOLUTE:
        symbol.state = SymbolState.ABSOLUTE
    elif raw.section_index == -elf.SECTION_COMMON:
        symbol.state = SymbolState.COMMON
    elif raw.section_index > 0 and (section := source.sections[raw.section_index]) is not None:
        symbol.state, symbol.section = SymbolState.DEFINED, section
    return symbol


def _rank(symbol: Symbol) -> int:
    defined = symbol.state in (SymbolState.DEFINED, SymbolState.ABSOLUTE)
    return _WEAK_RANK if symbol.is_weak and defined else _RANK[symbol.state]


def _merge(known: Symbol, found: Symbol, duplicates: list[str]) -> None:
    old, new = _rank(known), _rank(found)
    if old == new == _RANK[SymbolState.DEFINED]:
        duplicates.append(f"symbol {known.name} is defined in {known.object_name} and in {found.object_name}")
    elif known.state is found.state is SymbolState.COMMON:
        known.size, known.value = max(known.size, found.size), max(known.value, found.value)
    elif new > old:
        known.state, known.is_weak, known.kind = found.state, found.is_weak, found.kind
        known.section, known.value, known.size = found.section, found.value, found.size
        known.object_name = found.object_name
    elif known.state is found.state is SymbolState.UNDEFINED:
        known.is_weak = known.is_weak and found.is_weak  # one strong reference makes the name required


def _allocate_common(symbol: Symbol, object_index: int) -> InputSection:
    """A common symbol nobody defined is zeroed memory; its value was the alignment (gABI, SHN_COMMON)."""
    alignment = symbol.value or 1
    if alignment & (alignment - 1):
        message = f"{symbol.object_name}: common symbol {symbol.name} asks for alignment {alignment}"
        raise LinkError(LinkErrorCode.MALFORMED_OBJECT, message)
    section = InputSection(
        object_index=object_index,
        object_name=symbol.object_name,
        name=f".bss.{symbol.name}",
        type=SectionType.NOBITS,
        flags=SectionFlag.ALLOC | SectionFlag.WRITE,
        alignment=alignment,
        size=symbol.size,
        entry_size=0,
        data=b"",
    )
    symbol.state, symbol.section, symbol.value, symbol.kind = SymbolState.DEFINED, section, 0, SymbolType.OBJECT
    symbol.address = UNPLACED
    return section
