"""Low-level object access."""

from __future__ import annotations
from typing import TYPE_CHECKING, TypeVar, cast
from runtime.lang.pointers import Ptr

if TYPE_CHECKING:
    from runtime.core.bytes import Bytes
    from runtime.core.strings import String

T = TypeVar("T")


def object_address(value: object) -> int:
    raise NotImplementedError


def object_from_address(item: type[T], address: int) -> T:
    raise NotImplementedError


def allocate_object(item: type[T], trailing_bytes: int) -> T:
    raise NotImplementedError


def trailing_address(value: object) -> int:
    raise NotImplementedError


def is_managed(item: type[object]) -> bool:
    raise NotImplementedError


def initialise_slot(pointer: Ptr[T], index: int, value: T) -> None:
    raise NotImplementedError


def take_slot(pointer: Ptr[T], index: int) -> T:
    raise NotImplementedError


def reference_count(value: object) -> int:
    raise NotImplementedError


def as_string(text: str) -> String:
    return cast("String", text)


def as_str(text: String) -> str:
    return cast("str", text)


def as_bytes_object(data: bytes) -> Bytes:
    return cast("Bytes", data)


def as_bytes(data: Bytes) -> bytes:
    return cast("bytes", data)
