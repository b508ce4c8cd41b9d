"""Keep what the entry needs, drop the rest.

Roots: the entry symbol, the symbols the caller names, and sections flagged SHF_GNU_RETAIN (what `llvm.used` becomes).
A live section keeps every section its relocations reach; a reference to `__start_NAME` keeps all sections called
NAME. Debug sections are not roots: a debug section is carried, but what only it refers to stays dropped.
"""

from __future__ import annotations

from collections.abc import Iterable

from compiler.formats.elf import SectionFlag
from compiler.link.errors import LinkError, LinkErrorCode
from compiler.link.linker_symbols import START_PREFIX, STOP_PREFIX, identifier_sections
from compiler.link.object_file import InputSection, LinkOptions, ObjectFile, Symbol, SymbolState
from compiler.link.symbols import SymbolTable


def mark_live_sections(objects: list[ObjectFile], table: SymbolTable, options: LinkOptions) -> list[InputSection]:
    """Set `is_live` and give the live allocated sections in the order of the input; commons come last."""
    sections = [s for source in objects for s in source.sections if s is not None and s.is_allocated]
    sections += table.common_sections
    entry = find_entry(table, options)
    if not options.collect_garbage:
        for section in sections:
            section.is_live = True
    else:
        _spread([*_roots(sections, table, options), entry], objects)
    return [section for section in sections if section.is_live]


def find_entry(table: SymbolTable, options: LinkOptions) -> InputSection:
    """The section of the entry symbol, or E0707."""
    symbol = table.by_name.get(options.entry_symbol)
    if symbol is None or symbol.section is None:
        raise LinkError(LinkErrorCode.BAD_ENTRY, f"no object defines the entry symbol {options.entry_symbol}")
    if not symbol.section.flags & SectionFlag.EXECINSTR:
        raise LinkError(LinkErrorCode.BAD_ENTRY, f"the entry symbol {options.entry_symbol} is not executable code")
    return symbol.section


def _roots(sections: list[InputSection], table: SymbolTable, options: LinkOptions) -> Iterable[InputSection]:
    yield from (section for section in sections if section.flags & SectionFlag.GNU_RETAIN)
    for name in options.keep_symbols:
        symbol = table.by_name.get(name)
        if symbol is None or symbol.state is SymbolState.UNDEFINED:
            message = f"no object defines the symbol {name}, which was to be kept"
            raise LinkError(LinkErrorCode.UNDEFINED_SYMBOL, message)
        if symbol.section is not None:
            yield symbol.section


def _spread(roots: list[InputSection], objects: list[ObjectFile]) -> None:
    by_identifier = identifier_sections(objects)
    pending = list(roots)
    while pending:
        section = pending.pop()
        if section.is_live:
            continue
        section.is_live = True
        if not section.relocations:
            continue
        symbols = objects[section.object_index].symbols
        for _, info, _ in section.relocations:
            symbol = symbols[info >> 32]
            if symbol.section is not None:
                if not symbol.section.is_live:
                    pending.append(symbol.section)
            elif symbol.state is SymbolState.LINKER:
                pending.extend(_identifier_members(symbol, by_identifier))


def _identifier_members(symbol: Symbol, by_identifier: dict[str, list[InputSection]]) -> list[InputSection]:
    for prefix in (START_PREFIX, STOP_PREFIX):
        if symbol.name.startswith(prefix):
            return by_identifier.get(symbol.name[len(prefix) :], [])
    return []
