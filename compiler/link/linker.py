"""The link in order: read, resolve, mark, merge, require, place, relocate, write.

`link_program` is the stage's one public function. What holds after each step is said beside it. Sections that the
linker makes itself (global offset table, relocation table, line table) are ordinary input sections of an object
called `<linker>`, so that layout, map and relocation treat them like all others.
"""

from __future__ import annotations

from collections.abc import Callable

from compiler.formats.elf import SectionFlag, SectionType, SymbolType
from compiler.link import linker_symbols as names
from compiler.link.collect import mark_live_sections
from compiler.link.errors import LinkError, LinkErrorCode
from compiler.link.layout import (
    GOT_SECTION,
    LINE_TABLE_SECTION,
    RELOCATION_TABLE_SECTION,
    Layout,
    assign_symbol_addresses,
    lay_out,
)
from compiler.link.line_table import LineTable, build_line_table
from compiler.link.linker_symbols import Role, define_linker_symbols
from compiler.link.map_file import write_map
from compiler.link.merge_strings import merge_sections
from compiler.link.object_file import (
    UNPLACED,
    ImageKind,
    ImageSymbol,
    InputObject,
    InputSection,
    LinkedImage,
    LinkOptions,
    ObjectFile,
    Symbol,
    SymbolState,
)
from compiler.link.read_elf import read_object
from compiler.link.relocate import relocate
from compiler.link.requirements import Requirements, find_requirements
from compiler.link.symbols import SymbolTable, resolve_symbols
from compiler.link.write_elf import SymbolEntry, write_elf
from compiler.link.write_pe import write_pe

_DEFAULT_BASE = {ImageKind.LINUX_ELF: 0x40_0000, ImageKind.UEFI_PE: 0x1_4000_0000, ImageKind.KERNEL_PE: 0}
_LINKER_OBJECT = "<linker>"


def link_program(objects: list[InputObject], options: LinkOptions) -> LinkedImage:
    """Link the objects, in the order given, to one image; raise `LinkError` for every fault of the input."""
    files = [read_object(source, index) for index, source in enumerate(objects)]
    table = resolve_symbols(files)  # every name has one meaning
    base = _base_of(options)
    run_time_base = options.virtual_base if options.kind is ImageKind.KERNEL_PE else base
    define_linker_symbols(table, files, run_time_base)
    live = mark_live_sections(files, table, options)  # what the entry needs
    live = merge_sections(live)
    needs = find_requirements(live, files, options.kind)  # nothing is undefined, every relocation is known
    synthetic = _Synthetic(live, files, table, needs, options.display_name)
    debug = _live_debug(files, options)
    layout = lay_out(live + synthetic.sections, debug, needs, options)
    assign_symbol_addresses(layout, table, files)  # every place is known
    synthetic.finish()
    entries = _symbol_entries(layout, files, table, run_time_base)
    return _write(layout, files, table, needs, synthetic.got, options, entries)


def _base_of(options: LinkOptions) -> int:
    base = _DEFAULT_BASE[options.kind] if options.base_address is None else options.base_address
    for name, value in (("base address", base), ("virtual base", options.virtual_base)):
        if value % 4096 or not 0 <= value < 1 << 64:
            raise LinkError(LinkErrorCode.IMAGE_LIMIT, f"the {name} {value:#x} is not a page address")
    return base


def _live_debug(files: list[ObjectFile], options: LinkOptions) -> list[InputSection]:
    """The debug sections that will be written: in an unstripped ELF, or in the twin of a PE."""
    wanted = options.debug_file if options.kind is not ImageKind.LINUX_ELF else not options.strip
    if not wanted:
        return []
    sections = [s for source in files for s in source.sections if s is not None and s.is_debug]
    for section in sections:
        section.is_live = True
    return merge_sections(sections)


class _Synthetic:
    """The sections that the linker makes; sizes are known before layout, contents after."""

    def __init__(
        self,
        live: list[InputSection],
        files: list[ObjectFile],
        table: SymbolTable,
        needs: Requirements,
        display_name: Callable[[str], str],
    ) -> None:
        self.sections: list[InputSection] = []
        self.object_index = len(files)
        self.got: InputSection | None = None
        self.line_table: LineTable | None = None
        if needs.got_slots:
            self.got = self._add(GOT_SECTION, 8 * len(needs.got_slots), 8, SectionFlag.WRITE)
        if _is_wanted(table, names.RELOCATIONS_START, names.RELOCATIONS_END):
            self._add(RELOCATION_TABLE_SECTION, 4 * needs.address_word_count(), 4)
        if _is_wanted(table, names.LINE_TABLE_START, names.LINE_TABLE_END):
            self.line_table = build_line_table(files, live, display_name)
            self.lines = self._add(LINE_TABLE_SECTION, self.line_table.size, 8)

    def _add(self, name: str, size: int, alignment: int, flags: int = 0) -> InputSection:
        section = InputSection(
            object_index=self.object_index,
            object_name=_LINKER_OBJECT,
            name=name,
            type=SectionType.PROGBITS,
            flags=SectionFlag.ALLOC | flags,
            alignment=alignment,
            size=size,
            entry_size=0,
            data=b"",
            is_live=True,
        )
        self.sections.append(section)
        return section

    def finish(self) -> None:
        """Contents that depend on addresses, but not on the base."""
        if self.line_table is not None:
            self.lines.data = self.line_table.emit()


def _is_wanted(table: SymbolTable, *symbol_names: str) -> bool:
    found = (table.by_name.get(name) for name in symbol_names)
    return any(symbol is not None and symbol.state is SymbolState.LINKER for symbol in found)


def _symbol_entries(layout: Layout, files: list[ObjectFile], table: SymbolTable, base: int) -> list[SymbolEntry]:
    """Every symbol with a place and a name, by address; assembler-local `.L` names are left out."""
    symbols = [s for source in files for s in source.symbols if s.is_local]
    symbols += table.by_name.values()
    entries = []
    for symbol in symbols:
        nameless = not symbol.name or symbol.name.startswith(".L") or symbol.kind in _UNNAMED_KINDS
        if nameless or symbol.address == UNPLACED or symbol.state is SymbolState.UNDEFINED:
            continue
        if symbol.section is not None and symbol.section.is_debug:
            continue
        entries.append(_symbol_entry(layout, symbol, base))
    entries.sort(key=lambda entry: (entry.image_symbol.address, entry.image_symbol.name))
    return entries


_UNNAMED_KINDS = (SymbolType.SECTION, SymbolType.FILE)


def _symbol_entry(layout: Layout, symbol: Symbol, base: int) -> SymbolEntry:
    role = None if symbol.is_absolute else _role_at(layout, symbol)
    address = symbol.address if symbol.is_absolute else base + symbol.address
    shown = role.value if role is not None else "absolute"
    is_function = symbol.kind == SymbolType.FUNC
    return SymbolEntry(
        symbol, ImageSymbol(symbol.name, address, symbol.size, shown, symbol.object_name, is_function), role
    )


def _role_at(layout: Layout, symbol: Symbol) -> Role:
    """The part that holds the symbol; a name for an end belongs to the last part that reaches it."""
    for role, part in layout.parts.items():
        if part.offset <= symbol.address < part.end:
            return role
    for role, part in layout.parts.items():
        if part.size and symbol.address == part.end:
            return role
    return Role.TEXT


def _write(
    layout: Layout,
    files: list[ObjectFile],
    table: SymbolTable,
    needs: Requirements,
    got: InputSection | None,
    options: LinkOptions,
    entries: list[SymbolEntry],
) -> LinkedImage:
    base = _base_of(options)
    entry = table.by_name[options.entry_symbol].address
    is_elf = options.kind is ImageKind.LINUX_ELF
    image = relocate(layout, files, needs, got, base, with_debug=is_elf and not options.strip)
    run_time_base = options.virtual_base if options.kind is ImageKind.KERNEL_PE else base
    symbols = tuple(entry.image_symbol for entry in entries)
    map_text = write_map(layout, symbols, run_time_base, run_time_base + entry)
    if is_elf:
        data = write_elf(layout, image, base + entry, entries, strip=options.strip)
        return LinkedImage(data, map_text, symbols)
    data = write_pe(layout, image, entry, options.kind)
    twin = None
    if options.debug_file:
        image = relocate(layout, files, needs, got, run_time_base, with_debug=True)
        twin = write_elf(layout, image, run_time_base + entry, entries, strip=False)
    return LinkedImage(data, map_text, symbols, twin)
