"""Raw pointers. On CPython an address means a byte of a checked arena (`runtime.host.arenas`).

At run time `Ptr[T]` is a class of its own per item type, so that a pointer knows size and layout of what it points at.
"""

from __future__ import annotations

from operator import index as as_index
from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic, TypeVar, overload

from runtime.host.arenas import ADDRESS_LIMIT, memory
from runtime.lang.integers import u64
from runtime.lang.layout import AddressCodec, Codec, codec_of
from runtime.lang.widths import overflow

T = TypeVar("T")
U = TypeVar("U")


def checked_address(value: int) -> int:
    """`value` as a plain number, refused when it is no 64-bit address."""
    number = as_index(value)
    if not 0 <= number < ADDRESS_LIMIT:
        raise overflow()
    return number


class Ptr(Generic[T]):
    """The address of items of type T that follow one another. Access is unchecked when compiled."""

    __slots__ = ("_address",)

    _item: ClassVar[Any] = None

    def __init__(self, address: int) -> None:
        if type(self)._item is None:
            raise TypeError("Ptr needs an item type, as in Ptr[u8](address)")
        self._address = checked_address(address)

    if not TYPE_CHECKING:

        def __class_getitem__(cls, item):
            """The pointer class of an item type."""
            return pointer_class(item)

        @classmethod
        def __memory_codec__(cls):
            return AddressCodec(cls.__name__, cls, _address_of(cls))

    @classmethod
    def _codec(cls) -> Codec:
        return codec_of(cls._item)

    @property
    def address(self) -> int:
        """The number of the byte pointed at."""
        return u64(self._address)

    def __getitem__(self, index: int) -> T:
        codec = self._codec()
        arena, offset = memory.locate(self._address + as_index(index) * codec.size, codec.size)
        value: T = codec.load(arena, offset, None)
        return value

    def __setitem__(self, index: int, value: T) -> None:
        codec = self._codec()
        arena, offset = memory.locate(self._address + as_index(index) * codec.size, codec.size)
        codec.store(arena, offset, value)

    def __add__(self, count: int) -> Ptr[T]:
        return type(self)(self._address + as_index(count) * self._codec().size)

    @overload
    def __sub__(self, other: int) -> Ptr[T]: ...
    @overload
    def __sub__(self, other: Ptr[T]) -> int: ...
    def __sub__(self, other: int | Ptr[T]) -> Ptr[T] | int:
        if not isinstance(other, Ptr):
            return type(self)(self._address - as_index(other) * self._codec().size)
        if type(other) is not type(self):
            raise TypeError(f"{type(self).__name__} minus {type(other).__name__}")
        return (self._address - other._address) // self._codec().size

    def cast(self, item: type[U]) -> Ptr[U]:
        """The same address, seen as items of another type."""
        return pointer_class(item)(self._address)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Ptr) and self._address == other._address

    def __hash__(self) -> int:
        return hash(self._address)

    def __bool__(self) -> bool:
        return self._address != 0

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._address:#x})"


_CLASSES: Final[dict[object, type[Ptr[Any]]]] = {}


def pointer_class(item: Any) -> type[Ptr[Any]]:
    """The class of pointers to `item`: always the same one for the same type."""
    made = _CLASSES.get(item)
    if made is None:
        name = f"Ptr[{getattr(item, '__name__', item)}]"
        made = type(name, (Ptr,), {"_item": item, "__slots__": (), "__module__": __name__})
        _CLASSES[item] = made
    return made


def _address_of(kind: type[Ptr[Any]]) -> Any:
    def unmake(value: object) -> int:
        if not isinstance(value, kind):
            raise TypeError(f"{type(value).__name__} stored where {kind.__name__} lives")
        return value._address

    return unmake
