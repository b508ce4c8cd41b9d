"""UTF-8 at the edges: between code points in memory and bytes.

Reading follows Unicode 15 table 3-7 (well-formed byte sequences): a byte that belongs to no well-formed sequence is,
with surrogateescape, carried as U+DC80 … U+DCFF (PEP 383), which writing turns back into the byte.

Contract: regions are valid. ``decode_at`` packs its answer as ``code << 3 | bytes used``; a byte that starts nothing
well-formed gives a negative number: minus the count of bytes CPython's decoder replaces at once (1 to 3).
"""

from __future__ import annotations

from runtime.core.text_objects import new_text, text_data, text_from_ascii, text_kind, text_length, text_unit
from runtime.core.text_units import (
    ASCII_FLAG,
    ASCII_KIND,
    UNIT_MASK,
    is_ascii,
    kind_of_code,
    read_unit,
    wider_kind,
    write_unit,
)
from runtime.lang import Ptr, copy_memory, inline, u8, u64


@inline
def _is_continuation(source: Ptr[u8], index: int, end: int) -> bool:
    return index < end and source[index] & 0xC0 == 0x80


def decode_at(source: Ptr[u8], index: int, end: int) -> int:
    lead = int(source[index])
    if lead < 0x80:
        return lead << 3 | 1
    if lead < 0xC2 or lead > 0xF4:
        return -1
    if lead < 0xE0:
        if not _is_continuation(source, index + 1, end):
            return -1
        return ((lead & 0x1F) << 6 | int(source[index + 1]) & 0x3F) << 3 | 2
    if not _is_continuation(source, index + 1, end):
        return -1
    second = int(source[index + 1])
    if lead < 0xF0:
        return _decode_three(source, index, end, lead, second)
    return _decode_four(source, index, end, lead, second)


def _decode_three(source: Ptr[u8], index: int, end: int, lead: int, second: int) -> int:
    if (lead == 0xE0 and second < 0xA0) or (lead == 0xED and second >= 0xA0):  # overlong; surrogates
        return -1
    if not _is_continuation(source, index + 2, end):
        return -2
    return ((lead & 0xF) << 12 | (second & 0x3F) << 6 | int(source[index + 2]) & 0x3F) << 3 | 3


def _decode_four(source: Ptr[u8], index: int, end: int, lead: int, second: int) -> int:
    if (lead == 0xF0 and second < 0x90) or (lead == 0xF4 and second >= 0x90):  # overlong; above U+10FFFF
        return -1
    if not _is_continuation(source, index + 2, end):
        return -2
    if not _is_continuation(source, index + 3, end):
        return -3
    upper = (lead & 7) << 18 | (second & 0x3F) << 12
    return (upper | (int(source[index + 2]) & 0x3F) << 6 | int(source[index + 3]) & 0x3F) << 3 | 4


def text_from_utf8_escaped(address: u64, length: int) -> str:
    """Bytes as text with surrogateescape: never fails. For arguments, the environment and file names."""
    if is_ascii(address, length):
        return text_from_ascii(address, length)
    source = Ptr[u8](address)
    kind = ASCII_KIND
    count = 0
    index = 0
    while index < length:
        step = decode_at(source, index, length)
        code = step >> 3 if step > 0 else 0xDC00 + int(source[index])
        kind = wider_kind(kind, kind_of_code(code))
        index += step & 7 if step > 0 else 1
        count += 1
    result = new_text(count, kind)
    _write_escaped(source, length, text_data(result), kind & UNIT_MASK)
    return result


def _write_escaped(source: Ptr[u8], length: int, destination: u64, unit: int) -> None:
    index = 0
    position = 0
    while index < length:
        step = decode_at(source, index, length)
        write_unit(destination, unit, position, step >> 3 if step > 0 else 0xDC00 + int(source[index]))
        index += step & 7 if step > 0 else 1
        position += 1


def utf8_size_of_code(code: int) -> int:
    if code < 0x80:
        return 1
    if code < 0x800:
        return 2
    if 0xDC80 <= code <= 0xDCFF:  # an escaped byte
        return 1
    return 3 if code < 0x1_0000 else 4


def utf8_length(text: str) -> int:
    """Bytes that ``write_utf8`` writes."""
    length = text_length(text)
    if text_kind(text) & ASCII_FLAG != 0:
        return length
    data = text_data(text)
    unit = text_unit(text)
    total = 0
    index = 0
    while index < length:
        total += utf8_size_of_code(read_unit(data, unit, index))
        index += 1
    return total


def encode_code(destination: Ptr[u8], code: int) -> int:
    """Write one code point; the bytes written. Escaped bytes become themselves, other surrogates three bytes."""
    if code < 0x80 or 0xDC80 <= code <= 0xDCFF:
        destination[0] = u8(code & 0xFF)
        return 1
    if code < 0x800:
        destination[0] = u8(0xC0 | code >> 6)
        destination[1] = u8(0x80 | code & 0x3F)
        return 2
    if code < 0x1_0000:
        destination[0] = u8(0xE0 | code >> 12)
        destination[1] = u8(0x80 | code >> 6 & 0x3F)
        destination[2] = u8(0x80 | code & 0x3F)
        return 3
    destination[0] = u8(0xF0 | code >> 18)
    destination[1] = u8(0x80 | code >> 12 & 0x3F)
    destination[2] = u8(0x80 | code >> 6 & 0x3F)
    destination[3] = u8(0x80 | code & 0x3F)
    return 4


def write_utf8(text: str, destination: Ptr[u8]) -> int:
    """The text's UTF-8 (surrogateescape) at ``destination``, which has room for ``utf8_length``; bytes written."""
    length = text_length(text)
    data = text_data(text)
    if text_kind(text) & ASCII_FLAG != 0:
        copy_memory(destination, Ptr[u8](data), u64(length))
        return length
    unit = text_unit(text)
    written = 0
    index = 0
    while index < length:
        written += encode_code(destination + written, read_unit(data, unit, index))
        index += 1
    return written


def first_surrogate(text: str) -> int:
    """Index of the first surrogate, which strict UTF-8 cannot carry, or -1."""
    unit = text_unit(text)
    if unit == 1:
        return -1
    data = text_data(text)
    length = text_length(text)
    index = 0
    while index < length:
        if read_unit(data, unit, index) & 0x1F_F800 == 0xD800:
            return index
        index += 1
    return -1
