"""Raw code points in memory: the bottom of ``str``.

A text is an address, a kind (1, 2 or 4 bytes for each code point) and a length. Loops are written for each kind, so
that none decides the kind at every step; scans of one-byte texts go eight bytes at a time.

Contract: the regions are valid; indices are not checked here. Positions are ``int``; -1 means not found.
"""

from __future__ import annotations

from typing import Final

from runtime.lang import (
    Ptr,
    compare_memory,
    copy_memory,
    count_trailing_zeros,
    inline,
    u8,
    u16,
    u32,
    u64,
    wrapping_mul,
    wrapping_sub,
)

UNIT_MASK: Final = 0xFF  # of ``str._kind``: bytes for each code point
ASCII_FLAG: Final = 0x100
KIND_MASK: Final = 0x1FF
ASCII_KIND: Final = 0x101
LATIN_KIND: Final = 1
WIDE_KIND: Final = 2
FULL_KIND: Final = 4

_LOW_BITS: Final[u64] = 0x0101_0101_0101_0101
_HIGH_BITS: Final[u64] = 0x8080_8080_8080_8080


@inline
def read_unit(data: u64, unit: int, index: int) -> int:
    if unit == 1:
        return int(Ptr[u8](data)[index])
    if unit == 2:
        return int(Ptr[u16](data)[index])
    return int(Ptr[u32](data)[index])


@inline
def write_unit(data: u64, unit: int, index: int, code: int) -> None:
    if unit == 1:
        Ptr[u8](data)[index] = u8(code)
    elif unit == 2:
        Ptr[u16](data)[index] = u16(code)
    else:
        Ptr[u32](data)[index] = u32(code)


def kind_of_code(code: int) -> int:
    """The narrowest kind that holds the code point, with the ASCII flag."""
    if code < 0x80:
        return ASCII_KIND
    if code < 0x100:
        return LATIN_KIND
    return WIDE_KIND if code < 0x1_0000 else FULL_KIND


@inline
def wider_kind(a: int, b: int) -> int:
    """The kind that holds the texts of both: the wider unit; ASCII only if both are."""
    unit = max(a & UNIT_MASK, b & UNIT_MASK)
    return unit | (a & b & ASCII_FLAG)


def copy_units(destination: u64, unit: int, index: int, source: u64, source_unit: int, count: int) -> None:
    """Copy ``count`` code points to ``destination[index]``, widening or (where they fit) narrowing."""
    if unit == source_unit:
        copy_memory(Ptr[u8](destination) + index * unit, Ptr[u8](source), u64(count * unit))
        return
    position = 0
    if source_unit == 1 and unit == 2:
        while position < count:
            Ptr[u16](destination)[index + position] = u16(Ptr[u8](source)[position])
            position += 1
        return
    while position < count:
        write_unit(destination, unit, index + position, read_unit(source, source_unit, position))
        position += 1


def is_ascii(data: u64, count: int) -> bool:
    """Whether none of the bytes has its high bit set."""
    bytes_left = Ptr[u8](data)
    position = 0
    while position + 8 <= count:
        if (bytes_left + position).cast(u64)[0] & _HIGH_BITS != 0:
            return False
        position += 8
    while position < count:
        if bytes_left[position] >= 0x80:
            return False
        position += 1
    return True


def narrowest_kind(data: u64, unit: int, count: int) -> int:
    """The kind ``str`` must have for these code points: always the narrowest, so that equal texts have equal kinds."""
    if unit == 1:
        return ASCII_KIND if is_ascii(data, count) else LATIN_KIND
    largest = 0
    position = 0
    while position < count:
        largest |= read_unit(data, unit, position)
        position += 1
    return kind_of_code(largest)


def find_byte(data: u64, start: int, end: int, byte: u8) -> int:
    """First index in [start, end) that holds ``byte``, or -1."""
    source = Ptr[u8](data)
    pattern = wrapping_mul(u64(byte), _LOW_BITS)
    position = start
    while position + 8 <= end:
        word = (source + position).cast(u64)[0] ^ pattern
        zeros = wrapping_sub(word, _LOW_BITS) & ~word & _HIGH_BITS
        if zeros != 0:  # the lowest marked byte is exact; borrows disturb only higher ones
            return position + int(count_trailing_zeros(zeros) >> 3)
        position += 8
    while position < end:
        if source[position] == byte:
            return position
        position += 1
    return -1


def find_unit(data: u64, unit: int, start: int, end: int, code: int) -> int:
    if unit == 1:
        return find_byte(data, start, end, u8(code)) if code < 0x100 else -1
    position = start
    while position < end:
        if read_unit(data, unit, position) == code:
            return position
        position += 1
    return -1


def same_units(a: u64, a_unit: int, b: u64, b_unit: int, count: int) -> bool:
    if a_unit == b_unit:
        return compare_memory(Ptr[u8](a), Ptr[u8](b), u64(count * a_unit)) == 0
    position = 0
    while position < count:
        if read_unit(a, a_unit, position) != read_unit(b, b_unit, position):
            return False
        position += 1
    return True


def find_units(data: u64, unit: int, start: int, end: int, needle: u64, needle_unit: int, count: int) -> int:
    """First place of the needle (count > 0) that lies wholly inside [start, end), or -1."""
    first = read_unit(needle, needle_unit, 0)
    last_start = end - count + 1
    position = start
    while position < last_start:
        position = find_unit(data, unit, position, last_start, first)
        if position < 0:
            return -1
        if same_units(data + u64(position * unit), unit, needle, needle_unit, count):
            return position
        position += 1
    return -1


def find_units_last(data: u64, unit: int, start: int, end: int, needle: u64, needle_unit: int, count: int) -> int:
    position = end - count
    while position >= start:
        if same_units(data + u64(position * unit), unit, needle, needle_unit, count):
            return position
        position -= 1
    return -1


def compare_units(a: u64, a_unit: int, a_count: int, b: u64, b_unit: int, b_count: int) -> int:
    """Order by code points: negative, zero or positive."""
    count = min(a_count, b_count)
    if a_unit == 1 and b_unit == 1:
        order = compare_memory(Ptr[u8](a), Ptr[u8](b), u64(count))
        return order if order != 0 else a_count - b_count
    position = 0
    while position < count:
        difference = read_unit(a, a_unit, position) - read_unit(b, b_unit, position)
        if difference != 0:
            return difference
        position += 1
    return a_count - b_count


def hash_units(data: u64, byte_count: int, seed: u64) -> u64:
    """A keyed 64-bit hash: eight bytes at a time, multiplied and folded."""
    source = Ptr[u8](data)
    value: u64 = seed ^ wrapping_mul(u64(byte_count), 0x9E37_79B9_7F4A_7C15)
    position = 0
    while position + 8 <= byte_count:
        value = _mix(value ^ (source + position).cast(u64)[0])
        position += 8
    tail: u64 = 0
    while position < byte_count:
        tail = (tail & 0x00FF_FFFF_FFFF_FFFF) << 8 | u64(source[position])
        position += 1
    return _mix(value ^ tail)


@inline
def _mix(value: u64) -> u64:
    product = wrapping_mul(value ^ (value >> 32), 0xD6E8_FEB8_6659_FD93)
    return product ^ (product >> 29)
