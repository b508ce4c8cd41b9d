"""Structs with C layout."""

from __future__ import annotations
from collections.abc import Callable
from typing import Any, Literal, TypeVar, dataclass_transform, overload
from runtime.lang.pointers import Ptr

T = TypeVar("T")


def array_field(length: int, *, init: Literal[False] = False) -> Any:
    raise NotImplementedError


def struct_field(*, init: Literal[False] = False) -> Any:
    raise NotImplementedError


def bits(count: int) -> Any:
    raise NotImplementedError


def padding(count: int, *, init: Literal[False] = False) -> Any:
    raise NotImplementedError


@overload
def struct(cls: type[T], /) -> type[T]: ...
@overload
def struct(*, packed: bool = ..., align: int = ...) -> Callable[[type[T]], type[T]]: ...
@dataclass_transform(eq_default=False, field_specifiers=(array_field, struct_field, bits, padding))
def struct(cls: type[T] | None = None, /, *, packed: bool = False, align: int = 0) -> Any:
    raise NotImplementedError


def zeroed(item: type[T]) -> T:
    raise NotImplementedError


def pointer_to(value: T) -> Ptr[T]:
    raise NotImplementedError


def offset_of(item: type[object], field: str) -> int:
    raise NotImplementedError
