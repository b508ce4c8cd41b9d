"""A laid-out image → PE32+ EFI application bytes (PE Format; UEFI 2.10 section 2.1.1).

Sections: `.text` RX, `.rdata` R, `.relro` (R in an application, RW in a kernel image, whose boot code relocates it a
second time), `.data` RW with .bss as the part of its virtual size that has no bytes, `.reloc` with one DIR64 entry per
64-bit address word. Empty parts have no section; `.reloc` always exists, because firmware takes an image without one
for an image that must not be moved. No time stamp, no name of a machine: equal input, equal bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from compiler.formats import pe
from compiler.formats.pe import FileFlag, ImageFlag, RelocationType, SectionFlag
from compiler.link.layout import Layout
from compiler.link.linker_symbols import Role
from compiler.link.object_file import ImageKind
from compiler.link.relocate import RelocatedImage

_READ_DATA = SectionFlag.INITIALIZED_DATA | SectionFlag.READ
_NAMES: tuple[tuple[Role, bytes, SectionFlag], ...] = (
    (Role.TEXT, b".text", SectionFlag.CODE | SectionFlag.EXECUTE | SectionFlag.READ),
    (Role.RODATA, b".rdata", _READ_DATA),
    (Role.RELRO, b".relro", _READ_DATA),
    (Role.DATA, b".data", _READ_DATA | SectionFlag.WRITE),
)
_STACK_RESERVE, _HEAP_RESERVE, _COMMIT = 0x10_0000, 0x10_0000, 0x1000  # bytes; UEFI ignores them


@dataclass(frozen=True, slots=True)
class _Section:
    """One section table row and its bytes."""

    name: bytes
    flags: SectionFlag
    offset: int  # image offset ("VirtualAddress")
    virtual_size: int
    data: bytes | bytearray


def write_pe(layout: Layout, image: RelocatedImage, entry_offset: int, kind: ImageKind) -> bytes:
    """The finished file; `entry_offset` is an image offset."""
    sections = list(_image_sections(layout, image, kind))
    end = max(section.offset + section.virtual_size for section in sections)
    table = _base_relocations(image.address_words)
    reloc = _Section(b".reloc", _READ_DATA | SectionFlag.DISCARDABLE, _page_align(end), len(table), table)
    sections.append(reloc)
    data = _headers(sections, image.base, entry_offset)
    for section in sections:
        data += section.data
        data += bytes(-len(data) % pe.FILE_ALIGNMENT)
    checksum_at = pe.DOS_HEADER.size + len(pe.SIGNATURE) + pe.COFF_HEADER.size + pe.CHECKSUM_OFFSET
    data[checksum_at : checksum_at + 4] = pe.image_checksum(data, checksum_at).to_bytes(4, "little")
    return bytes(data)


def _image_sections(layout: Layout, image: RelocatedImage, kind: ImageKind) -> Iterator[_Section]:
    for role, name, flags in _NAMES:
        part = layout.parts[role]
        end = layout.parts[Role.BSS].end if role is Role.DATA else part.end
        if role is Role.RELRO and kind is ImageKind.KERNEL_PE:
            flags |= SectionFlag.WRITE
        if end > part.offset:
            yield _Section(name, flags, part.offset, end - part.offset, image.parts[role])


def _base_relocations(address_words: list[int]) -> bytes:
    """Blocks of one page each, padded to four bytes with an entry of type 0 (PE Format, "The .reloc Section")."""
    table = bytearray()
    for page, words in groupby(address_words, key=lambda offset: offset // pe.RELOCATION_PAGE_SIZE):
        entries = [RelocationType.DIR64 << 12 | offset % pe.RELOCATION_PAGE_SIZE for offset in words]
        table += _relocation_block(page * pe.RELOCATION_PAGE_SIZE, entries)
    return bytes(table or _relocation_block(0, [0, 0]))


def _relocation_block(page_offset: int, entries: list[int]) -> bytes:
    if len(entries) % 2:
        entries.append(RelocationType.ABSOLUTE)
    words = b"".join(entry.to_bytes(2, "little") for entry in entries)
    return pe.RELOCATION_BLOCK.pack(page_offset, pe.RELOCATION_BLOCK.size + len(words)) + words


def _headers(sections: list[_Section], base: int, entry_offset: int) -> bytearray:
    directories_size = pe.DIRECTORY_COUNT * pe.DATA_DIRECTORY.size
    optional_size = pe.OPTIONAL_HEADER.size + directories_size
    size = pe.DOS_HEADER.size + len(pe.SIGNATURE) + pe.COFF_HEADER.size + optional_size
    headers_size = _file_align(size + len(sections) * pe.SECTION_HEADER.size)
    flags = FileFlag.EXECUTABLE_IMAGE | FileFlag.LARGE_ADDRESS_AWARE
    header = bytearray(pe.DOS_HEADER.pack(pe.DOS_MAGIC, pe.DOS_HEADER.size) + pe.SIGNATURE)
    header += pe.COFF_HEADER.pack(pe.MACHINE_AMD64, len(sections), 0, 0, 0, optional_size, flags)
    header += _optional_header(sections, base, entry_offset, headers_size)
    header += _directories(sections[-1])
    header += _section_table(sections, headers_size)
    return header + bytes(headers_size - len(header))


def _optional_header(sections: list[_Section], base: int, entry_offset: int, headers_size: int) -> bytes:
    text, last = sections[0], sections[-1]
    initialized = sum(_file_align(len(section.data)) for section in sections[1:])
    zeroed = sum(max(section.virtual_size - len(section.data), 0) for section in sections)
    flags = ImageFlag.NX_COMPAT | ImageFlag.DYNAMIC_BASE | ImageFlag.HIGH_ENTROPY_VA
    versions = (0, 0, 0, 0, 0, 0)
    return pe.OPTIONAL_HEADER.pack(
        pe.MAGIC_PE32_PLUS,
        0,
        0,
        _file_align(len(text.data)),
        initialized,
        _file_align(zeroed),
        entry_offset,
        text.offset,
        base,
        pe.SECTION_ALIGNMENT,
        pe.FILE_ALIGNMENT,
        *versions,
        0,
        _page_align(last.offset + last.virtual_size),
        headers_size,
        0,
        pe.Subsystem.EFI_APPLICATION,
        flags,
        _STACK_RESERVE,
        _COMMIT,
        _HEAP_RESERVE,
        _COMMIT,
        0,
        pe.DIRECTORY_COUNT,
    )


def _directories(reloc: _Section) -> bytes:
    rows = [(0, 0)] * pe.DIRECTORY_COUNT
    rows[pe.DIRECTORY_BASE_RELOCATION] = (reloc.offset, len(reloc.data))
    return b"".join(pe.DATA_DIRECTORY.pack(*row) for row in rows)


def _section_table(sections: list[_Section], headers_size: int) -> bytes:
    table = bytearray()
    position = headers_size
    for section in sections:
        raw_size = _file_align(len(section.data))
        pointer = position if raw_size else 0
        table += pe.SECTION_HEADER.pack(
            section.name, section.virtual_size, section.offset, raw_size, pointer, 0, 0, 0, 0, section.flags
        )
        position += raw_size
    return bytes(table)


def _file_align(size: int) -> int:
    return size + (-size % pe.FILE_ALIGNMENT)


def _page_align(offset: int) -> int:
    return offset + (-offset % pe.SECTION_ALIGNMENT)
