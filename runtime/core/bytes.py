"""``bytes``: immutable bytes. Layout: length at 16, hash at 24, data at 32, one zero byte behind the data."""

from __future__ import annotations

from typing import Final

from runtime.core import bytes_parts
from runtime.core.string_search import clamp_bound, clamp_start, slice_count, slice_start
from runtime.core.text_codecs import decode_bytes
from runtime.core.text_objects import bytes_data, new_bytes
from runtime.core.text_units import hash_units
from runtime.lang import (
    Ptr,
    as_bytes,
    builtin_class,
    compare_memory,
    copy_memory,
    i64,
    truncate,
    u8,
    u64,
)

MAXIMUM: Final = 0x7FFF_FFFF_FFFF_FFFF
HASH_SEED: Final = 0x243F_6A88_85A3_08D3


@builtin_class("bytes")
class Bytes:
    _length: int
    _hash: int

    def __len__(self) -> int:
        return self._length

    def __bool__(self) -> bool:
        return self._length != 0

    def __getitem__(self, index: int) -> int:
        position = index if index >= 0 else index + self._length
        if position < 0 or position >= self._length:
            raise IndexError("index out of range")
        return int(Ptr[u8](bytes_data(as_bytes(self)))[position])

    def __getslice__(self, start: int, stop: int) -> bytes:
        first = clamp_bound(start, self._length)
        last = clamp_bound(stop, self._length)
        return bytes_parts.bytes_slice(as_bytes(self), first, last)

    def __getslicestep__(self, start: int, stop: int, step: int, has_start: bool, has_stop: bool) -> bytes:
        position = slice_start(start, step, has_start, self._length)
        count = slice_count(position, stop, step, has_stop, self._length)
        result = new_bytes(count)
        source, target = Ptr[u8](bytes_data(as_bytes(self))), Ptr[u8](bytes_data(result))
        for index in range(count):
            target[index] = source[position]
            if index < count - 1:
                position += step
        return result

    def __hash__(self) -> int:
        if self._hash == 0:
            number = int(truncate(i64, hash_units(bytes_data(as_bytes(self)), self._length, HASH_SEED)))
            self._hash = number if number != 0 else 1
        return self._hash

    def __eq__(self, other: Bytes) -> bool:  # type: ignore[override]
        return self._length == other._length and _order(self, other) == 0

    def __lt__(self, other: Bytes) -> bool:
        return _order(self, other) < 0

    def __le__(self, other: Bytes) -> bool:
        return _order(self, other) <= 0

    def __gt__(self, other: Bytes) -> bool:
        return _order(self, other) > 0

    def __ge__(self, other: Bytes) -> bool:
        return _order(self, other) >= 0

    def __add__(self, other: bytes) -> bytes:
        if self._length == 0:
            return other
        result = new_bytes(self._length + len(other))
        target = Ptr[u8](bytes_data(result))
        copy_memory(target, Ptr[u8](bytes_data(as_bytes(self))), u64(self._length))
        copy_memory(target + self._length, Ptr[u8](bytes_data(other)), u64(len(other)))
        return result

    def __mul__(self, count: int) -> bytes:
        return bytes_parts.repeat_bytes(as_bytes(self), count)

    def __contains__(self, part: bytes) -> bool:
        return bytes_parts.find_part(as_bytes(self), part, 0, self._length) >= 0

    def contains_octet(self, value: int) -> bool:
        """``value in data`` for a number."""
        if value < 0 or value > 255:
            raise ValueError("byte must be in range(0, 256)")
        index = 0
        data = Ptr[u8](bytes_data(as_bytes(self)))
        while index < self._length:
            if data[index] == value:
                return True
            index += 1
        return False

    def __repr__(self) -> str:
        return bytes_parts.bytes_repr(as_bytes(self))

    def __str__(self) -> str:
        return bytes_parts.bytes_repr(as_bytes(self))

    def find(self, part: bytes, start: int = 0, end: int = MAXIMUM) -> int:
        first = clamp_start(start, self._length)
        return bytes_parts.find_part(as_bytes(self), part, first, clamp_bound(end, self._length))

    def rfind(self, part: bytes, start: int = 0, end: int = MAXIMUM) -> int:
        first = clamp_start(start, self._length)
        return bytes_parts.find_part_last(as_bytes(self), part, first, clamp_bound(end, self._length))

    def index(self, part: bytes, start: int = 0, end: int = MAXIMUM) -> int:
        place = self.find(part, start, end)
        if place < 0:
            raise ValueError("subsection not found")
        return place

    def count(self, part: bytes, start: int = 0, end: int = MAXIMUM) -> int:
        first = clamp_start(start, self._length)
        return bytes_parts.count_part(as_bytes(self), part, first, clamp_bound(end, self._length))

    def startswith(self, prefix: bytes) -> bool:
        return bytes_parts.stands_at(as_bytes(self), prefix, 0, self._length)

    def endswith(self, suffix: bytes) -> bool:
        return bytes_parts.stands_at(as_bytes(self), suffix, self._length - len(suffix), self._length)

    def split(self, sep: bytes, maxsplit: int = -1) -> list[bytes]:
        return bytes_parts.split_bytes(as_bytes(self), sep, maxsplit)

    def join(self, parts: list[bytes]) -> bytes:
        return bytes_parts.join_bytes(as_bytes(self), parts)

    def strip(self, chars: bytes | None = None) -> bytes:
        return bytes_parts.strip_bytes(as_bytes(self), chars, True, True)

    def lstrip(self, chars: bytes | None = None) -> bytes:
        return bytes_parts.strip_bytes(as_bytes(self), chars, True, False)

    def rstrip(self, chars: bytes | None = None) -> bytes:
        return bytes_parts.strip_bytes(as_bytes(self), chars, False, True)

    def replace(self, old: bytes, new: bytes) -> bytes:
        return bytes_parts.replace_bytes(as_bytes(self), old, new)

    def hex(self) -> str:
        return bytes_parts.bytes_hex(as_bytes(self))

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        return decode_bytes(as_bytes(self), encoding, errors)


def _order(a: Bytes, b: Bytes) -> int:
    count = min(a._length, b._length)
    order = compare_memory(Ptr[u8](bytes_data(as_bytes(a))), Ptr[u8](bytes_data(as_bytes(b))), u64(count))
    return order if order != 0 else a._length - b._length
