"""Sequentially consistent atomic access. The CPython face runs on one simulated processor, so order is program order.

The address must be a multiple of the item's size: a locked access across a cache line is a split lock, which newer
processors fault on (Intel SDM volume 3, 9.1.2.3), so the simulation refuses it.
"""

from __future__ import annotations

from typing import TypeVar

from runtime.host.errors import MisalignedAccess
from runtime.lang.integers import wrapping_add
from runtime.lang.pointers import Ptr

T = TypeVar("T")


def _require_aligned(pointer: Ptr[T]) -> None:
    size = pointer._codec().size
    if size not in (1, 2, 4, 8):
        raise TypeError(f"an item of {size} bytes has no atomic access")
    if int(pointer.address) % size:
        raise MisalignedAccess(f"atomic access of {size} bytes through {pointer!r}")


def atomic_load(pointer: Ptr[T]) -> T:
    """The item pointed at."""
    _require_aligned(pointer)
    return pointer[0]


def atomic_store(pointer: Ptr[T], value: T) -> None:
    """Replace the item pointed at."""
    _require_aligned(pointer)
    pointer[0] = value


def atomic_add(pointer: Ptr[int], value: int) -> int:
    """Add to the item pointed at, wrapping as the instruction does, and return what was there before."""
    _require_aligned(pointer)
    before = pointer[0]
    pointer[0] = wrapping_add(before, value)
    return before


def atomic_exchange(pointer: Ptr[T], value: T) -> T:
    """Replace the item pointed at and return what was there before."""
    _require_aligned(pointer)
    before = pointer[0]
    pointer[0] = value
    return before


def atomic_compare_exchange(pointer: Ptr[T], expected: T, new: T) -> bool:
    """Replace the item pointed at if it equals `expected`; whether it did."""
    _require_aligned(pointer)
    if pointer[0] != expected:
        return False
    pointer[0] = new
    return True
