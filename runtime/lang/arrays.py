"""Arrays of fixed length."""

from __future__ import annotations
from collections.abc import Iterator
from typing import Generic, TypeVar, overload
from runtime.lang.pointers import Ptr

T = TypeVar("T")


class Array(Generic[T]):
    def __len__(self) -> int:
        raise NotImplementedError

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> Array[T]: ...
    def __getitem__(self, index: int | slice) -> T | Array[T]:
        raise NotImplementedError

    def __setitem__(self, index: int, value: T) -> None:
        raise NotImplementedError

    def __iter__(self) -> Iterator[T]:
        raise NotImplementedError

    def __bytes__(self) -> bytes:
        raise NotImplementedError

    @property
    def pointer(self) -> Ptr[T]:
        raise NotImplementedError

    def fill(self, value: T) -> None:
        raise NotImplementedError

    def copy_from(self, source: Array[T]) -> None:
        raise NotImplementedError


def new_array(item: type[T], length: int, align: int = 0) -> Array[T]:
    raise NotImplementedError


def array_at(pointer: Ptr[T], length: int) -> Array[T]:
    raise NotImplementedError
