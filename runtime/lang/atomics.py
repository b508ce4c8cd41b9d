"""Atomic access."""

from __future__ import annotations
from typing import TypeVar
from runtime.lang.pointers import Ptr

T = TypeVar("T")


def atomic_load(pointer: Ptr[T]) -> T:
    raise NotImplementedError


def atomic_store(pointer: Ptr[T], value: T) -> None:
    raise NotImplementedError


def atomic_add(pointer: Ptr[int], value: int) -> int:
    raise NotImplementedError


def atomic_exchange(pointer: Ptr[T], value: T) -> T:
    raise NotImplementedError


def atomic_compare_exchange(pointer: Ptr[T], expected: T, new: T) -> bool:
    raise NotImplementedError
