"""Access below the object model: addresses of objects, raw allocation, slots that hold references.

Only `runtime/core` uses these, and only compiled: CPython's objects do not lie in simulated memory, so each says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn, TypeVar

from runtime.host.errors import NotSimulated
from runtime.lang.pointers import Ptr

if TYPE_CHECKING:
    from runtime.core.bytes import Bytes
    from runtime.core.strings import String

T = TypeVar("T")


def _refuse(name: str) -> NoReturn:
    raise NotSimulated(f"{name} reaches below the object model: it runs in compiled code only")


def object_address(value: object) -> int:
    """The address of an object, as a u64."""
    _refuse("object_address")


def object_from_address(item: type[T], address: int) -> T:
    """The object at `address`; takes over one count."""
    _refuse("object_from_address")


def allocate_object(item: type[T], trailing_bytes: int) -> T:
    """A new object with its header set, its fields zero and `trailing_bytes` of data after them."""
    _refuse("allocate_object")


def trailing_address(value: object) -> int:
    """The address of the first byte after the fields, as a u64."""
    _refuse("trailing_address")


def is_managed(item: type[object]) -> bool:
    """Whether values of the type are counted references; known at compile time."""
    _refuse("is_managed")


def initialise_slot(pointer: Ptr[T], index: int, value: T) -> None:
    """Move a new value into raw memory."""
    _refuse("initialise_slot")


def take_slot(pointer: Ptr[T], index: int) -> T:
    """Move a value out of memory, which is raw afterwards."""
    _refuse("take_slot")


def reference_count(value: object) -> int:
    """The count of an object; negative for immortal ones."""
    _refuse("reference_count")


def as_string(text: str) -> String:
    """The object behind a `str`."""
    _refuse("as_string")


def as_str(text: String) -> str:
    """The `str` that an object is."""
    _refuse("as_str")


def as_bytes_object(data: bytes) -> Bytes:
    """The object behind a `bytes`."""
    _refuse("as_bytes_object")


def as_bytes(data: Bytes) -> bytes:
    """The `bytes` that an object is."""
    _refuse("as_bytes")
