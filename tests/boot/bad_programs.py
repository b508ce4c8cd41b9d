"""Program files that are wrong in one way each, with the words that must say so; made by breaking a good one.

The good one has three segments: code with the headers in front (R-X), constants (R--), data with room for zeroes (RW-).
ELF-64 Object File Format, figures 2 and 6, for the offsets.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass

PAGE = 4096
BASE = 0x400000
EXIT_STATUS = 23
# mov eax, 60; mov edi, 23; syscall
EXIT_CODE = b"\xb8\x3c\x00\x00\x00\xbf\x17\x00\x00\x00\x0f\x05"
HEADER_SIZE, SEGMENT_SIZE = 64, 56
READ, WRITE, EXECUTE = 4, 2, 1
LOAD, INTERPRETER = 1, 3
TOP = 0x7FFFFFFFF000
TYPE, MACHINE, VERSION, ENTRY, TABLE, EHSIZE, PHENTSIZE, PHNUM = 16, 18, 20, 24, 32, 52, 54, 56


@dataclass(frozen=True, slots=True)
class Segment:
    """A program header."""

    flags: int
    offset: int
    address: int
    file_size: int
    memory_size: int
    alignment: int = PAGE
    kind: int = LOAD

    def pack(self) -> bytes:
        return struct.pack(
            "<IIQQQQQQ",
            *(self.kind, self.flags, self.offset, self.address, self.address),
            *(self.file_size, self.memory_size, self.alignment),
        )


CODE = Segment(READ | EXECUTE, 0, BASE, PAGE, PAGE)
CONSTANTS = Segment(READ, PAGE, BASE + PAGE, 100, 100)
DATA = Segment(READ | WRITE, 2 * PAGE, BASE + 2 * PAGE, 50, 3 * PAGE)
FILE_SIZE = 2 * PAGE + 50


def program(*segments: Segment, entry: int = BASE + 0x800) -> bytes:
    """A file with these segments; the code lies at offset 0x800."""
    header = b"\x7fELF\x02\x01\x01" + bytes(9)
    header += struct.pack(
        "<HHIQQQIHHHHHH", 2, 62, 1, entry, HEADER_SIZE, 0, 0, 64, SEGMENT_SIZE, len(segments), 64, 0, 0
    )
    file = header + b"".join(segment.pack() for segment in segments)
    file = file.ljust(0x800, b"\0") + EXIT_CODE
    return file.ljust(FILE_SIZE, b"\0")


def good_program() -> bytes:
    return program(CODE, CONSTANTS, DATA)


@dataclass(frozen=True, slots=True)
class ProgramFile:
    """A file, its name on the disk, and what `run` says about it (a part of the line)."""

    name: str
    content: bytes
    reason: str

    @property
    def path(self) -> str:
        return f"/bad/{self.name}"


def patched(offset: int, layout: str, value: int) -> bytes:
    """The good file with one field of its header changed."""
    file = bytearray(good_program())
    struct.pack_into("<" + layout, file, offset, value)
    return bytes(file)


def with_data(**changes: int) -> bytes:
    """The good file with its third segment changed."""
    fields = {name: getattr(DATA, name) for name in DATA.__slots__}
    return program(CODE, CONSTANTS, Segment(**{**fields, **changes}))


HEADER_FAULTS: tuple[tuple[str, Callable[[], bytes], str], ...] = (
    ("empty", lambda: b"", "0 bytes are too short"),
    ("short", lambda: good_program()[:63], "63 bytes are too short"),
    ("text", lambda: b"#!/bin/sh\n" * 20, "no ELF magic number"),
    ("magic", lambda: patched(0, "B", 0x7E), "no ELF magic number"),
    ("class32", lambda: patched(4, "B", 1), "not a 64-bit program"),
    ("bigend", lambda: patched(5, "B", 2), "not little-endian"),
    ("identver", lambda: patched(6, "B", 0), "unknown ELF version"),
    ("version", lambda: patched(VERSION, "I", 2), "unknown ELF version"),
    ("i386", lambda: patched(MACHINE, "H", 3), "built for machine 3"),
    ("aarch64", lambda: patched(MACHINE, "H", 183), "built for machine 183"),
    ("object", lambda: patched(TYPE, "H", 1), "file type 1, not an executable"),
    ("core", lambda: patched(TYPE, "H", 4), "file type 4, not an executable"),
    ("dynamic", lambda: patched(TYPE, "H", 3), "position-independent (ET_DYN)"),
    ("ehsize", lambda: patched(EHSIZE, "H", 52), "a file header of 52 bytes"),
    ("noheads", lambda: patched(PHNUM, "H", 0), "no program headers"),
    ("manyhead", lambda: patched(PHNUM, "H", 65535), "65535 program headers"),
    ("phsize", lambda: patched(PHENTSIZE, "H", 32), "program headers of 32 bytes"),
    ("phoutsid", lambda: patched(TABLE, "Q", FILE_SIZE - 100), "table lies outside the file"),
    ("phwraps", lambda: patched(TABLE, "Q", (1 << 64) - 64), "table lies outside the file"),
    ("cutoff", lambda: good_program()[:200], "table lies outside the file"),
    ("cutdata", lambda: good_program()[: 2 * PAGE + 10], "segment 2: its bytes lie outside the file"),
    ("entry0", lambda: patched(ENTRY, "Q", 0), "the entry 0x0 is not inside an executable segment"),
    ("entrydat", lambda: patched(ENTRY, "Q", BASE + 2 * PAGE), "is not inside an executable segment"),
    ("entryend", lambda: patched(ENTRY, "Q", BASE + PAGE), "is not inside an executable segment"),
    ("entrykrn", lambda: patched(ENTRY, "Q", 0xFFFFFFFF80001000), "is not inside an executable segment"),
)
SEGMENT_FAULTS: tuple[tuple[str, Callable[[], bytes], str], ...] = (
    ("noload", lambda: with_data_alone(kind=4), "no loadable segment"),
    ("interp", lambda: with_data(kind=INTERPRETER), "names an interpreter"),
    ("memsz", lambda: with_data(memory_size=49), "segment 2: more bytes in the file than in memory"),
    ("memsz0", lambda: with_data(memory_size=0), "segment 2: more bytes in the file than in memory"),
    ("offset", lambda: with_data(offset=FILE_SIZE - 49, alignment=1), "segment 2: its bytes lie outside the file"),
    ("offwraps", lambda: with_data(offset=(1 << 64) - PAGE), "segment 2: its bytes lie outside the file"),
    (
        "filesz",
        lambda: with_data(file_size=1 << 63, memory_size=1 << 63),
        "segment 2: its bytes lie outside the file",
    ),
    ("nullpage", lambda: with_data(address=0), "segment 2: address 0x0 is outside user space"),
    ("lowpage", lambda: with_data(address=0xF000), "segment 2: address 0xf000 is outside user space"),
    ("kernel", lambda: with_data(address=0xFFFFFFFF80000000), "0xffffffff80000000 is outside user space"),
    ("directmp", lambda: with_data(address=0xFFFF800000000000), "0xffff800000000000 is outside user space"),
    ("noncanon", lambda: with_data(address=0x800000000000), "0x800000000000 is outside user space"),
    ("lastpage", lambda: with_data(address=TOP), "segment 2: address 0x7ffffffff000 is outside user space"),
    ("endtop", lambda: with_data(address=TOP - PAGE), "segment 2: its end is outside user space"),
    ("memwraps", lambda: with_data(memory_size=(1 << 64) - 1), "segment 2: its end is outside user space"),
    ("align3", lambda: with_data(alignment=3), "segment 2: alignment 0x3 is no power of two"),
    ("congrue", lambda: with_data(offset=2 * PAGE - 8), "segment 2: address and file offset differ"),
    ("wx", lambda: with_data(flags=READ | WRITE | EXECUTE), "segment 2: writable and executable"),
    ("overlap", lambda: with_data(address=BASE + PAGE), "two segments overlap at 0x401000"),
    (
        "overlap2",
        lambda: with_data(address=BASE - 2 * PAGE, memory_size=2 * PAGE + 1),
        "two segments overlap at 0x400000",
    ),
    (
        "sharedwx",
        lambda: program(
            Segment(READ | EXECUTE, 0, BASE, PAGE - 256, PAGE - 256),
            Segment(READ | WRITE, PAGE - 256, BASE + PAGE - 256, 64, 64),
        ),
        "share the page 0x400000, which would be writable and executable",
    ),
    ("stack", lambda: with_data(address=TOP - 4 * PAGE), "lie where the stack is"),
)


def with_data_alone(**changes: int) -> bytes:
    fields = {name: getattr(DATA, name) for name in DATA.__slots__}
    return program(Segment(**{**fields, **changes}))


BAD_PROGRAMS = tuple(ProgramFile(name, make(), reason) for name, make, reason in (*HEADER_FAULTS, *SEGMENT_FAULTS))

# Unusual, and right: they exit with EXIT_STATUS.
GOOD_PROGRAMS = {
    "/good/plain": good_program(),
    "/good/align0": with_data(alignment=0),
    "/good/align1": with_data(alignment=1),
    "/good/emptyseg": with_data(memory_size=0, file_size=0),
    "/good/nofile": with_data(file_size=0),
    "/good/onepage": program(
        Segment(READ | EXECUTE, 0, BASE, 0x900, 0x900), Segment(READ, 0x900, BASE + 0x900, 0x100, 0x100)
    ),
    "/good/unsorted": program(DATA, CODE, CONSTANTS),
    "/good/high": with_data(address=0x7FF000000000),
}
# Nothing is wrong with these files, but no machine has the memory.
UNLOADABLE_PROGRAMS = {
    "/bad/terabyte": with_data(memory_size=1 << 40),
}
