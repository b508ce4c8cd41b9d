"""Bulk memory operations."""

from __future__ import annotations
from runtime.lang.pointers import Ptr


def copy_memory(destination: Ptr[int], source: Ptr[int], count: int) -> None:
    raise NotImplementedError


def move_memory(destination: Ptr[int], source: Ptr[int], count: int) -> None:
    raise NotImplementedError


def fill_memory(destination: Ptr[int], value: int, count: int) -> None:
    raise NotImplementedError


def compare_memory(a: Ptr[int], b: Ptr[int], count: int) -> int:
    raise NotImplementedError
