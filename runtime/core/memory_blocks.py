"""memcpy, memmove, memset and memcmp: the four functions that generated code calls behind our back.

LLVM turns aggregate copies and recognised loops into calls of these symbols, so their own bodies hold no loop that it
could recognise: short blocks go by overlapping loads and stores (all loads before the first store, which makes them
safe for overlapping operands), long ones by the string instructions, fast on every CPU since 2013 (ERMS).

Contract: System V; the regions are valid; a count of zero touches nothing.
"""

from __future__ import annotations

from runtime.lang import (
    Ptr,
    byte_swap,
    export,
    i32,
    inline,
    inline_assembly_void,
    u8,
    u16,
    u32,
    u64,
    wrapping_mul,
    wrapping_sub,
)

_BYTES_ALIKE: u64 = 0x0101_0101_0101_0101


@inline
def _copy_up_to_16(destination: Ptr[u8], source: Ptr[u8], count: u64) -> None:
    if count >= 8:
        tail = count - 8
        first = source.cast(u64)[0]
        last = (source + tail).cast(u64)[0]
        destination.cast(u64)[0] = first
        (destination + tail).cast(u64)[0] = last
    elif count >= 4:
        _copy_4_to_8(destination, source, count - 4)
    elif count > 0:
        middle = count >> 1
        head_byte = source[0]
        middle_byte = source[middle]
        last_byte = source[count - 1]
        destination[0] = head_byte
        destination[middle] = middle_byte
        destination[count - 1] = last_byte


@inline
def _copy_4_to_8(destination: Ptr[u8], source: Ptr[u8], tail: u64) -> None:
    first = source.cast(u32)[0]
    last = (source + tail).cast(u32)[0]
    destination.cast(u32)[0] = first
    (destination + tail).cast(u32)[0] = last


@inline
def _copy_17_to_32(destination: Ptr[u8], source: Ptr[u8], count: u64) -> None:
    tail = count - 16
    first = source.cast(u64)[0]
    second = source.cast(u64)[1]
    third = (source + tail).cast(u64)[0]
    fourth = (source + tail).cast(u64)[1]
    destination.cast(u64)[0] = first
    destination.cast(u64)[1] = second
    (destination + tail).cast(u64)[0] = third
    (destination + tail).cast(u64)[1] = fourth


@export("memcpy")
def memory_copy(destination: u64, source: u64, count: u64) -> u64:
    if count <= 16:
        _copy_up_to_16(Ptr[u8](destination), Ptr[u8](source), count)
    elif count <= 32:
        _copy_17_to_32(Ptr[u8](destination), Ptr[u8](source), count)
    else:
        inline_assembly_void(
            "rep movsb", "{rdi},{rsi},{rcx},~{rdi},~{rsi},~{rcx},~{memory}", destination, source, count
        )
    return destination


@export("memmove")
def memory_move(destination: u64, source: u64, count: u64) -> u64:
    # Unsigned difference: a destination below the source wraps to a large number, and forward is right there too.
    if count <= 32 or wrapping_sub(destination, source) >= count:
        return memory_copy(destination, source, count)
    _copy_backward(destination, source, count)
    return destination


def _copy_backward(destination: u64, source: u64, count: u64) -> None:
    """Overlapping upward move of more than 32 bytes: the words from the top down, then the odd bytes at the bottom."""
    words = count >> 3
    rest = count & 7
    inline_assembly_void(
        "std; rep movsq; cld",
        "{rdi},{rsi},{rcx},~{rdi},~{rsi},~{rcx},~{memory},~{dirflag}",
        destination + count - 8,
        source + count - 8,
        words,
    )
    _copy_up_to_16(Ptr[u8](destination), Ptr[u8](source), rest)


@inline
def _fill_up_to_16(destination: Ptr[u8], pattern: u64, count: u64) -> None:
    if count >= 8:
        destination.cast(u64)[0] = pattern
        (destination + (count - 8)).cast(u64)[0] = pattern
    elif count >= 4:
        destination.cast(u32)[0] = u32(pattern & 0xFFFF_FFFF)
        (destination + (count - 4)).cast(u32)[0] = u32(pattern & 0xFFFF_FFFF)
    elif count >= 2:
        destination.cast(u16)[0] = u16(pattern & 0xFFFF)
        (destination + (count - 2)).cast(u16)[0] = u16(pattern & 0xFFFF)
    elif count == 1:
        destination[0] = u8(pattern & 0xFF)


@export("memset")
def memory_fill(destination: u64, value: u64, count: u64) -> u64:
    if count <= 16:
        _fill_up_to_16(Ptr[u8](destination), wrapping_mul(value & 0xFF, _BYTES_ALIKE), count)
    else:
        inline_assembly_void("rep stosb", "{rdi},{rax},{rcx},~{rdi},~{rcx},~{memory}", destination, value, count)
    return destination


@export("memcmp")
def memory_compare(left: u64, right: u64, count: u64) -> i32:
    """Order of the first byte that differs, as unsigned bytes; eight at a time until a word differs."""
    a = Ptr[u8](left)
    b = Ptr[u8](right)
    position: u64 = 0
    while position + 8 <= count:
        first = (a + position).cast(u64)[0]
        second = (b + position).cast(u64)[0]
        if first != second:
            return -1 if byte_swap(first) < byte_swap(second) else 1
        position += 8
    while position < count:
        if a[position] != b[position]:
            return -1 if a[position] < b[position] else 1
        position += 1
    return 0
