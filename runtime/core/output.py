"""Standard output and standard error.

stdout is buffered: full when it goes to a file, line by line on a terminal, as CPython's; stderr is written out at
the end of every text. Both flush at exit.

Contract: where bytes go is the start module's ``pyc_write``; a failed write raises ``OSError`` and drops what the
buffer held, so that the flush at exit does not fail a second time.
"""

from __future__ import annotations

from typing import Final

from runtime.core.text_objects import text_data, text_kind, text_length, text_unit
from runtime.core.text_units import ASCII_FLAG, ASCII_KIND, find_byte, read_unit
from runtime.core.utf8 import encode_code
from runtime.lang import Array, Ptr, copy_memory, external, i64, new_array, no_raise, truncate, u8, u64

BUFFER_SIZE: Final = 8192  # bytes; CPython's io.DEFAULT_BUFFER_SIZE
ERROR_PIECE_SIZE: Final = 256
LONGEST_CODE: Final = 4  # bytes of one code point in UTF-8
STDOUT: Final = 1
STDERR: Final = 2
_NEWLINE: Final = 10
_BROKEN_PIPE: Final = 32

_buffer: Array[u8] = new_array(u8, BUFFER_SIZE)
_used: int = 0
_error_piece: Array[u8] = new_array(u8, ERROR_PIECE_SIZE)
_terminal: int = -1  # 1 = line by line, 0 = full, -1 = not asked yet


@external("pyc_write")
@no_raise
def write_bytes(descriptor: u64, address: u64, length: u64) -> u64:
    """Bytes taken, or minus the error number as two's complement."""
    raise NotImplementedError


@external("pyc_is_terminal")
@no_raise
def is_terminal(descriptor: u64) -> u64:
    raise NotImplementedError


def write_all(descriptor: u64, address: u64, length: int) -> int:
    """Write everything, however many calls it takes; 0 or the error number."""
    written = 0
    while written < length:
        result = int(truncate(i64, write_bytes(descriptor, address + u64(written), u64(length - written))))
        if result < 0:
            return -result
        written += result
    return 0


def _write_error_text(number: int) -> str:
    match number:
        case 5:
            return "Input/output error"
        case 9:
            return "Bad file descriptor"
        case 28:
            return "No space left on device"
        case _:
            return "Write error"


def _raise_write_error(number: int) -> None:
    if number == _BROKEN_PIPE:
        raise BrokenPipeError(number, "Broken pipe")
    raise OSError(number, _write_error_text(number))


def drain_output() -> int:
    """Send out what is buffered; 0 or the error number. For the end of a program, where nobody catches."""
    global _used
    length = _used
    _used = 0
    return write_all(STDOUT, _buffer.pointer.address, length)


def flush_output() -> None:
    error = drain_output()
    if error != 0:
        _raise_write_error(error)


def write_output_bytes(address: u64, length: int) -> None:
    """Bytes to standard output, through the buffer; a text longer than the buffer goes out directly."""
    global _used
    if length > BUFFER_SIZE - _used:
        flush_output()
        if length > BUFFER_SIZE:
            error = write_all(STDOUT, address, length)
            if error != 0:
                _raise_write_error(error)
            return
    copy_memory(_buffer.pointer + _used, Ptr[u8](address), u64(length))
    _used += length


def _flush_lines(holds_newline: bool) -> None:
    global _terminal
    if _terminal < 0:
        _terminal = 1 if is_terminal(STDOUT) != 0 else 0
    if holds_newline and _terminal == 1:
        flush_output()


def write_text(text: str) -> None:
    """``text`` in UTF-8 to standard output."""
    length = text_length(text)
    data = text_data(text)
    if text_kind(text) == ASCII_KIND:
        write_output_bytes(data, length)
        _flush_lines(_terminal != 0 and find_byte(data, 0, length, _NEWLINE) >= 0)
        return
    _write_wide(text)
    _flush_lines(True)


def _write_wide(text: str) -> None:
    """Code points beyond ASCII, one by one into the buffer; a surrogate has no UTF-8."""
    global _used
    data = text_data(text)
    unit = text_unit(text)
    index = 0
    while index < text_length(text):
        code = read_unit(data, unit, index)
        if code & 0x1F_F800 == 0xD800:
            raise UnicodeEncodeError("utf-8", text, index, index + 1, "surrogates not allowed")
        if _used + LONGEST_CODE > BUFFER_SIZE:
            flush_output()
        _used += encode_code(_buffer.pointer + _used, code)
        index += 1


def write_error_bytes(address: u64, length: int) -> None:
    """Bytes to standard error at once; nobody is left to tell when that fails."""
    write_all(STDERR, address, length)


def write_error_text(text: str) -> None:
    if text_kind(text) & ASCII_FLAG != 0:
        write_error_bytes(text_data(text), text_length(text))
        return
    _write_error_wide(text_data(text), text_unit(text), text_length(text))


def _write_error_wide(data: u64, unit: int, length: int) -> None:
    """Beyond ASCII in pieces of a small buffer; a surrogate is shown as a question mark."""
    used = 0
    index = 0
    while index < length:
        code = read_unit(data, unit, index)
        used += encode_code(_error_piece.pointer + used, code if code & 0x1F_F800 != 0xD800 else 63)
        index += 1
        if used + LONGEST_CODE > ERROR_PIECE_SIZE or index == length:
            write_error_bytes(_error_piece.pointer.address, used)
            used = 0
