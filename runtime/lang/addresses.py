"""Addresses as types: a physical address, a virtual one and a user's never meet by accident.

address ± int is an address of the same kind, address − address an int, comparison is between the same kind; nothing
else.
"""

from __future__ import annotations

from functools import total_ordering
from operator import index as as_index
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Self, TypeVar, overload

from runtime.lang.integers import to_int, u64
from runtime.lang.layout import AddressCodec
from runtime.lang.pointers import checked_address

T = TypeVar("T")


def _same_kind(kind: type, value: object) -> Any:
    if type(value) is not kind:
        raise TypeError(f"{type(value).__name__} stored where {kind.__name__} lives")
    return value


@total_ordering
class _Address:
    """What both kinds of address share; `value` is a u64."""

    __slots__ = ("_value",)

    def __init__(self, value: int) -> None:
        self._value = checked_address(value)

    if not TYPE_CHECKING:

        @classmethod
        def __memory_codec__(cls):
            return AddressCodec(cls.__name__, cls, lambda value: _same_kind(cls, value)._value)

    @property
    def value(self) -> int:
        """The address as a number."""
        return u64(self._value)

    def __add__(self, offset: int) -> Self:
        return type(self)(self._value + as_index(offset))

    @overload
    def __sub__(self, other: int) -> Self: ...
    @overload
    def __sub__(self, other: Self) -> int: ...
    def __sub__(self, other: int | Self) -> Self | int:
        if isinstance(other, int):
            return type(self)(self._value - as_index(other))
        if type(other) is not type(self):
            raise TypeError(f"{type(self).__name__} minus {type(other).__name__}")
        return to_int(self._value - other._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, type(self)) and self._value == other._value

    def __lt__(self, other: Self) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self._value < other._value

    if TYPE_CHECKING:

        def __le__(self, other: Self) -> bool: ...
        def __gt__(self, other: Self) -> bool: ...
        def __ge__(self, other: Self) -> bool: ...

    def __hash__(self) -> int:
        return hash(self._value)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._value:#x})"


class PhysicalAddress(_Address):
    """An address as the memory bus sees it."""

    __slots__ = ()


class VirtualAddress(_Address):
    """An address as the processor's page tables see it."""

    __slots__ = ()


class UserPtr(Generic[T]):
    """An address that a program handed in: it can be copied from and to with validation, never followed."""

    __slots__ = ("_address",)

    _item: ClassVar[Any] = None

    def __init__(self, address: int) -> None:
        self._address = checked_address(address)

    if not TYPE_CHECKING:

        def __class_getitem__(cls, item):
            """The class of user pointers to an item type."""
            name = f"UserPtr[{getattr(item, '__name__', item)}]"
            if (cls, item) not in _USER_CLASSES:
                _USER_CLASSES[cls, item] = type(name, (cls,), {"_item": item, "__slots__": (), "__module__": __name__})
            return _USER_CLASSES[cls, item]

        @classmethod
        def __memory_codec__(cls):
            return AddressCodec(cls.__name__, cls, lambda value: _same_kind(cls, value)._address)

    @property
    def address(self) -> int:
        """The address as a number."""
        return u64(self._address)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._address:#x})"


_USER_CLASSES: dict[tuple[type, object], type] = {}
