"""Arrays of fixed length whose storage is raw memory: what hardware, file formats and hot loops work on.

An array knows its bounds; a slice of it is a view of the same storage. `Array[S]` of a struct holds the structs inline.
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import index as as_index
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, overload

from runtime.host.arenas import Arena, Block, memory
from runtime.lang.layout import Codec, codec_of
from runtime.lang.pointers import Ptr, pointer_class

T = TypeVar("T")


class Array(Generic[T]):
    """`len` items of type T that follow one another in memory."""

    __slots__ = ("_arena", "_codec", "_item", "_length", "_offset", "_owner")

    _array_item: ClassVar[Any] = None
    _arena: Arena
    _codec: Codec
    _item: Any
    _length: int
    _offset: int
    _owner: object

    if not TYPE_CHECKING:

        def __class_getitem__(cls, item):
            """The annotation `Array[T]`, which remembers T for the layout of structs."""
            return array_class(item)

        def __init__(self, *arguments):
            raise TypeError("arrays are made by new_array(item, length)")

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> Array[T]: ...
    def __getitem__(self, index: int | slice) -> T | Array[T]:
        if isinstance(index, slice):
            return self._view(index)
        value: T = self._codec.load(self._arena, self._place(index), self._owner)
        return value

    def __setitem__(self, index: int, value: T) -> None:
        self._codec.store(self._arena, self._place(index), value)

    def __iter__(self) -> Iterator[T]:
        for index in range(self._length):
            yield self[index]

    def __bytes__(self) -> bytes:
        if self._codec.size != 1:
            raise TypeError(f"bytes() of an array of {self._codec.name}")
        return self._arena.read(self._offset, self._length)

    def __repr__(self) -> str:
        return f"<Array[{self._codec.name}] of {self._length}>"

    @property
    def pointer(self) -> Ptr[T]:
        """The address of the first item. It does not keep the array alive."""
        return pointer_class(self._item)(self._arena.base + self._offset)

    def fill(self, value: T) -> None:
        """Set every item to `value`."""
        if not self._length:
            return
        self[0] = value
        size = self._codec.size
        if self._arena.buffer is None:
            for index in range(1, self._length):
                self[index] = value
        else:
            self._arena.write(self._offset, self._arena.read(self._offset, size) * self._length)

    def copy_from(self, source: Array[T]) -> None:
        """Copy all items of an array of the same type and at most this length to the front."""
        if source._item is not self._item:
            raise TypeError(f"copy of {source!r} into {self!r}")
        if source._length > self._length:
            raise ValueError("source array is longer than the destination")
        size = self._codec.size * source._length
        if size:
            self._arena.write(self._offset, source._arena.read(source._offset, size))

    def _place(self, index: int) -> int:
        number = as_index(index)
        if number < 0:
            number += self._length
        if not 0 <= number < self._length:
            raise IndexError("array index out of range")
        return self._offset + number * self._codec.size

    def _view(self, part: slice) -> Array[T]:
        if part.step is not None:
            raise TypeError("an array has no slice with a step")
        start, stop, _ = part.indices(self._length)
        offset = self._offset + start * self._codec.size
        return make_array(self._item, self._arena, offset, max(stop - start, 0), self._owner)


_CLASSES: dict[object, type[Array[Any]]] = {}


def array_class(item: Any) -> type[Array[Any]]:
    """The class that the annotation `Array[item]` means."""
    if item not in _CLASSES:
        name = f"Array[{getattr(item, '__name__', item)}]"
        namespace = {"_array_item": item, "__slots__": (), "__module__": __name__}
        _CLASSES[item] = type(name, (Array,), namespace)
    return _CLASSES[item]


def make_array(item: Any, arena: Arena, offset: int, length: int, owner: object) -> Array[Any]:
    """An array over storage that exists already; `owner` is kept alive with it."""
    made: Array[Any] = Array.__new__(array_class(item))
    made._item = item
    made._codec = codec_of(item)
    made._arena = arena
    made._offset = offset
    made._length = length
    made._owner = owner
    return made


def new_array(item: type[T], length: int, align: int = 0) -> Array[T]:
    """`length` zeroed items, at a multiple of `align` bytes if given."""
    count = as_index(length)
    if count < 0:
        raise ValueError("negative array length")
    codec = codec_of(item)
    arena = memory.allocate(count * codec.size, max(codec.align, as_index(align)), f"Array[{codec.name}] of {count}")
    return make_array(item, arena, 0, count, Block(arena))


def array_at(pointer: Ptr[T], length: int) -> Array[T]:
    """The raw memory at `pointer` with bounds. The array does not own it."""
    count = as_index(length)
    if count < 0:
        raise ValueError("negative array length")
    item = type(pointer)._item
    arena, offset = memory.locate(int(pointer.address), count * codec_of(item).size)
    return make_array(item, arena, offset, count, None)
