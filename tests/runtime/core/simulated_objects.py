"""Objects in simulated memory, so that the object core runs on CPython against CPython's own answers.

A ``Text`` lies in an arena exactly as a compiled ``str`` does: header, length, hash, kind, units. The functions of the
core that reach below the object model (``allocate_object`` and so on) are replaced in every module of the core by ones
that know these objects. Plain ``str`` and ``bytes`` arguments are laid out on first use and remembered.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any

import pytest

import runtime.core
from runtime.host.arenas import memory
from runtime.lang import Ptr, u64

TEXT_HEADER = 40
BYTES_HEADER = 32
DESCRIPTOR = 0x1234_5678


class Simulated:
    """An object at an address whose integer fields live in memory."""

    header = 0

    def __init__(self, address: int) -> None:
        self.__dict__["address"] = int(address)

    def word(self, offset: int) -> int:
        return int.from_bytes(memory.read(self.address + offset, 8), "little")

    def set_word(self, offset: int, value: int) -> None:
        memory.write(self.address + offset, (int(value) & 0xFFFF_FFFF_FFFF_FFFF).to_bytes(8, "little"))

    def __getattr__(self, name: str) -> int:
        return self.word(FIELDS[name])

    def __setattr__(self, name: str, value: int) -> None:
        self.set_word(FIELDS[name], value)

    def __len__(self) -> int:
        return len(self.value())

    def __eq__(self, other: object) -> bool:
        return self.value() == plain(other)

    def __hash__(self) -> int:
        return hash(self.value())

    def __getitem__(self, index: Any) -> Any:
        return self.value()[index]

    def __add__(self, other: Any) -> Any:
        return self.value() + plain(other)

    def __radd__(self, other: Any) -> Any:
        return plain(other) + self.value()

    def __repr__(self) -> str:
        return repr(self.value())

    def value(self) -> Any:
        raise NotImplementedError


FIELDS = {"_length": 16, "_hash": 24, "_kind": 32}


class Text(Simulated):
    header = TEXT_HEADER

    def value(self) -> str:
        unit = self._kind & 0xFF
        data = memory.read(self.address + TEXT_HEADER, self._length * unit)
        codes = [int.from_bytes(data[i : i + unit], "little") for i in range(0, len(data), unit)]
        return "".join(map(chr, codes))

    def check(self) -> str:
        """The value, after testing what every finished text must hold."""
        value = self.value()
        unit = self._kind & 0xFF
        largest = max(map(ord, value), default=0)
        assert unit == (1 if largest < 0x100 else 2 if largest < 0x1_0000 else 4), (value, unit)
        assert bool(self._kind & 0x100) == (largest < 0x80), value
        end = memory.read(self.address + TEXT_HEADER + len(value) * unit, unit)
        assert end == bytes(unit), value
        return value

    def upper(self) -> str:
        return self.value().upper()

    def startswith(self, prefix: str) -> bool:
        return self.value().startswith(prefix)

    def endswith(self, suffix: str) -> bool:
        return self.value().endswith(suffix)


class Bytes(Simulated):
    header = BYTES_HEADER

    def value(self) -> bytes:
        return memory.read(self.address + BYTES_HEADER, self._length)


def plain(value: Any) -> Any:
    """A simulated object as CPython's."""
    if isinstance(value, Text):
        return value.check()
    if isinstance(value, Bytes):
        return value.value()
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, tuple):
        return tuple(plain(item) for item in value)
    return value


class ObjectMachine:
    """Keeps simulated objects alive for one test."""

    def __init__(self) -> None:
        self.blocks: list[Any] = []
        self.known: dict[object, Simulated] = {}

    def allocate_object(self, kind: type, trailing: int) -> Simulated:
        made: type[Simulated] = Text if kind is str else Bytes
        arena = memory.allocate(made.header + int(trailing), 16, kind.__name__)
        self.blocks.append(arena)
        value = made(arena.base)
        value.set_word(0, 1)
        value.set_word(8, DESCRIPTOR)
        return value

    def lay_out(self, value: Any) -> Any:
        if isinstance(value, Simulated):
            return value
        key = (type(value), value)
        if key not in self.known:
            self.known[key] = self._new_text(value) if isinstance(value, str) else self._new_bytes(value)
        return self.known[key]

    def _new_text(self, value: str) -> Simulated:
        largest = max(map(ord, value), default=0)
        unit = 1 if largest < 0x100 else 2 if largest < 0x1_0000 else 4
        made = self.allocate_object(str, (len(value) + 1) * unit)
        made._length = len(value)
        made._kind = unit | (0x100 if largest < 0x80 else 0)
        made.set_word(0, -1)
        memory.write(made.address + TEXT_HEADER, b"".join(ord(c).to_bytes(unit, "little") for c in value))
        return made

    def _new_bytes(self, value: bytes) -> Simulated:
        made = self.allocate_object(bytes, len(value) + 1)
        made._length = len(value)
        memory.write(made.address + BYTES_HEADER, value)
        return made

    def replacements(self) -> dict[str, Any]:
        return {
            "allocate_object": self.allocate_object,
            "trailing_address": lambda value: u64(self.lay_out(value).address + self.lay_out(value).header),
            "object_address": lambda value: u64(self.lay_out(value).address),
            "object_from_address": lambda kind, address: (Text if kind is str else Bytes)(address),
            "as_string": self.lay_out,
            "as_str": lambda value: value,
            "as_bytes_object": self.lay_out,
            "as_bytes": lambda value: value,
            "reference_count": lambda value: _signed(self.lay_out(value).word(0)),
        }

    def install(self, patch: pytest.MonkeyPatch) -> None:
        for info in pkgutil.iter_modules(runtime.core.__path__):
            module = importlib.import_module(f"runtime.core.{info.name}")
            for name, replacement in self.replacements().items():
                if hasattr(module, name):
                    patch.setattr(module, name, replacement)
        objects = importlib.import_module("runtime.core.text_objects")
        for index in range(256 * 6):  # the cached characters of the test before are gone
            objects._characters[index] = 0


def _signed(word: int) -> int:
    return word - (1 << 64) if word >> 63 else word


def bytes_at(address: int, count: int) -> bytes:
    return memory.read(int(address), count)


def pointer(data: bytes, machine: ObjectMachine) -> Any:
    """A pointer to bytes in an arena of their own."""
    arena = memory.allocate(max(len(data), 1), 16, "data")
    machine.blocks.append(arena)
    memory.write(arena.base, data)
    return Ptr[int](arena.base)
