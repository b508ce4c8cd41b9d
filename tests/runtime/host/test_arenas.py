"""Arenas: bounds, lifetime, mapping, devices, leaks."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.host.arenas import KEPT_TOMBSTONES, Arena, Memory, memory, no_leaks
from runtime.host.errors import MemoryLeak, OutOfBounds, UseAfterFree
from runtime.lang import Ptr, array_at, new_array, u8, u32, volatile_read, volatile_write


class Registers:
    """A device that remembers what it was told."""

    def __init__(self) -> None:
        self.writes: list[tuple[int, int, int]] = []

    def read(self, offset: int, size: int) -> int:
        return offset * 16 + size

    def write(self, offset: int, size: int, value: int) -> None:
        self.writes.append((offset, size, value))


def test_every_access_outside_is_refused():
    space = Memory()
    arena = space.allocate(16, 8, "sixteen")
    space.allocate(16, 8, "neighbour")
    space.write(arena.base, bytes(range(16)))
    assert space.read(arena.base + 4, 4) == b"\4\5\6\7"
    for offset, size in ((-1, 1), (0, 17), (15, 2), (16, 1), (40, 1)):
        with pytest.raises(OutOfBounds):
            space.read(arena.base + offset, size)
        with pytest.raises(OutOfBounds):
            space.write(arena.base + offset, bytes(size))
    with pytest.raises(OutOfBounds, match="no memory there"):
        space.read(0x10, 1)


def test_addresses_are_aligned_and_never_used_twice():
    space = Memory()
    bases = set()
    for alignment in (1, 8, 4096, 64):
        arena = space.allocate(10, alignment, "aligned")
        assert arena.base % alignment == 0
        assert arena.alignment == alignment
        arena.release()
        bases.add(arena.base)
    assert len(bases) == 4
    for size, alignment in ((-1, 1), (1, 3), (1, 0)):
        with pytest.raises(ValueError, match="no arena"):
            space.allocate(size, alignment, "wrong")


def test_released_arenas_are_refused():
    space = Memory()
    arena = space.allocate(8, 8, "gone")
    space.read(arena.base, 8)
    arena.release()
    with pytest.raises(UseAfterFree, match="gone"):
        space.read(arena.base + 2, 1)
    with pytest.raises(UseAfterFree):
        arena.write(0, b"1")
    with pytest.raises(UseAfterFree):
        arena.read(0, 1)
    with pytest.raises(UseAfterFree, match="twice"):
        arena.release()


def test_mapping_at_chosen_addresses():
    space = Memory()
    ram = space.map_memory(0, 1 << 20, "ram")
    space.write(0x500, b"BIOS")
    with pytest.raises(ValueError, match="overlap"):
        space.map_memory(0xFFFFF, 2)
    with pytest.raises(ValueError, match="address space"):
        space.map_memory((1 << 64) - 1, 2)
    space.map_memory(1 << 20, 16, "above")
    with pytest.raises(OutOfBounds):
        space.read((1 << 20) - 1, 2)
    ram.release()
    small = space.map_memory(0x400, 0x200, "small")
    small.release()
    space.map_memory(0, 1 << 20, "again")
    assert space.read(0x500, 4) == bytes(4)
    assert space.read(0x800, 1) == b"\0"


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 12), st.booleans()), max_size=25))
def test_the_search_agrees_with_a_byte_map(steps):
    space = Memory()
    live: list[Arena] = []
    owner: dict[int, Arena] = {}
    for base, size, release in steps:
        if release and live:
            arena = live.pop(base % len(live))
            arena.release()
            for byte in range(arena.base, arena.base + arena.size):
                del owner[byte]
        elif any(byte in owner for byte in range(base, base + size)):
            with pytest.raises(ValueError, match="overlap"):
                space.map_memory(base, size)
        else:
            live.append(space.map_memory(base, size))
            owner |= dict.fromkeys(range(base, base + size), live[-1])
    for address in range(80):
        for size in (1, 3):
            holders = [owner.get(byte) for byte in range(address, address + size)]
            if holders[0] is not None and all(holder is holders[0] for holder in holders):
                arena = holders[0]
                assert space.locate(address, size) == (arena, address - arena.base)
            else:
                with pytest.raises((OutOfBounds, UseAfterFree)):
                    space.locate(address, size)


def test_devices_behind_addresses():
    registers = Registers()
    arena = memory.map_device(0xFEC0_0000, 0x100, registers)
    try:
        pointer = Ptr[u32](0xFEC0_0000)
        assert volatile_read(pointer + 2) == 8 * 16 + 4
        volatile_write(pointer.cast(u8) + 3, u8(5))
        array_at(pointer, 2).fill(u32(1))
        assert registers.writes == [(3, 1, 5), (0, 4, 1), (4, 4, 1)]
        with pytest.raises(OutOfBounds):
            volatile_read(pointer + 64)
    finally:
        arena.release()
    with pytest.raises(UseAfterFree):
        volatile_read(Ptr[u32](0xFEC0_0000))


def test_leaks_are_reported_by_name():
    kept = []
    with pytest.raises(MemoryLeak, match=r"1 arenas.*Array\[u8\] of 3"), no_leaks():
        kept.append(new_array(u8, 3))
        new_array(u8, 4)
    with no_leaks():
        new_array(u8, 3)


def test_old_tombstones_are_forgotten():
    space = Memory()
    first = space.allocate(1, 1, "first")
    kept = space.allocate(1, 1, "kept")
    first.release()
    for _ in range(2 * KEPT_TOMBSTONES + 10):
        space.allocate(1, 1, "brief").release()
    assert space.read(kept.base, 1) == b"\0"
    with pytest.raises((OutOfBounds, UseAfterFree)):
        space.read(first.base, 1)
    assert space.live_since(0) == [kept]


def test_a_large_disk_is_read_sector_by_sector_in_good_time():
    disk = memory.map_memory(0x10_0000_0000, 64 << 20, "disk")
    try:
        sector = new_array(u8, 512)
        start = time.process_time()
        for number in range(20_000):
            sector.copy_from(array_at(Ptr[u8](disk.base + number * 512), 512))
            assert sector[510] == 0
        assert time.process_time() - start < 5.0
    finally:
        disk.release()
