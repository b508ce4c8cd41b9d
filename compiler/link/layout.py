"""Which section goes where.

Parts in order: text, rodata, relro, data, bss. Inside a part: order of the objects, then of their sections, with
sections named by C identifiers last, grouped by name. All places are *image offsets*.

    ELF   0x0000 text | R: rodata, relro | RW: data, bss      the file page of two neighbours may be shared, so each
                                                               segment starts on a new page at its file offset mod 4096;
                                                               little data lies behind the headers in file page 0
    PE    0x0000 headers | 0x1000 text | rodata | relro | data, bss      every part starts on a new page

Relro holds read-only data that contains addresses. An ELF needs no relocation, so its relro is read-only from the
start. Linker-defined symbols get their addresses here too; after `lay_out` every live symbol has one.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from compiler.formats.elf import SectionFlag, SectionType
from compiler.link import linker_symbols as names
from compiler.link.errors import LinkError, LinkErrorCode
from compiler.link.linker_symbols import Role
from compiler.link.object_file import (
    PAGE_SIZE,
    ImageKind,
    InputSection,
    LinkOptions,
    ObjectFile,
    Symbol,
    SymbolState,
)
from compiler.link.requirements import Requirements
from compiler.link.symbols import SymbolTable

RELOCATION_TABLE_SECTION = ".rodata..relocations"
LINE_TABLE_SECTION = ".rodata..pyc.lines"
GOT_SECTION = ".data.rel.ro..got"
_TABLE_ENDS = {
    RELOCATION_TABLE_SECTION: (names.RELOCATIONS_START, names.RELOCATIONS_END),
    LINE_TABLE_SECTION: (names.LINE_TABLE_START, names.LINE_TABLE_END),
}

_ELF_TEXT_FILE_OFFSET = PAGE_SIZE  # file page 0 holds the headers, which are not mapped, and little data
_ELF_HEADERS_SIZE = 64 + 4 * 56  # the file header, and program headers for three segments and the stack
_PE_TEXT_OFFSET = PAGE_SIZE  # headers occupy the first page of the image
_LARGEST_IMAGE = 1 << 31  # bytes: what 32-bit distances and the top 2 GiB of the address space allow


@dataclass(slots=True)
class Part:
    """One output section: placed input sections in order of address."""

    role: Role
    sections: list[InputSection] = field(default_factory=list)
    offset: int = 0  # image offset
    file_offset: int = 0  # meaningful for ELF only
    size: int = 0
    alignment: int = 1

    @property
    def end(self) -> int:
        return self.offset + self.size


@dataclass(slots=True)
class DebugSection:
    """All `.debug_NAME` sections of the inputs, one after the other; addresses in it are offsets from its start."""

    name: str
    flags: int
    entry_size: int
    sections: list[InputSection] = field(default_factory=list)
    size: int = 0


@dataclass(slots=True)
class Layout:
    """The whole image."""

    parts: dict[Role, Part]
    debug: dict[str, DebugSection]

    @property
    def end(self) -> int:
        return self.parts[Role.BSS].end


def lay_out(
    sections: list[InputSection], debug: list[InputSection], needs: Requirements, options: LinkOptions
) -> Layout:
    """Place the live allocated sections and the debug sections."""
    parts = {role: Part(role) for role in Role}
    with_addresses = {section.name for section in needs.sections_with_addresses if section.name.isidentifier()}
    for section in sorted(sections, key=lambda s: s.name if s.name.isidentifier() else ""):
        holds_addresses = section in needs.sections_with_addresses or section.name in with_addresses
        parts[_role_of(section, holds_addresses)].sections.append(section)
    for part in parts.values():
        part.alignment = max((section.alignment for section in part.sections), default=1)
    if options.kind is ImageKind.LINUX_ELF:
        _place_elf(parts)
    else:
        _place_pe(parts)
    if parts[Role.BSS].end >= _LARGEST_IMAGE:
        raise LinkError(
            LinkErrorCode.IMAGE_LIMIT, f"the image would take {parts[Role.BSS].end} bytes, the limit is 2 GiB"
        )
    return Layout(parts, _lay_out_debug(debug))


def _role_of(section: InputSection, holds_addresses: bool) -> Role:
    if section.flags & SectionFlag.EXECINSTR:
        return Role.TEXT
    if section.type == SectionType.NOBITS:
        return Role.BSS
    if section.flags & SectionFlag.WRITE:
        is_relro = section.name == ".data.rel.ro" or section.name.startswith(".data.rel.ro.")
        return Role.RELRO if is_relro else Role.DATA
    return Role.RELRO if holds_addresses else Role.RODATA


def _place_elf(parts: dict[Role, Part]) -> None:
    text, rodata = parts[Role.TEXT], parts[Role.RODATA]
    text.file_offset = _ELF_TEXT_FILE_OFFSET
    _fill(text, 0)
    for first, second in ((rodata, parts[Role.RELRO]), (parts[Role.DATA], parts[Role.BSS])):
        before = text if first is rodata else parts[Role.RELRO]
        _start_segment(first, before, max(first.alignment, second.alignment))
        _fill(first, first.offset)
        second.file_offset = first.file_offset + first.size
        _fill(second, _align(first.end, second.alignment))
        second.file_offset += second.offset - first.end


def _start_segment(part: Part, before: Part, alignment: int) -> None:
    """A new page in memory at the same offset within the page as in the file (gABI chapter 5: p_vaddr ≡ p_offset)."""
    part.file_offset = _align(before.file_offset + before.size, min(alignment, PAGE_SIZE))
    if part.role is Role.DATA and _fits_behind_headers(part, alignment):
        part.file_offset = _align(_ELF_HEADERS_SIZE, alignment)
    next_page = _align(before.end, PAGE_SIZE)
    part.offset = next_page + part.file_offset % PAGE_SIZE
    if alignment > PAGE_SIZE:
        part.file_offset = _align(part.file_offset, PAGE_SIZE)
        part.offset = _align(next_page, alignment)


def _fits_behind_headers(part: Part, alignment: int) -> bool:
    """Whether the first page of the file, which only the headers use, has room: small programs have little data."""
    end = _align(_ELF_HEADERS_SIZE, alignment)
    for section in part.sections:
        end = _align(end, section.alignment) + section.size
    return alignment <= PAGE_SIZE and end <= _ELF_TEXT_FILE_OFFSET


def _place_pe(parts: dict[Role, Part]) -> None:
    offset = _PE_TEXT_OFFSET
    for part in parts.values():
        if part.alignment > PAGE_SIZE:
            section = max(part.sections, key=lambda s: s.alignment)
            message = f"{section.object_name}: {section.name} asks for alignment {section.alignment}, a PE gives 4096"
            raise LinkError(LinkErrorCode.IMAGE_LIMIT, message)
        # .bss continues .data in one PE section; every other part has a section, hence pages, of its own.
        offset = _align(offset, part.alignment if part.role is Role.BSS else PAGE_SIZE)
        _fill(part, offset)
        offset = part.end


def _fill(part: Part, offset: int) -> None:
    part.offset = offset
    for section in part.sections:
        offset = _align(offset, section.alignment)
        section.address = offset
        offset += section.size
    part.size = offset - part.offset


def _align(value: int, alignment: int) -> int:
    return value + (-value % alignment)


def _lay_out_debug(sections: list[InputSection]) -> dict[str, DebugSection]:
    outputs: dict[str, DebugSection] = {}
    for section in sections:
        output = outputs.setdefault(section.name, DebugSection(section.name, section.flags, section.entry_size))
        output.size = _align(output.size, section.alignment)
        section.address = output.size
        output.size += section.size
        output.sections.append(section)
    return outputs


def assign_symbol_addresses(layout: Layout, table: SymbolTable, objects: list[ObjectFile]) -> None:
    """Give every symbol of a placed section, and every linker-defined name, its address."""
    for source in objects:
        for symbol in source.symbols:
            _assign(symbol)
    values = _linker_values(layout)
    for symbol in table.by_name.values():
        if symbol.state is SymbolState.LINKER and symbol.name in values:
            symbol.address = values[symbol.name]


def _assign(symbol: Symbol) -> None:
    section = symbol.section
    if section is None:
        if symbol.is_absolute:
            symbol.address = symbol.value if symbol.state is SymbolState.ABSOLUTE else 0
    elif section.merged is not None:
        symbol.address = section.merged.target.address + section.merged.translate(symbol.value)
    elif section.is_live:
        symbol.address = section.address + symbol.value


def _linker_values(layout: Layout) -> dict[str, int]:
    values = {names.IMAGE_START: 0, names.IMAGE_END: layout.end, names.GLOBAL_OFFSET_TABLE: 0}
    for role, part in layout.parts.items():
        values[f"__{role.value}_start"], values[f"__{role.value}_end"] = part.offset, part.end
        for section in part.sections:
            if section.name.isidentifier():
                values.setdefault(names.START_PREFIX + section.name, section.address)
                values[names.STOP_PREFIX + section.name] = section.address + section.size
            if section.name == GOT_SECTION:
                values[names.GLOBAL_OFFSET_TABLE] = section.address
            if section.name in _TABLE_ENDS:
                start, end = _TABLE_ENDS[section.name]
                values[start], values[end] = section.address, section.address + section.size
    return values
