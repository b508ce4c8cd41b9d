"""`.debug_line` of one object → rows against its input sections (DWARF 5 section 6.2).

The programs are run before anything has an address: a sequence starts with DW_LNE_set_address, whose relocation names
the section, so every row is (section, offset in it). That makes the size of the line table known before layout. Rows of
line 0 (code without a source line) are left out. Faults of the input are E0706.
"""

from __future__ import annotations

from dataclasses import dataclass

from compiler.formats.dwarf import ESCAPE_64_BIT, ContentType, ExtendedOpcode, Form, StandardOpcode
from compiler.link.errors import LinkError, LinkErrorCode
from compiler.link.object_file import InputSection, ObjectFile

_FIXED_SIZES = {Form.DATA1: 1, Form.DATA2: 2, Form.DATA4: 4, Form.DATA8: 8, Form.DATA16: 16}


@dataclass(frozen=True, slots=True)
class LineSequence:
    """The rows of one sequence: (offset in `section`, line, path), ascending as the program gives them."""

    section: InputSection
    rows: list[tuple[int, int, str]]


def read_line_sequences(source: ObjectFile) -> list[LineSequence]:
    """All sequences of all line programs of one object."""
    sequences: list[LineSequence] = []
    for section in source.sections:
        if section is not None and section.name == ".debug_line":
            try:
                sequences += _Programs(source, section).read()
            except IndexError as fault:
                message = f"{source.name}: {section.name} is truncated"
                raise LinkError(LinkErrorCode.MALFORMED_OBJECT, message) from fault
    return sequences


def _join(directories: list[str], index: int, name: str) -> str:
    """A path as the compiler was given it: an absolute directory of the compilation (0) is where that was."""
    is_whole = name.startswith("/") or index >= len(directories)
    if is_whole or (index == 0 and (directories[0].startswith("/") or directories[0] in ("", "."))):
        return name
    return f"{directories[index]}/{name}"


@dataclass(slots=True)
class _Header:
    """What of a program's header the machine needs (DWARF 5 section 6.2.4)."""

    end: int
    program: int
    minimum_instruction_length: int
    line_base: int
    line_range: int
    opcode_base: int
    operand_counts: bytes
    paths: list[str]


class _Programs:
    """A cursor over one `.debug_line` section."""

    def __init__(self, source: ObjectFile, section: InputSection) -> None:
        self.source = source
        self.data = bytes(section.data)
        self.position = 0
        self.targets = {offset: (info >> 32, addend) for offset, info, addend in section.relocations}
        self.sections = {s.name: bytes(s.data) for s in source.sections if s is not None and s.is_debug}

    def refuse(self, reason: str) -> LinkError:
        return LinkError(LinkErrorCode.MALFORMED_OBJECT, f"{self.source.name}: .debug_line: {reason}")

    def read(self) -> list[LineSequence]:
        sequences: list[LineSequence] = []
        while self.position < len(self.data):
            header = self._read_header()
            self.position = header.program
            sequences += self._run(header)
            self.position = header.end
        return sequences

    def unsigned(self, size: int) -> int:
        start = self.position
        if start + size > len(self.data):
            raise self.refuse("truncated")
        self.position = start + size
        return int.from_bytes(self.data[start : start + size], "little")

    def leb(self, data: bytes) -> int:
        """Unsigned LEB128 (DWARF 5 section 7.6)."""
        result = shift = 0
        while True:
            byte = data[self.position]
            self.position += 1
            result |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return result

    def signed_leb(self) -> int:
        start = self.position
        value = self.leb(self.data)
        bits = 7 * (self.position - start)
        return value - (1 << bits) if value >> (bits - 1) & 1 else value

    def text(self) -> str:
        end = self.data.find(0, self.position)
        if end < 0:
            raise self.refuse("a name is not terminated")
        text = self.data[self.position : end].decode("utf-8", "surrogateescape")
        self.position = end + 1
        return text

    def _read_header(self) -> _Header:
        length = self.unsigned(4)
        end = self.position + length
        if length == ESCAPE_64_BIT or end > len(self.data):
            raise self.refuse("a unit is longer than the section")
        version = self.unsigned(2)
        if version not in (2, 3, 4, 5):
            raise self.refuse(f"unknown version {version}")
        if version >= 5:
            self.position += 2  # address_size, segment_selector_size
        header_length = self.unsigned(4)
        program = self.position + header_length
        minimum_length = self.unsigned(1)
        if version >= 4:
            self.position += 1  # maximum_operations_per_instruction: 1 unless the machine is a VLIW
        self.position += 1  # default_is_stmt
        line_base = (self.unsigned(1) ^ 0x80) - 0x80
        line_range, opcode_base = self.unsigned(1), self.unsigned(1)
        counts = self.data[self.position : self.position + opcode_base - 1]
        self.position += opcode_base - 1
        if line_range == 0 or opcode_base == 0 or program > end:
            raise self.refuse("a header is inconsistent")
        paths = self._read_paths() if version >= 5 else self._read_old_paths()
        return _Header(end, program, minimum_length, line_base, line_range, opcode_base, counts, paths)

    def _read_old_paths(self) -> list[str]:
        """Versions 2 to 4: names in place, directory 0 is the compilation's, files count from 1."""
        directories = [""]
        while text := self.text():
            directories.append(text)
        paths = [""]
        while name := self.text():
            directory = self.leb(self.data)
            self.leb(self.data)
            self.leb(self.data)
            paths.append(_join(directories, directory, name))
        return paths

    def _read_paths(self) -> list[str]:
        """Version 5: tables described by their own formats (section 6.2.4.1); directory 0 is the compilation's."""
        directories = [name for name, _ in self._read_entries()]
        return [_join(directories, directory, name) for name, directory in self._read_entries()]

    def _read_entries(self) -> list[tuple[str, int]]:
        formats = [(self.leb(self.data), self.leb(self.data)) for _ in range(self.unsigned(1))]
        entries = []
        for _ in range(self.leb(self.data)):
            name, directory = "", 0
            for content, form in formats:
                value = self._read_form(form)
                if content == ContentType.PATH and isinstance(value, str):
                    name = value
                elif content == ContentType.DIRECTORY_INDEX and isinstance(value, int):
                    directory = value
            entries.append((name, directory))
        return entries

    def _read_form(self, form: int) -> int | str:
        match form:
            case Form.STRING:
                return self.text()
            case Form.LINE_STRP | Form.STRP:
                return self._pooled_text(".debug_line_str" if form == Form.LINE_STRP else ".debug_str")
            case Form.UDATA:
                return self.leb(self.data)
            case Form.BLOCK:
                size = self.leb(self.data)
                self.position += size
                return 0
            case Form.DATA1 | Form.DATA2 | Form.DATA4 | Form.DATA8 | Form.DATA16:
                return self.unsigned(_FIXED_SIZES[Form(form)])
            case _:
                raise self.refuse(f"unknown form {form:#x}")

    def _pooled_text(self, pool_name: str) -> str:
        offset = self.targets[self.position][1] if self.position in self.targets else 0
        offset += self.unsigned(4)
        pool = self.sections.get(pool_name, b"")
        end = pool.find(0, offset)
        if offset < 0 or end < 0:
            raise self.refuse(f"a name lies outside {pool_name}")
        return pool[offset:end].decode("utf-8", "surrogateescape")

    def _run(self, header: _Header) -> list[LineSequence]:
        """The line number state machine (section 6.2.5); only address, line and file matter here.

        A kernel has some hundred thousand of these instructions, hence one loop over local names.
        """
        data, length = self.data, header.minimum_instruction_length
        steps = _special_steps(header)
        sequences: list[LineSequence] = []
        section: InputSection | None = None
        rows: list[tuple[int, int, int]] = []
        address, line, file = 0, 1, 1
        while self.position < header.end:
            opcode = data[self.position]
            self.position += 1
            if opcode >= header.opcode_base:
                step, lines = steps[opcode - header.opcode_base]
                address += step
                line += lines
                rows.append((address, line, file))
            elif opcode == _COPY:
                rows.append((address, line, file))
            elif opcode == _ADVANCE_LINE:
                line += self.signed_leb()
            elif opcode == _ADVANCE_PC:
                address += self.leb(data) * length
            elif opcode == _SET_FILE:
                file = self.leb(data)
            elif opcode == _CONST_ADD_PC:
                address += steps[255 - header.opcode_base][0]
            elif opcode == _FIXED_ADVANCE_PC:
                address += self.unsigned(2)
            elif opcode:
                for _ in range(header.operand_counts[opcode - 1]):
                    self.leb(data)
            else:
                kind, end = self._extended()
                if kind == ExtendedOpcode.END_SEQUENCE:
                    sequences += _sequence(section, rows, header.paths)
                    section, rows = None, []
                    address, line, file = 0, 1, 1
                elif kind == ExtendedOpcode.SET_ADDRESS:
                    section, address = self._target()
                self.position = end
        return sequences

    def _extended(self) -> tuple[int, int]:
        """(opcode, where the instruction ends); the operands are next."""
        size = self.leb(self.data)
        end = self.position + size
        return (self.unsigned(1) if size else 0), end

    def _target(self) -> tuple[InputSection | None, int]:
        """Section and offset that the operand of DW_LNE_set_address is relocated to; an absolute one has no section."""
        target = self.targets.get(self.position)
        if target is None:
            return None, 0
        symbol = self.source.symbols[target[0]]
        return symbol.section, symbol.value + target[1]


_COPY, _ADVANCE_PC = int(StandardOpcode.COPY), int(StandardOpcode.ADVANCE_PC)
_ADVANCE_LINE, _SET_FILE = int(StandardOpcode.ADVANCE_LINE), int(StandardOpcode.SET_FILE)
_CONST_ADD_PC, _FIXED_ADVANCE_PC = int(StandardOpcode.CONST_ADD_PC), int(StandardOpcode.FIXED_ADVANCE_PC)


def _special_steps(header: _Header) -> list[tuple[int, int]]:
    """What each special opcode adds to address and line (section 6.2.5.1)."""
    return [
        (
            adjusted // header.line_range * header.minimum_instruction_length,
            header.line_base + adjusted % header.line_range,
        )
        for adjusted in range(256 - header.opcode_base)
    ]


def _sequence(section: InputSection | None, rows: list[tuple[int, int, int]], paths: list[str]) -> list[LineSequence]:
    """A finished sequence, if it has a section and rows that name a source line."""
    count = len(paths)
    named = [(address, line, paths[file]) for address, line, file in rows if line > 0 and file < count]
    return [LineSequence(section, named)] if section is not None and named else []
