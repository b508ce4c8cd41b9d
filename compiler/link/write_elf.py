"""A laid-out image → ELF64 executable bytes (gABI chapters 4 and 5).

File: ELF header and program headers (page 0, not mapped), text, rodata, relro, data; then, unless stripped, debug
sections, `.symtab`, `.strtab`, `.shstrtab`, section headers. Segments: RX text, R rodata and relro, RW data and bss,
and PT_GNU_STACK without execute. No segment is both writable and executable: a part has one fixed set of flags. The
ELF twin of a PE image is the same file at the run-time base of the image; its text too is at file offset 0x1000.
"""

from __future__ import annotations

from dataclasses import dataclass

from compiler.formats import elf
from compiler.formats.elf import SectionFlag, SectionType, SegmentFlag, SegmentType, SymbolBinding, SymbolType
from compiler.link.layout import Layout, Part
from compiler.link.linker_symbols import Role
from compiler.link.object_file import PAGE_SIZE, ImageSymbol, Symbol
from compiler.link.relocate import RelocatedImage

_ALLOC, _WRITE, _CODE = SectionFlag.ALLOC, SectionFlag.WRITE, SectionFlag.EXECINSTR
_SECTION_SHAPE: dict[Role, tuple[str, SectionFlag]] = {
    Role.TEXT: (".text", _ALLOC | _CODE),
    Role.RODATA: (".rodata", _ALLOC),
    Role.RELRO: (".data.rel.ro", _ALLOC),
    Role.DATA: (".data", _ALLOC | _WRITE),
    Role.BSS: (".bss", _ALLOC | _WRITE),
}
_SEGMENTS: tuple[tuple[tuple[Role, ...], SegmentFlag], ...] = (
    ((Role.TEXT,), SegmentFlag.READ | SegmentFlag.EXECUTE),
    ((Role.RODATA, Role.RELRO), SegmentFlag.READ),
    ((Role.DATA, Role.BSS), SegmentFlag.READ | SegmentFlag.WRITE),
)


@dataclass(frozen=True, slots=True)
class SymbolEntry:
    """One row of `.symtab`; `role` is None for an absolute symbol."""

    symbol: Symbol
    image_symbol: ImageSymbol
    role: Role | None


@dataclass(slots=True)
class _SectionHeader:
    """One section header to be, with the section's name still as text."""

    name: str
    type: int
    flags: int
    address: int
    offset: int
    size: int
    link: int = 0
    info: int = 0
    alignment: int = 1
    entry_size: int = 0

    def pack(self, name_offset: int) -> bytes:
        return elf.SECTION_HEADER.pack(
            name_offset,
            self.type,
            self.flags,
            self.address,
            self.offset,
            self.size,
            self.link,
            self.info,
            self.alignment,
            self.entry_size,
        )


class _File:
    """The file while it grows."""

    def __init__(self) -> None:
        self.data = bytearray()
        self.headers: list[_SectionHeader] = [_SectionHeader("", 0, 0, 0, 0, 0, alignment=0)]

    def pad_to(self, offset: int) -> None:
        assert offset >= len(self.data), "sections of the file overlap"
        self.data += bytes(offset - len(self.data))

    def append(self, header: _SectionHeader, contents: bytes | bytearray) -> None:
        self.pad_to(len(self.data) + -len(self.data) % header.alignment)
        header.offset, header.size = len(self.data), len(contents)
        self.data += contents
        self.headers.append(header)


def write_elf(layout: Layout, image: RelocatedImage, entry: int, symbols: list[SymbolEntry], *, strip: bool) -> bytes:
    """The finished file; `entry` is the run-time address where it starts."""
    file = _File()
    offsets = {role: _file_offset(part, layout) for role, part in layout.parts.items()}
    segments = _segments(layout, image, offsets)
    file.data += bytes(elf.FILE_HEADER.size) + b"".join(segments)
    section_numbers = _append_parts(file, layout, image, offsets)
    if strip:
        file.headers = []
    else:
        _append_debug(file, layout, image)
        _append_symbols(file, symbols, section_numbers)
    section_table = _append_section_headers(file)
    _write_file_header(file, entry, len(segments), section_table)
    return bytes(file.data)


def _file_offset(part: Part, layout: Layout) -> int:
    """Chosen by the layout for an ELF; the twin of a PE keeps the distances of memory (offset ≡ address mod 4096)."""
    text = layout.parts[Role.TEXT]
    return part.file_offset or PAGE_SIZE + part.offset - text.offset


def _segments(layout: Layout, image: RelocatedImage, offsets: dict[Role, int]) -> list[bytes]:
    rows = []
    for roles, flags in _SEGMENTS:
        first, last = layout.parts[roles[0]], layout.parts[roles[-1]]
        filled = first.size if last.role is Role.BSS else last.end - first.offset
        in_memory = last.end - first.offset
        if in_memory:
            address = image.base + first.offset
            rows.append(
                elf.PROGRAM_HEADER.pack(
                    SegmentType.LOAD, flags, offsets[first.role], address, address, filled, in_memory, PAGE_SIZE
                )
            )
    stack_flags = SegmentFlag.READ | SegmentFlag.WRITE
    rows.append(elf.PROGRAM_HEADER.pack(SegmentType.GNU_STACK, stack_flags, 0, 0, 0, 0, 0, 16))
    return rows


def _append_parts(file: _File, layout: Layout, image: RelocatedImage, offsets: dict[Role, int]) -> dict[Role, int]:
    numbers = {}
    for role, part in layout.parts.items():
        if not part.size:
            continue
        name, flags = _SECTION_SHAPE[role]
        kind = SectionType.NOBITS if role is Role.BSS else SectionType.PROGBITS
        numbers[role] = len(file.headers)
        file.headers.append(
            _SectionHeader(
                name, kind, flags, image.base + part.offset, offsets[role], part.size, alignment=part.alignment
            )
        )
    filled = [role for role in numbers if role is not Role.BSS]
    for role in sorted(filled, key=offsets.__getitem__):  # data may lie before the text in the file
        file.pad_to(offsets[role])
        file.data += image.parts[role]
    return numbers


def _append_debug(file: _File, layout: Layout, image: RelocatedImage) -> None:
    for name, output in layout.debug.items():
        header = _SectionHeader(name, SectionType.PROGBITS, output.flags & _DEBUG_FLAGS, 0, 0, 0)
        header.entry_size = output.entry_size
        file.append(header, image.debug[name])


_DEBUG_FLAGS = SectionFlag.MERGE | SectionFlag.STRINGS


class _StringTable:
    """NUL-terminated names, each once; offset 0 is the empty name (gABI chapter 4, "String Table")."""

    def __init__(self) -> None:
        self.data = bytearray(1)
        self.offsets = {"": 0}

    def add(self, text: str) -> int:
        offset = self.offsets.get(text)
        if offset is None:
            offset = self.offsets[text] = len(self.data)
            self.data += text.encode("utf-8", "surrogateescape") + b"\0"
        return offset


def _append_symbols(file: _File, symbols: list[SymbolEntry], section_numbers: dict[Role, int]) -> None:
    names = _StringTable()
    rows = [bytes(elf.SYMBOL.size)]
    ordered = sorted(symbols, key=lambda entry: not entry.symbol.is_local)  # locals first: sh_info counts them
    for entry in ordered:
        if entry.role is not None and entry.role not in section_numbers:
            continue  # it marks an empty part, which has no section
        section = elf.SECTION_ABSOLUTE if entry.role is None else section_numbers[entry.role]
        rows.append(_symbol_row(entry, names.add(entry.image_symbol.name), section))
    local_count = 1 + sum(row[4] >> 4 == SymbolBinding.LOCAL for row in rows[1:])
    header = _SectionHeader(
        ".symtab", SectionType.SYMTAB, 0, 0, 0, 0, alignment=8, info=local_count, entry_size=elf.SYMBOL.size
    )
    header.link = len(file.headers) + 1
    file.append(header, b"".join(rows))
    file.append(_SectionHeader(".strtab", SectionType.STRTAB, 0, 0, 0, 0), names.data)


def _symbol_row(entry: SymbolEntry, name: int, section: int) -> bytes:
    symbol = entry.symbol
    binding = SymbolBinding.WEAK if symbol.is_weak else SymbolBinding.GLOBAL
    if symbol.is_local:
        binding = SymbolBinding.LOCAL
    kind = symbol.kind if symbol.kind in (SymbolType.FUNC, SymbolType.OBJECT) else SymbolType.NOTYPE
    return elf.SYMBOL.pack(name, binding << 4 | kind, 0, section, entry.image_symbol.address, symbol.size)


def _append_section_headers(file: _File) -> int:
    """The table's file offset, 0 if there is none."""
    if not file.headers:
        return 0
    names = _StringTable()
    header = _SectionHeader(".shstrtab", SectionType.STRTAB, 0, 0, 0, 0)
    for known in [*file.headers, header]:
        names.add(known.name)
    file.append(header, names.data)
    file.pad_to(len(file.data) + -len(file.data) % 8)
    offset = len(file.data)
    file.data += b"".join(known.pack(names.add(known.name)) for known in file.headers)
    return offset


def _write_file_header(file: _File, entry: int, segment_count: int, section_table: int) -> None:
    identity = elf.MAGIC + bytes((elf.CLASS_64, elf.DATA_LITTLE_ENDIAN, elf.VERSION_CURRENT, elf.OSABI_SYSTEM_V))
    elf.FILE_HEADER.pack_into(
        file.data,
        0,
        identity,
        elf.FileType.EXECUTABLE,
        elf.MACHINE_X86_64,
        elf.VERSION_CURRENT,
        entry,
        elf.FILE_HEADER.size,
        section_table,
        0,
        elf.FILE_HEADER.size,
        elf.PROGRAM_HEADER.size,
        segment_count,
        elf.SECTION_HEADER.size if section_table else 0,
        len(file.headers),
        max(len(file.headers) - 1, 0),
    )
