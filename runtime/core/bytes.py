"""``bytes``: immutable bytes. Layout: length at 16, hash at 24, data at 32, one zero byte behind the data."""

from __future__ import annotations

from typing import Final

from runtime.core.string_search import clamp_bound
from runtime.core.text_objects import bytes_data, bytes_from_memory, new_bytes
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
        if first == 0 and last == self._length:
            return as_bytes(self)
        if first >= last:
            return b""
        return bytes_from_memory(bytes_data(as_bytes(self)) + u64(first), last - first)

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


def _order(a: Bytes, b: Bytes) -> int:
    count = min(a._length, b._length)
    order = compare_memory(Ptr[u8](bytes_data(as_bytes(a))), Ptr[u8](bytes_data(as_bytes(b))), u64(count))
    return order if order != 0 else a._length - b._length
