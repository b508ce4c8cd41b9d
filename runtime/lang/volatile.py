"""Volatile access."""

from __future__ import annotations
from typing import TypeVar
from runtime.lang.pointers import Ptr

T = TypeVar("T")


def volatile_read(pointer: Ptr[T]) -> T:
    raise NotImplementedError


def volatile_write(pointer: Ptr[T], value: T) -> None:
    raise NotImplementedError
