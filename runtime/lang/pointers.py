"""Raw pointers."""

from __future__ import annotations
from typing import Generic, TypeVar, overload

T = TypeVar("T")
U = TypeVar("U")


class Ptr(Generic[T]):
    def __init__(self, address: int) -> None:
        raise NotImplementedError

    @property
    def address(self) -> int:
        raise NotImplementedError

    def __getitem__(self, index: int) -> T:
        raise NotImplementedError

    def __setitem__(self, index: int, value: T) -> None:
        raise NotImplementedError

    def __add__(self, count: int) -> Ptr[T]:
        raise NotImplementedError

    @overload
    def __sub__(self, other: int) -> Ptr[T]: ...
    @overload
    def __sub__(self, other: Ptr[T]) -> int: ...
    def __sub__(self, other: object) -> object:
        raise NotImplementedError

    def cast(self, item: type[U]) -> Ptr[U]:
        raise NotImplementedError

    def __eq__(self, other: object) -> bool:
        raise NotImplementedError

    def __hash__(self) -> int:
        raise NotImplementedError

    def __bool__(self) -> bool:
        raise NotImplementedError
