"""Accesses that the compiler neither drops, repeats, merges nor moves: device registers and memory devices share."""

from __future__ import annotations

from typing import TypeVar

from runtime.lang.pointers import Ptr

T = TypeVar("T")


def volatile_read(pointer: Ptr[T]) -> T:
    """Exactly one read of the item pointed at."""
    return pointer[0]


def volatile_write(pointer: Ptr[T], value: T) -> None:
    """Exactly one write of the item pointed at."""
    pointer[0] = value
