"""From an address in the image to file, line and function, for tracebacks.

Rank 2. The table: compiler/formats/line_table.py.

    header (40 bytes)   magic, version, rows, functions, files, offsets of rows, functions, files, strings, total size
    row (12 bytes)      text offset, line, function (u16), file (u16)
    function (24 bytes) name offset and length, file offset and length, start, size
    file (8 bytes)      path offset and length

All little endian, offsets from the table's start (text offsets from the image's). The table is read as raw words
because a panic must not allocate; a table that is absent, of another version or inconsistent gives no location, never
a wrong access: every offset is tested against the total size. `Lookup` is pure over a base pointer and runs in unit
tests.
"""

from __future__ import annotations

from typing import Final

from kernel.debug import log
from runtime.lang import Ptr, linker_symbol, u8, u16, u32, u64

MAGIC: Final = 0x4C43_5950
VERSION: Final = 1
HEADER_SIZE: Final = 40
ROW_SIZE: Final = 12
FUNCTION_SIZE: Final = 24
FILE_SIZE: Final = 8
NO_ENTRY: Final = -1


class LineTable:
    """A table in memory; `open` tells whether it can be used."""

    base: u64 = 0
    size: u64 = 0
    rows: int = 0
    functions: int = 0
    files: int = 0
    rows_at: u64 = 0
    functions_at: u64 = 0
    files_at: u64 = 0
    strings_at: u64 = 0

    def open(self, start: u64, end: u64) -> bool:
        """Read and test the header of the table in [start, end)."""
        self.base = start
        if end < start + HEADER_SIZE or self.word(0) != MAGIC or self.word(4) != VERSION:
            return False
        self.size = u64(self.word(36))
        self.rows = int(self.word(8))
        self.functions = int(self.word(12))
        self.files = int(self.word(16))
        self.rows_at = u64(self.word(20))
        self.functions_at = u64(self.word(24))
        self.files_at = u64(self.word(28))
        self.strings_at = u64(self.word(32))
        return (
            self.size <= end - start
            and self.fits(self.rows_at, self.rows, ROW_SIZE)
            and self.fits(self.functions_at, self.functions, FUNCTION_SIZE)
            and self.fits(self.files_at, self.files, FILE_SIZE)
            and self.strings_at <= self.size
        )

    def fits(self, offset: u64, count: int, item_size: int) -> bool:
        return offset + u64(count * item_size) <= self.size

    def word(self, offset: u64) -> u32:
        return Ptr[u32](self.base + offset)[0]

    def half(self, offset: u64) -> u16:
        return Ptr[u16](self.base + offset)[0]

    def find_function(self, text_offset: u64) -> int:
        """The number of the function that covers an offset from the image's start, or NO_ENTRY."""
        low = 0
        high = self.functions
        while low < high:
            middle = (low + high) // 2
            if u64(self.word(self.function_at(middle) + 16)) <= text_offset:
                low = middle + 1
            else:
                high = middle
        if low == 0:
            return NO_ENTRY
        start = u64(self.word(self.function_at(low - 1) + 16))
        size = u64(self.word(self.function_at(low - 1) + 20))
        return low - 1 if text_offset - start < size else NO_ENTRY

    def find_row(self, text_offset: u64, function: int) -> int:
        """The number of the row that covers an offset within a function, or NO_ENTRY."""
        low = 0
        high = self.rows
        while low < high:
            middle = (low + high) // 2
            if u64(self.word(self.row_at(middle))) <= text_offset:
                low = middle + 1
            else:
                high = middle
        if low == 0 or int(self.half(self.row_at(low - 1) + 8)) != function:
            return NO_ENTRY
        return low - 1

    def function_at(self, number: int) -> u64:
        return self.functions_at + u64(number * FUNCTION_SIZE)

    def row_at(self, number: int) -> u64:
        return self.rows_at + u64(number * ROW_SIZE)

    def row_line(self, row: int) -> u32:
        return self.word(self.row_at(row) + 4)

    def row_file(self, row: int) -> int:
        """The file number of a row, or NO_ENTRY when it is unknown."""
        number = int(self.half(self.row_at(row) + 10))
        return number if number < self.files else NO_ENTRY

    def put_string(self, entry: u64) -> None:
        """Log the string whose offset and length stand at a place of the table."""
        offset = self.strings_at + self.word(entry)
        length = u64(self.word(entry + 4))
        if offset > self.size or length > self.size - offset:
            log.write("?")
            return
        text = Ptr[u8](self.base + offset)
        for position in range(length):
            log.LOG.put(int(text[position]))


# Filled at each use: the image moves once.
TABLE = LineTable()


def write_location(address: u64) -> None:
    """Log "file:line in function" for an address, or "?" when the table does not know it."""
    image = linker_symbol("__image_start")
    inside = address >= image and address < linker_symbol("__image_end")
    if not inside or not TABLE.open(linker_symbol("__line_table_start"), linker_symbol("__line_table_end")):
        log.write("?")
        return
    write_place(TABLE, address - image)


def write_place(table: LineTable, text_offset: u64) -> None:
    """Log what a table knows about an offset."""
    function = table.find_function(text_offset)
    if function == NO_ENTRY:
        log.write("?")
        return
    row = table.find_row(text_offset, function)
    file = table.row_file(row) if row != NO_ENTRY else NO_ENTRY
    if file != NO_ENTRY:
        table.put_string(table.files_at + u64(file * FILE_SIZE))
        log.write(":")
        log.write_decimal(u64(table.row_line(row)))
    else:
        table.put_string(table.function_at(function) + 8)
    log.write(" in ")
    table.put_string(table.function_at(function))
