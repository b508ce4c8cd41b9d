"""Firmware memory maps, ordinary and hostile, against a model that marks pages one by one."""

from __future__ import annotations

import struct
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.lib.byte_codec import array_of
from kernel.mm import memory_map
from kernel.mm.memory_map import ADDRESS_LIMIT, MAX_RANGES, RAM_TYPES, MemoryRanges, collect, collect_usable

MIB = 1 << 20
Entry = tuple[int, int, int, int]  # type, start, pages, attribute


def descriptors(entries: list[Entry], size: int = 48) -> bytes:
    return b"".join(struct.pack("<I4xQQQQ", kind, start, 0, pages, attribute).ljust(size, b"\xaa")
                    for kind, start, pages, attribute in entries)  # fmt: skip


def usable(entries: list[Entry], size: int = 48) -> list[tuple[int, int]]:
    ranges = MemoryRanges()
    collect_usable(ranges, array_of(descriptors(entries, size)), size)
    return listed(ranges)


def listed(ranges: MemoryRanges) -> list[tuple[int, int]]:
    return [(ranges.start(index), ranges.end(index)) for index in range(ranges.count)]


def test_an_ordinary_map_is_sorted_and_merged() -> None:
    entries = [
        (7, 16 * MIB, 256, 0), (3, 2 * MIB, 256, 0), (7, 0, 160, 0), (2, 8 * MIB, 256, 0), (4, 3 * MIB, 256, 0),
        (9, 20 * MIB, 1, 0), (11, 0xFEC00000, 1, 0),
    ]  # fmt: skip
    assert usable(entries) == [(2 * MIB, 4 * MIB), (16 * MIB, 17 * MIB)]
    assert usable(entries, 40) == usable(entries, 64)


def test_ram_types_include_what_firmware_keeps() -> None:
    ranges = MemoryRanges()
    entries = [(7, 0, 16, 0), (6, 0x10000, 16, 1 << 63), (9, 0x20000, 1, 0), (0, 0x30000, 1, 0), (11, 0x40000, 1, 0)]
    collect(ranges, array_of(descriptors(entries)), 48, RAM_TYPES)
    assert listed(ranges) == [(0, 0x21000)]


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([(7, 2 * MIB, 0, 0)], []),
        ([(7, 2 * MIB + 1, 2, 0)], [(2 * MIB + 0x1000, 2 * MIB + 0x2000)]),
        ([(7, 2 * MIB + 0x800, 1, 0)], []),
        ([(7, MIB // 2, 256, 0)], [(MIB, 3 * MIB // 2)]),
        ([(7, 2 * MIB, 4, 0), (0, 2 * MIB + 0x1800, 0, 0)], [(2 * MIB, 2 * MIB + 0x4000)]),
        ([(7, 2 * MIB, 4, 0), (0, 2 * MIB + 0x1800, 1, 0)],
         [(2 * MIB, 2 * MIB + 4096), (2 * MIB + 0x3000, 2 * MIB + 0x4000)]),
        ([(0, 2 * MIB, 4, 0), (7, 2 * MIB, 4, 0)], []),
        ([(7, 2 * MIB, 4, 1 << 18)], []),
        ([(7, 2 * MIB, 4, 1 << 63)], []),
        ([(0x80000000, 2 * MIB, 4, 0), (39, 4 * MIB, 4, 0)], []),
        ([(7, 2**64 - 4096, 1, 0)], []),
        ([(7, ADDRESS_LIMIT - 4096, 2**63, 0)], [(ADDRESS_LIMIT - 4096, ADDRESS_LIMIT)]),
        ([(7, 2 * MIB, 2**64 - 1, 0), (0, 4 * MIB, 2**64 - 1, 0)], [(2 * MIB, 4 * MIB)]),
    ],
)  # fmt: skip
def test_hostile_entries(entries: list[Entry], expected: list[tuple[int, int]]) -> None:
    assert usable(entries) == expected


def test_a_descriptor_size_that_is_too_small_gives_nothing_and_a_rest_is_ignored() -> None:
    ranges = MemoryRanges()
    for size in (0, -8, 39):
        collect_usable(ranges, array_of(descriptors([(7, 2 * MIB, 4, 0)])), size)
    assert ranges.count == 0
    collect_usable(ranges, array_of(descriptors([(7, 2 * MIB, 4, 0)]) + bytes(20)), 48)
    assert ranges.count == 1


@given(st.lists(st.tuples(st.sampled_from([7, 7, 7, 4, 0, 11]), st.integers(0, 200), st.integers(0, 40),
                          st.sampled_from([0, 0, 0x800, 1])), max_size=25))  # fmt: skip
def test_any_map_agrees_with_marking_pages(raw: list[tuple[int, int, int, int]]) -> None:
    entries = [(kind, MIB + page * 4096 + shift, pages, 0) for kind, page, pages, shift in raw]
    free: set[int] = set()
    for kind, start, pages, _ in entries:
        if kind in (7, 4):
            free |= set(range(-(-start // 4096), (start + pages * 4096) // 4096))
    for kind, start, pages, _ in entries:
        if kind not in (7, 4) and pages:
            free -= set(range(start // 4096, -(-(start + pages * 4096) // 4096)))
    found = usable(entries)
    assert {page for start, end in found for page in range(start // 4096, end // 4096)} == free
    assert all(a[1] < b[0] for a, b in pairwise(found))


def test_a_map_with_too_many_holes_gives_up_its_smallest_range() -> None:
    ranges = MemoryRanges()
    for index in range(MAX_RANGES + 10):
        ranges.add(index * 0x10000, index * 0x10000 + (0x2000 if index != 7 else 0x1000))
    assert ranges.count == MAX_RANGES
    assert ranges.given_up == 9 * 0x2000 + 0x1000
    assert not ranges.contains(7 * 0x10000)


def test_space_is_found_lowest_first() -> None:
    ranges = MemoryRanges()
    ranges.add(MIB, MIB + 0x1000)
    ranges.add(2 * MIB, 3 * MIB)
    assert (ranges.find_space(0x2000), ranges.find_space(2 * MIB)) == (2 * MIB, -1)
    assert (ranges.total(), ranges.highest()) == (MIB + 0x1000, 3 * MIB)
    assert memory_map.USABLE_TYPES & memory_map.RAM_TYPES == memory_map.USABLE_TYPES
