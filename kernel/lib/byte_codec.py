"""Little-endian numbers in byte arrays: how every on-disk, on-wire and firmware structure is read and written.

Offsets count bytes. The caller has checked that the field lies inside the array: an offset past the end is a defect
(IndexError). 64-bit fields come as `u64`, because hostile data may not fit an `int`; check the range, then convert.
"""

from __future__ import annotations

from runtime.lang import Array, new_array, truncate, u8, u64


def get_u16(data: Array[u8], offset: int) -> int:
    """Read the 16-bit number at `offset`."""
    return int(data[offset]) | int(data[offset + 1]) << 8


def get_u32(data: Array[u8], offset: int) -> int:
    """Read the 32-bit number at `offset`."""
    return get_u16(data, offset) | get_u16(data, offset + 2) << 16


def get_u64(data: Array[u8], offset: int) -> u64:
    """Read the 64-bit number at `offset`."""
    return u64(get_u32(data, offset)) | (u64(get_u32(data, offset + 4)) << 32)


def put_u16(data: Array[u8], offset: int, value: int) -> None:
    """Write a 16-bit number; higher bits of the value are ignored."""
    data[offset] = truncate(u8, value)
    data[offset + 1] = truncate(u8, value >> 8)


def put_u32(data: Array[u8], offset: int, value: int) -> None:
    """Write a 32-bit number; higher bits of the value are ignored."""
    put_u16(data, offset, value)
    put_u16(data, offset + 2, value >> 16)


def put_u64(data: Array[u8], offset: int, value: u64) -> None:
    """Write a 64-bit number."""
    put_u32(data, offset, int(value & 0xFFFFFFFF))
    put_u32(data, offset + 4, int(value >> 32))


def has_signature(data: Array[u8], offset: int, signature: bytes) -> bool:
    """Tell whether the bytes at `offset` are the signature; one that would pass the end does not match."""
    if offset < 0 or offset + len(signature) > len(data):
        return False
    for index in range(len(signature)):
        if data[offset + index] != signature[index]:
            return False
    return True


def put_bytes(data: Array[u8], offset: int, source: bytes) -> None:
    """Copy all bytes of `source` to `offset`."""
    for index in range(len(source)):
        data[offset + index] = u8(source[index])


def array_of(source: bytes) -> Array[u8]:
    """Return a new byte array with the same content."""
    result = new_array(u8, len(source))
    put_bytes(result, 0, source)
    return result


def latin1_text(data: Array[u8], offset: int, length: int) -> str:
    """Return `length` bytes as text, one code point per byte."""
    text = ""
    for index in range(offset, offset + length):
        text += chr(int(data[index]))
    return text
