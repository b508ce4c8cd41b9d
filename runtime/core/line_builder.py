"""A line of text put together in one place that is always there: for errors, which every program carries.

Unlike text concatenation it allocates nothing until the line is finished, cannot fail, and costs a few bytes for each
piece. Contract: one line at a time, on one thread; what does not fit ``LINE_SIZE`` bytes is cut. Pieces are ASCII or
raw UTF-8.
"""

from __future__ import annotations

from typing import Final

from runtime.core.integers import binary_length, decimal_length, write_binary, write_decimal
from runtime.core.text_objects import text_data, text_length
from runtime.core.utf8 import text_from_utf8_escaped, utf8_length, write_utf8
from runtime.lang import Array, Ptr, copy_memory, new_array, no_inline, u8, u64

LINE_SIZE: Final = 1024

_line: Array[u8] = new_array(u8, LINE_SIZE)
_used: Array[u64] = new_array(u64, 1)


@no_inline
def add_bytes(data: Ptr[u8], length: u64) -> None:
    room = LINE_SIZE - _used.pointer[0]
    taken = length if length < room else room
    copy_memory(_line.pointer + _used.pointer[0], data, taken)
    _used.pointer[0] += taken


@no_inline
def add_ascii(text: str) -> None:
    add_bytes(Ptr[u8](text_data(text)), u64(text_length(text)))


def add_text(text: str) -> None:
    """Any text; left out when it does not fit as a whole."""
    if utf8_length(text) <= LINE_SIZE - int(_used.pointer[0]):
        _used.pointer[0] += u64(write_utf8(text, _line.pointer + _used.pointer[0]))


@no_inline
def add_decimal(value: u64) -> None:
    length = u64(decimal_length(value))
    if length <= LINE_SIZE - _used.pointer[0]:
        _used.pointer[0] += length
        write_decimal(_line.pointer + _used.pointer[0], value)


@no_inline
def add_hexadecimal(value: u64, width: int) -> None:
    """At least ``width`` digits."""
    missing = width - binary_length(value, 4)
    while missing > 0:
        add_ascii("0")
        missing -= 1
    length = u64(binary_length(value, 4))
    if length <= LINE_SIZE - _used.pointer[0]:
        _used.pointer[0] += length
        write_binary(_line.pointer + _used.pointer[0], value, 4)


def line_address() -> u64:
    return _line.pointer.address


def take_length() -> int:
    """The bytes of the line, which is over."""
    length = int(_used.pointer[0])
    _used.pointer[0] = 0
    return length


def take_line() -> str:
    """The line as text."""
    return text_from_utf8_escaped(line_address(), take_length())
