"""Fold the inputs' `.debug_line` into the table of `compiler.formats.line_table`.

Two steps, because the table lies in the image that it describes: `build_line_table` runs the line programs against
input sections and so fixes every count and string, hence the size; `emit` adds the addresses once the layout is
known. Rows that repeat the line, file and function of the row before them are folded away; of rows at one address the
last counts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from compiler.formats import line_table as form
from compiler.formats.elf import SectionFlag, SymbolType
from compiler.link.object_file import InputSection, ObjectFile
from compiler.link.read_debug_line import read_line_sequences

_Rows = list[tuple[int, int, str]]  # (offset in the section, line, path)


@dataclass(slots=True, eq=False)
class _Function:
    """A function of a live section; `number` is its place in the table, by address, once that is known."""

    name: str
    section: InputSection
    start: int  # offset in the section
    size: int
    file: str = ""
    number: int = form.UNKNOWN


class _Row(NamedTuple):
    """A folded row."""

    section: InputSection
    offset: int
    line: int
    function: _Function | None
    file: str


class LineTable:
    """A table whose size is known and whose addresses are not, until `emit`."""

    def __init__(self, rows: list[_Row], functions: list[_Function]) -> None:
        self.rows = rows
        self.functions = functions
        self.strings = bytearray()
        self.places: dict[str, tuple[int, int]] = {}
        self.files = list(dict.fromkeys(row.file for row in rows))
        for text in [*self.files, *(f.name for f in functions), *(f.file for f in functions)]:
            self._add_text(text)
        self.starts = self._table_starts()
        self.size = self.starts[-1]

    def _add_text(self, text: str) -> None:
        if text not in self.places:
            encoded = text.encode("utf-8", "surrogateescape")
            self.places[text] = (len(self.strings), len(encoded))
            self.strings += encoded

    def _table_starts(self) -> tuple[int, int, int, int, int]:
        rows = form.HEADER.size
        functions = rows + len(self.rows) * form.ROW.size
        files = functions + len(self.functions) * form.FUNCTION.size
        strings = files + len(self.files) * form.FILE.size
        return rows, functions, files, strings, strings + len(self.strings)

    def emit(self) -> bytes:
        """The bytes, now that `InputSection.address` is set."""
        functions = sorted(self.functions, key=lambda f: (f.section.address + f.start, f.name))
        for number, function in enumerate(functions):
            function.number = min(number, form.UNKNOWN)
        counts = (len(self.rows), len(functions), len(self.files))
        data = bytearray(form.HEADER.pack(form.MAGIC, form.VERSION, *counts, *self.starts))
        data += self._emit_rows()
        for function in functions:
            name, file = self.places[function.name], self.places[function.file]
            data += form.FUNCTION.pack(*name, *file, function.section.address + function.start, function.size)
        data += b"".join(form.FILE.pack(*self.places[file]) for file in self.files) + self.strings
        assert len(data) == self.size, "the line table changed its size after layout"
        return bytes(data)

    def _emit_rows(self) -> bytes:
        file_numbers = {file: min(number, form.UNKNOWN) for number, file in enumerate(self.files)}
        rows = [
            (
                row.section.address + row.offset,
                row.line,
                row.function.number if row.function is not None else form.UNKNOWN,
                file_numbers[row.file],
            )
            for row in self.rows
        ]
        return b"".join(form.ROW.pack(*row) for row in sorted(rows))


def build_line_table(
    objects: list[ObjectFile], live: list[InputSection], display_name: Callable[[str], str]
) -> LineTable:
    """Everything about the live code's lines except where it will lie."""
    code = {section for section in live if section.flags & SectionFlag.EXECINSTR}
    functions = _functions_by_section(objects, code, display_name)
    rows: list[_Row] = []
    for section, found in _rows_by_section(objects, code).items():
        rows += _fold(section, found, functions.get(section, []))
    ordered = [function for section in live for function in functions.get(section, [])]
    return LineTable(rows, ordered)


def _functions_by_section(
    objects: list[ObjectFile], code: set[InputSection], display_name: Callable[[str], str]
) -> dict[InputSection, list[_Function]]:
    """Functions of each section by start; of several names for one address the first."""
    found: dict[InputSection, dict[int, _Function]] = {}
    for source in objects:
        for symbol in source.symbols:
            if symbol.kind == SymbolType.FUNC and symbol.section in code and symbol.size:
                starts = found.setdefault(symbol.section, {})
                name = display_name(symbol.name)
                starts.setdefault(symbol.value, _Function(name, symbol.section, symbol.value, symbol.size))
    return {section: [starts[start] for start in sorted(starts)] for section, starts in found.items()}


def _rows_by_section(objects: list[ObjectFile], code: set[InputSection]) -> dict[InputSection, _Rows]:
    rows: dict[InputSection, _Rows] = {}
    for source in objects:
        for sequence in read_line_sequences(source):
            if sequence.section in code:
                rows.setdefault(sequence.section, []).extend(sequence.rows)
    return rows


def _fold(section: InputSection, rows: _Rows, functions: list[_Function]) -> list[_Row]:
    latest = {row[0]: row for row in rows}  # of several rows at one offset the last counts (DWARF 5 section 6.2.2)
    folded: list[_Row] = []
    before: tuple[int, str, _Function | None] | None = None
    spans = iter(functions)
    function = next(spans, None)
    for offset, line, path in (latest[offset] for offset in sorted(latest)):
        while function is not None and offset >= function.start + function.size:
            function = next(spans, None)
        inside = function if function is not None and offset >= function.start else None
        if inside is not None and not inside.file:
            inside.file = path
        if before != (line, path, inside):
            before = (line, path, inside)
            folded.append(_Row(section, offset, line, inside, path))
    return folded
