"""Bulk moves, fills and compares of raw memory, counted in bytes."""

from __future__ import annotations

from operator import index as as_index

from runtime.host.arenas import memory
from runtime.host.errors import OverlappingCopy
from runtime.lang.pointers import Ptr
from runtime.lang.widths import overflow


def copy_memory(destination: Ptr[int], source: Ptr[int], count: int) -> None:
    """Copy `count` bytes between ranges that share none."""
    distance = abs(int(destination.address) - int(source.address))
    if distance < count:
        raise OverlappingCopy(f"copy of {int(count)} bytes over a distance of {distance}: use move_memory")
    move_memory(destination, source, count)


def move_memory(destination: Ptr[int], source: Ptr[int], count: int) -> None:
    """Copy `count` bytes between ranges that may overlap."""
    size = _checked_count(count)
    if size:
        memory.write(int(destination.address), memory.read(int(source.address), size))


def fill_memory(destination: Ptr[int], value: int, count: int) -> None:
    """Set `count` bytes to `value`."""
    size = _checked_count(count)
    if not 0 <= value <= 0xFF:
        raise overflow()
    if size:
        memory.write(int(destination.address), bytes((value,)) * size)


def compare_memory(a: Ptr[int], b: Ptr[int], count: int) -> int:
    """-1, 0 or 1 as the first `count` bytes at `a` sort before, equal or sort after those at `b`."""
    size = _checked_count(count)
    if not size:
        return 0
    first, second = memory.read(int(a.address), size), memory.read(int(b.address), size)
    return (first > second) - (first < second)


def _checked_count(count: int) -> int:
    number = as_index(count)
    if number < 0:
        raise overflow()
    return number
