"""How a type lies in memory on CPython: its size, its alignment, and how its values become bytes and back.

A codec exists for each type that may stand behind a pointer: the widths, `int`, `bool`, `float`, and every type that
brings its own by a class method `__memory_codec__` (pointers, addresses, function types, structs). Anything else is
refused: managed objects do not live in raw memory here.
"""

from __future__ import annotations

import struct as packing
from collections.abc import Callable
from typing import Any, Final

from runtime.host.arenas import Arena
from runtime.lang.widths import WIDTHS, overflow

POINTER_SIZE: Final = 8  # bytes; System V x86-64 ABI, figure 3.1


class Codec:
    """Size and alignment of a type in bytes, and the moves between its values and an arena."""

    __slots__ = ("align", "name", "size")

    def __init__(self, name: str, size: int, align: int) -> None:
        self.name = name
        self.size = size
        self.align = align

    def load(self, arena: Arena, offset: int, owner: object) -> Any:
        """The value at `offset`. `owner` keeps the storage alive for values that refer to it."""
        raise NotImplementedError

    def store(self, arena: Arena, offset: int, value: Any) -> None:
        """Put `value` at `offset`."""
        raise NotImplementedError

    def load_many(self, arena: Arena, offset: int, count: int, owner: object) -> list[Any]:
        """`count` values that follow one another."""
        return [self.load(arena, offset + index * self.size, owner) for index in range(count)]


class NumberCodec(Codec):
    """A number as the format character of the `struct` module says, made by `make` when read."""

    __slots__ = ("_code", "_make", "_packer", "_python_type")

    def __init__(self, name: str, code: str, make: Callable[[Any], Any], python_type: type = int) -> None:
        self._code = code
        self._packer = packing.Struct("<" + code)
        self._make = make
        self._python_type = python_type
        super().__init__(name, self._packer.size, self._packer.size)

    def load(self, arena: Arena, offset: int, owner: object) -> Any:
        if arena.buffer is not None:
            return self._make(self._packer.unpack_from(arena.buffer, offset)[0])
        return self._make(self._packer.unpack(arena.read(offset, self.size))[0])

    def store(self, arena: Arena, offset: int, value: Any) -> None:
        if not isinstance(value, self._python_type):
            raise TypeError(f"{type(value).__name__} stored where {self.name} lives")
        try:
            data = self._packer.pack(value)  # not pack_into, which clears the bytes before it finds out
        except packing.error:
            raise overflow() from None
        if arena.buffer is not None:
            arena.buffer[offset : offset + self.size] = data
        else:
            arena.write(offset, data)

    def load_many(self, arena: Arena, offset: int, count: int, owner: object) -> list[Any]:
        if arena.buffer is None:
            return super().load_many(arena, offset, count, owner)
        return list(map(self._make, packing.unpack_from(f"<{count}{self._code}", arena.buffer, offset)))


class AddressCodec(Codec):
    """Eight bytes of address, read and written through the type that wraps them."""

    __slots__ = ("_make", "_unmake")

    def __init__(self, name: str, make: Callable[[int], Any], unmake: Callable[[Any], int]) -> None:
        self._make = make
        self._unmake = unmake
        super().__init__(name, POINTER_SIZE, POINTER_SIZE)

    def load(self, arena: Arena, offset: int, owner: object) -> Any:
        return self._make(int.from_bytes(arena.read(offset, POINTER_SIZE), "little"))

    def store(self, arena: Arena, offset: int, value: Any) -> None:
        arena.write(offset, self._unmake(value).to_bytes(POINTER_SIZE, "little"))


def _width_codecs() -> dict[object, Codec]:
    codes = {8: "b", 16: "h", 32: "i", 64: "q"}
    table: dict[object, Codec] = {}
    for width in WIDTHS:
        code = codes[width.bits] if width.signed else codes[width.bits].upper()
        table[width] = NumberCodec(width.__name__, code, _maker(width))
    return table


def _maker(width: type) -> Callable[[Any], Any]:
    """What was unpacked with the width's own format is in range, so the check of the constructor is left out."""
    return lambda value: int.__new__(width, value)


_CODECS: Final[dict[object, Codec]] = {
    **_width_codecs(),
    int: NumberCodec("int", "q", int),
    bool: NumberCodec("bool", "?", bool, bool),
    float: NumberCodec("float", "d", float, float),
}


def codec_of(item: object) -> Codec:
    """The codec of a type, TypeError when it has none."""
    codec = _CODECS.get(item)
    if codec is not None:
        return codec
    factory = getattr(item, "__memory_codec__", None)
    if factory is None:
        raise TypeError(f"{getattr(item, '__name__', item)} has no layout in raw memory")
    made = factory()
    assert isinstance(made, Codec)
    _CODECS[item] = made
    return made


def size_of(item: object) -> int:
    """The bytes of a type in memory, padding included."""
    return codec_of(item).size
