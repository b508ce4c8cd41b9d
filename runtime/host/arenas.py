"""Checked memory: every byte that a pointer can reach on CPython lives in an arena at a made-up address.

An arena is a run of bytes with a base address, an alignment and a lifetime. Addresses are handed out upwards with a gap
after each arena and never used twice, so an access past the end or after the release meets no other arena and is
reported instead of reading a neighbour. Storage of structs and arrays is owned by a `Block`, whose death releases it.
Tests map memory at addresses of their choice (`map_memory`) or put a device behind them (`map_device`).
"""

from __future__ import annotations

import gc
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Protocol

from runtime.host.errors import MemoryLeak, OutOfBounds, UseAfterFree

FIRST_ADDRESS: Final = 0x5500_0000_0000  # canonical user half: plausible as a heap, far from what tests map themselves
GUARD_BYTES: Final = 64  # unmapped distance after an arena, so that small overruns are noticed
KEPT_TOMBSTONES: Final = 50_000  # released arenas remembered for messages; older ones are forgotten together
ADDRESS_LIMIT: Final = 1 << 64


class MemoryDevice(Protocol):
    """A device whose registers are read and written at memory addresses."""

    def read(self, offset: int, size: int) -> int:
        """The value of the register at `offset`."""

    def write(self, offset: int, size: int, value: int) -> None:
        """Store `value` into the register at `offset`."""


class Arena:
    """A run of bytes at a made-up address. `buffer` is None once released, and for a device."""

    __slots__ = ("alignment", "base", "buffer", "device", "label", "released", "serial", "size")

    def __init__(self, base: int, size: int, alignment: int, label: str, serial: int) -> None:
        self.base = base
        self.size = size
        self.alignment = alignment
        self.label = label
        self.serial = serial
        self.released = False
        self.device: MemoryDevice | None = None
        self.buffer: bytearray | None = None

    def __repr__(self) -> str:
        return f"<{self.label}: {self.size} bytes at {self.base:#x}>"

    def read(self, offset: int, size: int) -> bytes:
        """The bytes at `offset`, wherever they come from."""
        if self.buffer is not None:
            return bytes(self.buffer[offset : offset + size])
        if self.device is None:
            raise UseAfterFree(f"read of {size} bytes at {self.base + offset:#x} in released {self!r}")
        return self.device.read(offset, size).to_bytes(size, "little")

    def write(self, offset: int, data: bytes) -> None:
        """Put `data` at `offset`; a device sees it as one little-endian value."""
        if self.buffer is not None:
            self.buffer[offset : offset + len(data)] = data
        elif self.device is not None:
            self.device.write(offset, len(data), int.from_bytes(data, "little"))
        else:
            raise UseAfterFree(f"write of {len(data)} bytes at {self.base + offset:#x} in released {self!r}")

    def release(self) -> None:
        """End the lifetime; every later access is refused."""
        if self.released:
            raise UseAfterFree(f"{self!r} is released twice")
        self.released = True
        self.buffer = None
        self.device = None


class Block:
    """Owner of an arena: the storage of one struct or array lives as long as the objects that refer to it."""

    __slots__ = ("__weakref__", "arena")

    def __init__(self, arena: Arena) -> None:
        self.arena = arena

    def __del__(self) -> None:
        if not self.arena.released:
            self.arena.release()


class Memory:
    """All arenas of the process, found by address."""

    def __init__(self) -> None:
        self._bases: list[int] = []
        self._arenas: list[Arena] = []
        self._next_address = FIRST_ADDRESS
        self._next_serial = 0
        self._last = Arena(0, 0, 1, "nothing", -1)

    def allocate(self, size: int, alignment: int, label: str) -> Arena:
        """A new zeroed arena at an address of the simulation's choice."""
        if size < 0 or alignment <= 0 or alignment & (alignment - 1):
            raise ValueError(f"no arena has {size} bytes aligned to {alignment}")
        base = -(-self._next_address // alignment) * alignment
        self._next_address = base + size + GUARD_BYTES
        arena = self._new_arena(base, size, alignment, label)
        arena.buffer = bytearray(size)
        return arena

    def map_memory(self, base: int, size: int, label: str = "memory") -> Arena:
        """Zeroed memory at an address of the caller's choice."""
        arena = self._new_arena(base, size, base & -base or 1 << 63, label)
        arena.buffer = bytearray(size)
        return arena

    def map_device(self, base: int, size: int, device: MemoryDevice, label: str = "device") -> Arena:
        """Device registers at an address of the caller's choice."""
        arena = self._new_arena(base, size, base & -base or 1 << 63, label)
        arena.device = device
        return arena

    def locate(self, address: int, size: int) -> tuple[Arena, int]:
        """The live arena that holds `size` bytes at `address`, and the offset in it."""
        arena = self._last
        offset = address - arena.base
        if arena.released or offset < 0 or offset + size > arena.size:
            arena = self._find(address, size)
            offset = address - arena.base
            self._last = arena
        return arena, offset

    def read(self, address: int, size: int) -> bytes:
        """`size` bytes at `address`, all in one arena."""
        arena, offset = self.locate(address, size)
        return arena.read(offset, size)

    def write(self, address: int, data: bytes) -> None:
        """Put `data` at `address`, all in one arena."""
        arena, offset = self.locate(address, len(data))
        arena.write(offset, data)

    def mark(self) -> int:
        """A point in time for `live_since`."""
        return self._next_serial

    def live_since(self, mark: int) -> list[Arena]:
        """The arenas made after `mark` that are still alive."""
        return [arena for arena in self._arenas if arena.serial >= mark and not arena.released]

    def _new_arena(self, base: int, size: int, alignment: int, label: str) -> Arena:
        if base < 0 or size < 0 or base + size > ADDRESS_LIMIT:
            raise ValueError(f"{size} bytes at {base:#x} leave the address space")
        if len(self._arenas) > 2 * KEPT_TOMBSTONES:
            self._forget_released()
        place = self._free_place(base, size)
        arena = Arena(base, size, alignment, label, self._next_serial)
        self._next_serial += 1
        self._bases.insert(place, base)
        self._arenas.insert(place, arena)
        return arena

    def _free_place(self, base: int, size: int) -> int:
        """Where an arena at `base` belongs in the lists, after forgetting the released arenas it replaces."""
        first = bisect_right(self._bases, base)
        last = first
        while first > 0 and self._arenas[first - 1].base + max(self._arenas[first - 1].size, 1) > base:
            first -= 1
        while last < len(self._bases) and self._bases[last] < base + size:
            last += 1
        for other in self._arenas[first:last]:
            if not other.released:
                raise ValueError(f"{size} bytes at {base:#x} overlap {other!r}")
        del self._bases[first:last], self._arenas[first:last]
        return first

    def _find(self, address: int, size: int) -> Arena:
        index = bisect_right(self._bases, address) - 1
        if index >= 0:
            arena = self._arenas[index]
            if address + size <= arena.base + arena.size and not arena.released:
                return arena
        raise self._fault(address, size)

    def _fault(self, address: int, size: int) -> Exception:
        index = bisect_right(self._bases, address) - 1
        if index < 0:
            return OutOfBounds(f"access of {size} bytes at {address:#x}: no memory there")
        arena = self._arenas[index]
        if arena.released and address < arena.base + arena.size:
            return UseAfterFree(f"access of {size} bytes at {address:#x} in released {arena!r}")
        return OutOfBounds(f"access of {size} bytes at {address:#x}: nearest is {arena!r}")

    def _forget_released(self) -> None:
        released = [arena for arena in self._arenas if arena.released]
        kept = {arena.serial for arena in sorted(released, key=lambda arena: arena.serial)[-KEPT_TOMBSTONES // 2 :]}
        self._arenas = [arena for arena in self._arenas if not arena.released or arena.serial in kept]
        self._bases = [arena.base for arena in self._arenas]


memory: Final = Memory()


@contextmanager
def no_leaks() -> Iterator[None]:
    """Refuse to leave while arenas made inside are still alive."""
    mark = memory.mark()
    yield
    gc.collect()
    leaked = memory.live_since(mark)
    if leaked:
        raise MemoryLeak(f"{len(leaked)} arenas are still alive: " + ", ".join(map(repr, leaked[:8])))
