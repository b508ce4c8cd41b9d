"""What stands in a struct's class body, and the properties it becomes."""

from __future__ import annotations

from dataclasses import dataclass
from operator import index as as_index
from typing import Any, Literal, Protocol

from runtime.host.arenas import Arena
from runtime.lang.arrays import Array, make_array
from runtime.lang.layout import Codec
from runtime.lang.struct_layout import FieldKind, FieldPlace
from runtime.lang.widths import FixedWidth, overflow


class Storage(Protocol):
    """The part of a struct object that fields work on: where it lies, and who keeps that place alive."""

    _struct_arena: Arena
    _struct_offset: int
    _struct_owner: object


@dataclass(frozen=True, slots=True)
class FieldSpecifier:
    """The right side of a field's declaration; `count` is items, bits or bytes as the kind says."""

    kind: FieldKind
    count: int


def _positive(count: int, what: str) -> int:
    number = as_index(count)
    if number <= 0:
        raise ValueError(f"{what} must be positive, not {number}")
    return number


def array_field(length: int, *, init: Literal[False] = False) -> Any:
    """An inline array of `length` items of the annotation's item type."""
    return FieldSpecifier(FieldKind.ARRAY, _positive(length, "the length of an array field"))


def struct_field(*, init: Literal[False] = False) -> Any:
    """An inline struct of the annotated class."""
    return FieldSpecifier(FieldKind.STRUCT, 1)


def bits(count: int) -> Any:
    """A bit field of `count` bits in units of the annotated width."""
    return FieldSpecifier(FieldKind.BITS, _positive(count, "the width of a bit field"))


def padding(count: int, *, init: Literal[False] = False) -> Any:
    """`count` bytes without a meaning."""
    return FieldSpecifier(FieldKind.PADDING, _positive(count, "the size of padding"))


class PlainField:
    """A property over one value."""

    __slots__ = ("_codec", "_offset")

    def __init__(self, codec: Codec, place: FieldPlace) -> None:
        self._codec = codec
        self._offset = place.offset

    def __get__(self, instance: Storage | None, owner: type) -> Any:
        if instance is None:
            return self
        codec = self._codec
        return codec.load(instance._struct_arena, instance._struct_offset + self._offset, instance._struct_owner)

    def __set__(self, instance: Storage, value: Any) -> None:
        self._codec.store(instance._struct_arena, instance._struct_offset + self._offset, value)


class ArrayField:
    """A property that views the inline array; assignment copies an array of the same length into it."""

    __slots__ = ("_item", "_length", "_offset")

    def __init__(self, item: Any, length: int, place: FieldPlace) -> None:
        self._item = item
        self._length = length
        self._offset = place.offset

    def __get__(self, instance: Storage | None, owner: type) -> Any:
        if instance is None:
            return self
        offset = instance._struct_offset + self._offset
        return make_array(self._item, instance._struct_arena, offset, self._length, instance._struct_owner)

    def __set__(self, instance: Storage, value: Array[Any]) -> None:
        if len(value) != self._length:
            raise ValueError(f"an array of {len(value)} assigned to an array field of {self._length}")
        self.__get__(instance, type(instance)).copy_from(value)


class BitField:
    """A property over some bits of a unit, which is read, changed and written back as a whole."""

    __slots__ = ("_count", "_first_bit", "_kind", "_offset", "_size")

    def __init__(self, kind: type, count: int, place: FieldPlace) -> None:
        self._kind = kind
        self._count = count
        self._first_bit = place.first_bit
        self._offset = place.offset
        self._size = place.size

    def _unit(self, instance: Storage) -> int:
        data = instance._struct_arena.read(instance._struct_offset + self._offset, self._size)
        return int.from_bytes(data, "little")

    def _signed(self) -> bool:
        return issubclass(self._kind, FixedWidth) and self._kind.signed

    def __get__(self, instance: Storage | None, owner: type) -> Any:
        if instance is None:
            return self
        value = self._unit(instance) >> self._first_bit & ((1 << self._count) - 1)
        if self._signed() and value >> (self._count - 1):
            value -= 1 << self._count
        return self._kind(value)

    def __set__(self, instance: Storage, value: int) -> None:
        if not isinstance(value, int):
            raise TypeError(f"{type(value).__name__} stored in a bit field")
        minimum = -(1 << (self._count - 1)) if self._signed() else 0
        if not minimum <= value < minimum + (1 << self._count):
            raise overflow()
        mask = (1 << self._count) - 1
        pattern = int.__index__(value) & mask
        unit = self._unit(instance) & ~(mask << self._first_bit) | pattern << self._first_bit
        place = instance._struct_offset + self._offset
        instance._struct_arena.write(place, unit.to_bytes(self._size, "little"))
