"""ELF64 executables: the file header and the loadable segments, every field checked before anything uses it.

System V ABI (generic), "Object Files", and its AMD64 supplement. The image is the whole file in memory; the result
holds only checked numbers, all of which fit an `int`. One check, one text: `ElfError.reason` is the line shown to
the person who tried to run the file.

Errors: ElfError (an OSError with ENOEXEC).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kernel.lib.byte_codec import get_u16, get_u32, get_u64, has_signature
from runtime.abi.error_numbers import ENOEXEC
from runtime.lang import Array, u8, u64

PAGE_SIZE: Final = 4096
USER_LOWEST: Final = 0x10000  # below stays unmapped: a null pointer with an offset must fault
USER_END: Final = 0x7FFFFFFFF000  # first address past user space: the last page of the lower half stays unmapped

# Elf64_Ehdr.
_MAGIC: Final = b"\x7fELF"
_CLASS: Final = 4
_DATA: Final = 5
_IDENT_VERSION: Final = 6
_TYPE: Final = 16
_MACHINE: Final = 18
_VERSION: Final = 20
_ENTRY: Final = 24
_PROGRAM_HEADERS: Final = 32
_HEADER_SIZE: Final = 52
_PROGRAM_HEADER_SIZE: Final = 54
_PROGRAM_HEADER_COUNT: Final = 56
_EHDR_SIZE: Final = 64
_PHDR_SIZE: Final = 56
_MAX_PROGRAM_HEADERS: Final = 128  # a linker makes a dozen; the bound keeps hostile tables short

_CLASS_64: Final = 2
_LITTLE_ENDIAN: Final = 1
_CURRENT_VERSION: Final = 1
_MACHINE_X86_64: Final = 62
_TYPE_EXECUTABLE: Final = 2
_TYPE_SHARED: Final = 3

# Elf64_Phdr.
_SEGMENT_TYPE: Final = 0
_SEGMENT_FLAGS: Final = 4
_SEGMENT_OFFSET: Final = 8
_SEGMENT_ADDRESS: Final = 16
_SEGMENT_FILE_SIZE: Final = 32
_SEGMENT_MEMORY_SIZE: Final = 40
_SEGMENT_ALIGNMENT: Final = 48
_LOAD: Final = 1
_INTERPRETER: Final = 3
_EXECUTABLE: Final = 1
_WRITABLE: Final = 2
_READABLE: Final = 4


class ElfError(OSError):
    """The file is not an executable that this kernel runs; `reason` says which check failed."""

    reason: str

    def __init__(self, reason: str) -> None:
        super().__init__(ENOEXEC, reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class LoadSegment:
    """A PT_LOAD segment whose ranges were checked."""

    address: int
    memory_size: int
    file_offset: int
    file_size: int
    readable: bool
    writable: bool
    executable: bool

    @property
    def end(self) -> int:
        """The first address past the segment."""
        return self.address + self.memory_size


@dataclass(frozen=True, slots=True)
class ElfImage:
    """What a loader needs of an executable; segments are sorted by address and do not overlap."""

    entry: int
    segments: list[LoadSegment]
    program_headers_offset: int  # in the file; the auxiliary vector tells programs where they are mapped
    program_header_count: int


def parse_elf(image: Array[u8]) -> ElfImage:
    """Return the checked executable, or raise ElfError."""
    _check_identification(image)
    _check_header(image)
    table = get_u64(image, _PROGRAM_HEADERS)
    count = get_u16(image, _PROGRAM_HEADER_COUNT)
    _check_table(image, table, count)
    segments: list[LoadSegment] = []
    for index in range(count):
        header = image[int(table) + index * _PHDR_SIZE : int(table) + (index + 1) * _PHDR_SIZE]
        kind = get_u32(header, _SEGMENT_TYPE)
        if kind == _INTERPRETER:
            raise ElfError("a dynamically linked program (it names an interpreter); only static ones run")
        if kind == _LOAD and get_u64(header, _SEGMENT_MEMORY_SIZE) > 0:
            _insert_sorted(segments, _segment(header, index, len(image)))
        elif kind == _LOAD and get_u64(header, _SEGMENT_FILE_SIZE) > 0:
            raise ElfError(f"segment {index}: more bytes in the file than in memory")
    if len(segments) == 0:
        raise ElfError("no loadable segment")
    _check_overlaps(segments)
    entry = _entry_inside(get_u64(image, _ENTRY), segments)
    return ElfImage(entry, segments, int(table), count)


def _check_identification(image: Array[u8]) -> None:
    """Check e_ident."""
    if len(image) < _EHDR_SIZE:
        raise ElfError(f"{len(image)} bytes are too short for an ELF header")
    if not has_signature(image, 0, _MAGIC):
        raise ElfError("no ELF magic number")
    if image[_CLASS] != _CLASS_64:
        raise ElfError("not a 64-bit program")
    if image[_DATA] != _LITTLE_ENDIAN:
        raise ElfError("not little-endian")
    if image[_IDENT_VERSION] != _CURRENT_VERSION or get_u32(image, _VERSION) != _CURRENT_VERSION:
        raise ElfError("unknown ELF version")


def _check_header(image: Array[u8]) -> None:
    """Check the fields of the file header that stand alone."""
    machine = get_u16(image, _MACHINE)
    if machine != _MACHINE_X86_64:
        raise ElfError(f"built for machine {machine}, not for x86-64 (62)")
    kind = get_u16(image, _TYPE)
    if kind == _TYPE_SHARED:
        raise ElfError("position-independent (ET_DYN): it needs relocation, which this kernel does not do yet")
    if kind != _TYPE_EXECUTABLE:
        raise ElfError(f"file type {kind}, not an executable (2)")
    if get_u16(image, _HEADER_SIZE) != _EHDR_SIZE:
        raise ElfError(f"a file header of {get_u16(image, _HEADER_SIZE)} bytes, not {_EHDR_SIZE}")


def _check_table(image: Array[u8], table: u64, count: int) -> None:
    """Check that the program header table lies inside the file."""
    if count == 0:
        raise ElfError("no program headers")
    if count > _MAX_PROGRAM_HEADERS:
        raise ElfError(f"{count} program headers; the limit is {_MAX_PROGRAM_HEADERS}")
    size = get_u16(image, _PROGRAM_HEADER_SIZE)
    if size != _PHDR_SIZE:
        raise ElfError(f"program headers of {size} bytes, not {_PHDR_SIZE}")
    if table > len(image) or len(image) - int(table) < count * _PHDR_SIZE:
        raise ElfError("the program header table lies outside the file")


def _segment(header: Array[u8], index: int, image_size: int) -> LoadSegment:
    """Return a PT_LOAD header as a segment, or raise."""
    address = get_u64(header, _SEGMENT_ADDRESS)
    memory_size = get_u64(header, _SEGMENT_MEMORY_SIZE)
    offset = get_u64(header, _SEGMENT_OFFSET)
    file_size = get_u64(header, _SEGMENT_FILE_SIZE)
    if file_size > memory_size:
        raise ElfError(f"segment {index}: more bytes in the file than in memory")
    if offset > image_size or file_size > image_size - int(offset):
        raise ElfError(f"segment {index}: its bytes lie outside the file")
    if address < USER_LOWEST or address >= USER_END:
        raise ElfError(f"segment {index}: address {address:#x} is outside user space")
    if memory_size > USER_END - int(address):
        raise ElfError(f"segment {index}: its end is outside user space")
    _check_alignment(header, index)
    flags = get_u32(header, _SEGMENT_FLAGS)
    if flags & _WRITABLE != 0 and flags & _EXECUTABLE != 0:
        raise ElfError(f"segment {index}: writable and executable")
    return LoadSegment(
        int(address),
        int(memory_size),
        int(offset),
        int(file_size),
        flags & _READABLE != 0,
        flags & _WRITABLE != 0,
        flags & _EXECUTABLE != 0,
    )


def _check_alignment(header: Array[u8], index: int) -> None:
    """Check p_align: zero, one or a power of two to which address and offset are congruent."""
    alignment = get_u64(header, _SEGMENT_ALIGNMENT)
    if alignment == 0 or alignment == 1:
        return
    if alignment & (alignment - 1) != 0:
        raise ElfError(f"segment {index}: alignment {alignment:#x} is no power of two")
    mask = alignment - 1
    if get_u64(header, _SEGMENT_ADDRESS) & mask != get_u64(header, _SEGMENT_OFFSET) & mask:
        raise ElfError(f"segment {index}: address and file offset differ within the alignment {alignment:#x}")


def _insert_sorted(segments: list[LoadSegment], segment: LoadSegment) -> None:
    """Insert by address."""
    position = len(segments)
    while position > 0 and segments[position - 1].address > segment.address:
        position -= 1
    segments.insert(position, segment)


def _check_overlaps(segments: list[LoadSegment]) -> None:
    """Check that no byte of memory belongs to two segments."""
    for index in range(1, len(segments)):
        if segments[index - 1].end > segments[index].address:
            raise ElfError(f"two segments overlap at {segments[index].address:#x}")


def _entry_inside(entry: u64, segments: list[LoadSegment]) -> int:
    """Return the entry address, which must lie in an executable segment."""
    for segment in segments:
        if segment.executable and entry >= segment.address and entry < segment.end:
            return int(entry)
    raise ElfError(f"the entry {entry:#x} is not inside an executable segment")
