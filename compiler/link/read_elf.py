"""ELF relocatable bytes → `ObjectFile`.

Contract: every offset, index and count of the input is checked here, so later steps index without fear; a fault is
E0706 with the object's name. Sections that the link does not carry (symbol and string tables, notes, `.eh_frame`,
`.comment`) become None. The tables are read with `struct.iter_unpack`: a header library that builds an object per
relocation takes tens of microseconds for each, and a kernel has many thousands; the tests let such a library judge.
"""

from __future__ import annotations

from dataclasses import dataclass
from struct import iter_unpack
from typing import NoReturn

from compiler.formats import elf
from compiler.formats.elf import SectionFlag, SectionType, SymbolBinding
from compiler.link.errors import LinkError, LinkErrorCode
from compiler.link.object_file import InputObject, InputSection, ObjectFile, RawSymbol, SectionGroup

_CONSTRUCTOR_TYPES = frozenset({SectionType.INIT_ARRAY, SectionType.FINI_ARRAY, SectionType.PREINIT_ARRAY})
_LARGEST_ALIGNMENT = 1 << 21

# Plain ints: the operators of IntFlag are ten times slower, and these meet every section.
_ALLOC, _EXCLUDE = int(SectionFlag.ALLOC), int(SectionFlag.EXCLUDE)
_TLS, _COMPRESSED = int(SectionFlag.TLS), int(SectionFlag.COMPRESSED)
_WRITABLE_CODE = int(SectionFlag.WRITE | SectionFlag.EXECINSTR)


@dataclass(frozen=True, slots=True)
class _Header:
    """A section header with its name looked up (gABI figure 4-8)."""

    name: str
    type: int
    flags: int
    offset: int
    size: int
    link: int
    info: int
    alignment: int
    entry_size: int


class _Reader:
    """The state of reading one object: its bytes and its section headers."""

    def __init__(self, source: InputObject, index: int) -> None:
        self.name = source.name
        self.index = index
        self.data = memoryview(source.data)
        self.headers = self._read_headers()

    def refuse(self, reason: str, code: LinkErrorCode = LinkErrorCode.MALFORMED_OBJECT) -> NoReturn:
        raise LinkError(code, f"{self.name}: {reason}")

    def _read_headers(self) -> list[_Header]:
        count, offset, name_table = self._read_file_header()
        table = self.slice(offset, count * elf.SECTION_HEADER.size, "section header table")
        rows = list(elf.SECTION_HEADER.iter_unpack(table))
        if not 0 < name_table < count:
            self.refuse("section name table index is out of range")
        names = bytes(self.slice(rows[name_table][4], rows[name_table][5], "section name table"))
        return [
            _Header(self.text(names, row[0]), row[1], row[2], row[4], row[5], row[6], row[7], row[8], row[9])
            for row in rows
        ]

    def _read_file_header(self) -> tuple[int, int, int]:
        if len(self.data) < elf.FILE_HEADER.size:
            self.refuse("not an ELF file (too short)")
        (identity, file_type, machine, _, _, _, table_offset, _, _, _, _, entry_size, count, name_table) = (
            elf.FILE_HEADER.unpack_from(self.data)
        )
        expected = elf.MAGIC + bytes((elf.CLASS_64, elf.DATA_LITTLE_ENDIAN, elf.VERSION_CURRENT))
        if identity[:7] != expected:
            self.refuse("not a little-endian ELF64 file")
        if machine != elf.MACHINE_X86_64 or file_type != elf.FileType.RELOCATABLE:
            self.refuse("not a relocatable object for x86-64")
        if entry_size != elf.SECTION_HEADER.size:
            self.refuse("section headers have an unknown size")
        if count == 0 or name_table == elf.SECTION_EXTENDED:
            count, name_table = self._read_extended_counts(table_offset, count, name_table)
        return count, table_offset, name_table

    def _read_extended_counts(self, table_offset: int, count: int, name_table: int) -> tuple[int, int]:
        """More than 0xFF00 sections: the real numbers stand in section header 0 (gABI, e_shnum and e_shstrndx)."""
        first = elf.SECTION_HEADER.unpack(self.slice(table_offset, elf.SECTION_HEADER.size, "section header table"))
        return count or first[5], first[6] if name_table == elf.SECTION_EXTENDED else name_table

    def slice(self, offset: int, size: int, what: str) -> memoryview:
        if offset + size > len(self.data):
            self.refuse(f"{what} lies outside the file")
        return self.data[offset : offset + size]

    def text(self, table: bytes, offset: int) -> str:
        end = table.find(0, offset)
        if offset >= len(table) or end < 0:
            self.refuse("a name lies outside its string table")
        return table[offset:end].decode("utf-8", "surrogateescape")

    def table_of(self, index: int, kind: SectionType) -> _Header:
        if not 0 < index < len(self.headers) or self.headers[index].type != kind:
            self.refuse(f"a section refers to section {index}, which is not of type {kind.name}")
        return self.headers[index]

    def contents(self, header: _Header) -> memoryview:
        return self.slice(header.offset, header.size, f"section {header.name}")

    def rows(self, header: _Header, layout: str, size: int) -> list[tuple[int, ...]]:
        if header.size % size:
            self.refuse(f"section {header.name} is not a whole number of entries")
        return list(iter_unpack(layout, self.contents(header)))


def read_object(source: InputObject, index: int) -> ObjectFile:
    """Check and read one object; `index` is its place among the inputs."""
    reader = _Reader(source, index)
    sections = [_read_section(reader, header) for header in reader.headers]
    symbols = _read_symbols(reader)
    for header in reader.headers:
        if header.type == SectionType.RELA:
            _read_relocations(reader, header, sections, len(symbols))
        elif header.type == SectionType.REL and header.size:
            reader.refuse(f"section {header.name}: relocations without addends are not used on x86-64")
    return ObjectFile(source.name, index, sections, symbols, _read_groups(reader, symbols))


def _read_section(reader: _Reader, header: _Header) -> InputSection | None:
    if not _is_carried(header):
        return None
    _check_features(reader, header)
    alignment = header.alignment or 1
    if alignment & (alignment - 1) or alignment > _LARGEST_ALIGNMENT:
        reader.refuse(f"section {header.name} asks for alignment {alignment}")
    data = memoryview(b"") if header.type == SectionType.NOBITS else reader.contents(header)
    return InputSection(
        reader.index,
        reader.name,
        header.name,
        header.type,
        header.flags,
        alignment,
        header.size,
        header.entry_size,
        data,
    )


def _is_carried(header: _Header) -> bool:
    if header.flags & _EXCLUDE or header.type in (SectionType.NOTE, SectionType.X86_64_UNWIND):
        return False
    if header.flags & _ALLOC:
        return header.name != ".eh_frame"
    return header.type == SectionType.PROGBITS and header.name.startswith(".debug_")


def _check_features(reader: _Reader, header: _Header) -> None:
    if header.flags & _TLS:
        reader.refuse(f"section {header.name} is thread-local", LinkErrorCode.UNSUPPORTED_FEATURE)
    if header.flags & _COMPRESSED:
        reader.refuse(f"section {header.name} is compressed", LinkErrorCode.UNSUPPORTED_FEATURE)
    if header.type in _CONSTRUCTOR_TYPES and header.size:
        reader.refuse(
            f"section {header.name} holds constructors, and nothing would run them", LinkErrorCode.UNSUPPORTED_FEATURE
        )
    if header.flags & _WRITABLE_CODE == _WRITABLE_CODE:
        reader.refuse(f"section {header.name} is both writable and executable", LinkErrorCode.UNSUPPORTED_FEATURE)


def _read_symbols(reader: _Reader) -> list[RawSymbol]:
    tables = [index for index, header in enumerate(reader.headers) if header.type == SectionType.SYMTAB]
    if not tables:
        return []
    header = reader.headers[tables[0]]
    names = bytes(reader.contents(reader.table_of(header.link, SectionType.STRTAB)))
    extended = _read_extended_indexes(reader, tables[0])
    symbols = []
    for position, (name, info, _, section, value, size) in enumerate(
        reader.rows(header, elf.SYMBOL.format, elf.SYMBOL.size)
    ):
        if section == elf.SECTION_EXTENDED:
            section = extended[position] if position < len(extended) else reader.refuse("a symbol lacks its section")
        elif section >= elf.SECTION_RESERVED_FIRST:
            section = -section
        if section >= len(reader.headers):
            reader.refuse(f"symbol {position} refers to section {section}, which does not exist")
        symbols.append(RawSymbol(reader.text(names, name) if name else "", info >> 4, info & 15, section, value, size))
    _check_symbols(reader, symbols)
    return symbols


def _read_extended_indexes(reader: _Reader, symbol_table: int) -> list[int]:
    for header in reader.headers:
        if header.type == SectionType.SYMTAB_SHNDX and header.link == symbol_table:
            return [row[0] for row in reader.rows(header, "<I", 4)]
    return []


def _check_symbols(reader: _Reader, symbols: list[RawSymbol]) -> None:
    for symbol in symbols:
        if symbol.kind in (elf.SymbolType.GNU_IFUNC, elf.SymbolType.TLS):
            reader.refuse(
                f"symbol {symbol.name} is {elf.SymbolType(symbol.kind).name}", LinkErrorCode.UNSUPPORTED_FEATURE
            )
        if symbol.binding not in SymbolBinding.__members__.values():
            reader.refuse(f"symbol {symbol.name} has unknown binding {symbol.binding}")
        if symbol.section_index > 0 and symbol.value + symbol.size > reader.headers[symbol.section_index].size:
            reader.refuse(f"symbol {symbol.name or 'without a name'} lies outside its section")
        if symbol.section_index < 0 and -symbol.section_index not in (elf.SECTION_ABSOLUTE, elf.SECTION_COMMON):
            reader.refuse(f"symbol {symbol.name} lies in unknown reserved section {-symbol.section_index:#x}")


def _read_relocations(reader: _Reader, header: _Header, sections: list[InputSection | None], symbol_count: int) -> None:
    if not 0 < header.info < len(sections):
        reader.refuse(f"section {header.name} relocates section {header.info}, which does not exist")
    section = sections[header.info]
    if section is None:
        return
    if header.size % elf.RELOCATION.size:
        reader.refuse(f"section {header.name} is not a whole number of entries")
    rows = list(elf.RELOCATION.iter_unpack(reader.contents(header)))
    if rows and max(row[1] for row in rows) >> 32 >= symbol_count:
        reader.refuse(f"section {header.name} refers to a symbol that does not exist")
    if rows and max(row[0] for row in rows) >= section.size:
        reader.refuse(f"section {header.name} relocates bytes outside {section.name}")
    if rows and section.type == SectionType.NOBITS:
        reader.refuse(f"section {header.name} relocates {section.name}, which has no bytes")
    section.relocations.extend(rows)


def _read_groups(reader: _Reader, symbols: list[RawSymbol]) -> list[SectionGroup]:
    groups = []
    for header in reader.headers:
        if header.type != SectionType.GROUP:
            continue
        words = [row[0] for row in reader.rows(header, "<I", 4)]
        if header.info >= len(symbols) or any(word >= len(reader.headers) for word in words[1:]):
            reader.refuse(f"group {header.name} refers to something that does not exist")
        if words and words[0] & elf.GROUP_COMDAT:
            groups.append(SectionGroup(symbols[header.info].name, tuple(words[1:])))
    return groups
