"""Making and looking into ``str`` and ``bytes`` objects: the layer between raw units and the classes.

Idea: a new object is uniquely owned and therefore still mutable; whoever makes one fills it before anybody else sees
it. A ``str`` may carry spare room, noted in the upper bits of its kind word, which ``append_in_place`` uses.

Contract: lengths are not negative; the caller fills exactly the units it asked for. The kind must be the narrowest
(``text_units.narrowest_kind``): equal texts have equal kinds. One terminating zero unit follows the text.
"""

from __future__ import annotations

from typing import Final

from runtime.core.text_units import (
    ASCII_KIND,
    KIND_MASK,
    UNIT_MASK,
    copy_units,
    kind_of_code,
    narrowest_kind,
    write_unit,
)
from runtime.lang import (
    Array,
    Ptr,
    allocate_object,
    as_bytes_object,
    as_string,
    copy_memory,
    inline,
    new_array,
    object_address,
    object_from_address,
    trailing_address,
    u8,
    u64,
)

ROOM_SHIFT: Final = 16  # of the kind word: bytes of room for units, terminator not counted
TEXT_HEADER: Final = 40  # bytes before the units of a str
CHARACTER_STRIDE: Final = 48  # one cached character: header, unit, terminator, rounded to 16
CHARACTER_WORDS: Final = 1536  # 256 characters of 6 words

_characters: Array[u64] = new_array(u64, CHARACTER_WORDS, align=16)


@inline
def text_length(text: str) -> int:
    return as_string(text)._length


@inline
def text_kind(text: str) -> int:
    return as_string(text)._kind & KIND_MASK


@inline
def text_unit(text: str) -> int:
    return as_string(text)._kind & UNIT_MASK


@inline
def text_data(text: str) -> u64:
    return trailing_address(text)


def new_text(length: int, kind: int) -> str:
    """A str of ``length`` units still to be written; the room is what rounding to 16 bytes leaves."""
    unit = kind & UNIT_MASK
    size = (TEXT_HEADER + (length + 1) * unit + 15) // 16 * 16 - TEXT_HEADER
    return _text_with_room(length, kind, size)


def new_text_with_room(length: int, kind: int) -> str:
    """Like ``new_text`` with spare room of an eighth and more, for texts that grow."""
    unit = kind & UNIT_MASK
    wanted = (length + (length >> 3) + 17) * unit
    return _text_with_room(length, kind, (TEXT_HEADER + wanted + 15) // 16 * 16 - TEXT_HEADER)


def _text_with_room(length: int, kind: int, size: int) -> str:
    unit = kind & UNIT_MASK
    result = allocate_object(str, u64(size))
    inside = as_string(result)
    inside._length = length
    inside._hash = 0
    inside._kind = (kind & KIND_MASK) | (size - unit) << ROOM_SHIFT
    write_unit(trailing_address(result), unit, length, 0)
    return result


@inline
def text_room(text: str) -> int:
    """Units that fit behind the header, terminator not counted; 0 for literals."""
    return (as_string(text)._kind >> ROOM_SHIFT) // (as_string(text)._kind & UNIT_MASK)


def character(code: int) -> str:
    """The one-character text of a valid code point; Latin-1 ones live in .bss, made once and immortal."""
    if code < 0x100:
        return _latin_character(code)
    kind = kind_of_code(code)
    result = new_text(1, kind)
    write_unit(text_data(result), kind & UNIT_MASK, 0, code)
    return result


def _latin_character(code: int) -> str:
    words = _characters.pointer + code * 6
    if words[1] == 0:
        words[0] = 0xFFFF_FFFF_FFFF_FFFF  # count: immortal
        words[2] = 1
        words[4] = u64(kind_of_code(code))
        words[5] = u64(code)
        words[1] = Ptr[u64](object_address(""))[1]
    return object_from_address(str, words.address)


def text_from_units(data: u64, unit: int, count: int) -> str:
    """A copy of code points that lie elsewhere, in the narrowest kind."""
    if count == 0:
        return ""
    kind = narrowest_kind(data, unit, count)
    result = new_text(count, kind)
    copy_units(text_data(result), kind & UNIT_MASK, 0, data, unit, count)
    return result


def text_slice(text: str, start: int, stop: int) -> str:
    """``text[start:stop]`` with bounds already clamped; the whole text is itself."""
    length = text_length(text)
    if start == 0 and stop == length:
        return text
    if start >= stop:
        return ""
    unit = text_unit(text)
    data = text_data(text) + u64(start * unit)
    if text_kind(text) != ASCII_KIND:
        return text_from_units(data, unit, stop - start)
    if stop - start == 1:
        return _latin_character(int(Ptr[u8](data)[0]))
    result = new_text(stop - start, ASCII_KIND)
    copy_memory(Ptr[u8](text_data(result)), Ptr[u8](data), u64(stop - start))
    return result


def text_from_ascii(data: u64, count: int) -> str:
    """A copy of bytes that are known to be ASCII."""
    if count == 0:
        return ""
    result = new_text(count, ASCII_KIND)
    copy_memory(Ptr[u8](text_data(result)), Ptr[u8](data), u64(count))
    return result


def new_bytes(length: int) -> bytes:
    """A bytes object of ``length`` bytes still to be written, terminated by a zero byte."""
    result = allocate_object(bytes, u64(length + 1))
    inside = as_bytes_object(result)
    inside._length = length
    inside._hash = 0
    Ptr[u8](trailing_address(result))[length] = 0
    return result


@inline
def bytes_data(data: bytes) -> u64:
    return trailing_address(data)


def bytes_from_memory(address: u64, count: int) -> bytes:
    result = new_bytes(count)
    copy_memory(Ptr[u8](bytes_data(result)), Ptr[u8](address), u64(count))
    return result
