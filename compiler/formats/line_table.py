"""The address → source line table that lies in an image's read-only data, for panics and faults.

Everything is little endian and an offset, so the table is right wherever the image is loaded. Text offsets count from
`__image_start`, string offsets from the start of the strings, table offsets from the start of the table. Layout:

    header (40 bytes)   u32 magic 0x4C435950 ("PYCL"), u32 version 1, u32 row count, u32 function count, u32 file count,
                        u32 rows offset, u32 functions offset, u32 files offset, u32 strings offset, u32 total size
    rows                12 bytes each, ascending text offset: u32 text offset, u32 line, u16 function, u16 file
    functions           24 bytes each, ascending start: u32 name offset, u32 name length, u32 file offset, u32 file
                        length, u32 start text offset, u32 size in bytes
    files               8 bytes each: u32 path offset, u32 path length
    strings             UTF-8, not terminated

A row covers the bytes up to the next row of the same function, at most to the function's end. A row's file differs
from its function's when code was inlined from another file. 0xFFFF as function or file means unknown. To look an
address up: binary search for the last function with start ≤ offset, check offset < start + size; binary search for
the last row with text offset ≤ offset, use it if its function is the one found; else only the function is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from struct import Struct, error

MAGIC = 0x4C43_5950
VERSION = 1
UNKNOWN = 0xFFFF  # function or file number of a row

HEADER = Struct("<10I")
ROW = Struct("<IIHH")
FUNCTION = Struct("<6I")
FILE = Struct("<II")


@dataclass(frozen=True, slots=True)
class LineRow:
    """From `offset` on, code comes from `line` of file number `file`, inside function number `function`."""

    offset: int
    line: int
    function: int
    file: int


@dataclass(frozen=True, slots=True)
class LineFunction:
    """A function's machine code; `file` is the path of the file that its first row names, "" if it has none."""

    name: str
    file: str
    start: int
    size: int


@dataclass(frozen=True, slots=True)
class LinePlace:
    """The answer to a look-up; `line` is 0 and `file` the function's if no row covers the address."""

    function: str
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class LineTableView:
    """A table read back on the host; `find` is the look-up of the module docstring."""

    rows: tuple[LineRow, ...]
    functions: tuple[LineFunction, ...]
    files: tuple[str, ...]

    def find(self, offset: int) -> LinePlace | None:
        """The source place of a text offset, None outside of every function."""
        number = _last_at_or_before([function.start for function in self.functions], offset)
        if number < 0 or offset >= self.functions[number].start + self.functions[number].size:
            return None
        function = self.functions[number]
        row = _last_at_or_before([row.offset for row in self.rows], offset)
        if row < 0 or self.rows[row].function != number:
            return LinePlace(function.name, function.file, 0)
        return LinePlace(function.name, self.files[self.rows[row].file], self.rows[row].line)


class LineTableError(ValueError):
    """The bytes are not a line table."""


def read_line_table(data: bytes) -> LineTableView:
    """Bytes → view; raises LineTableError."""
    try:
        magic, version, *numbers = HEADER.unpack_from(data)
        if (magic, version) != (MAGIC, VERSION):
            raise LineTableError("not a line table of version 1")
        row_count, function_count, file_count, rows, functions, files, strings, _ = numbers
        return LineTableView(
            tuple(LineRow(*ROW.unpack_from(data, rows + i * ROW.size)) for i in range(row_count)),
            tuple(_read_function(data, functions + i * FUNCTION.size, strings) for i in range(function_count)),
            tuple(_text(data, strings, *FILE.unpack_from(data, files + i * FILE.size)) for i in range(file_count)),
        )
    except error as fault:
        raise LineTableError("the line table is truncated") from fault


def _read_function(data: bytes, position: int, strings: int) -> LineFunction:
    name, name_size, file, file_size, start, size = FUNCTION.unpack_from(data, position)
    return LineFunction(_text(data, strings, name, name_size), _text(data, strings, file, file_size), start, size)


def _text(data: bytes, strings: int, offset: int, size: int) -> str:
    start = strings + offset
    if start + size > len(data):
        raise LineTableError("a string lies outside the line table")
    return data[start : start + size].decode("utf-8", "surrogateescape")


def _last_at_or_before(starts: list[int], offset: int) -> int:
    low, high = 0, len(starts)
    while low < high:
        middle = (low + high) // 2
        if starts[middle] <= offset:
            low = middle + 1
        else:
            high = middle
    return low - 1
