"""The allocator on simulated pages: alignment, no overlap, reuse, bounded waste, and everything given back."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.core import memory
from runtime.host.arenas import memory as simulated

PAGE = 4096


class Pages:
    """Pages that remember what is mapped, page by page."""

    def __init__(self) -> None:
        self.mapped: set[int] = set()
        self.arenas: list[Any] = []
        self.limit = 10**9

    def map_pages(self, size: int) -> int:
        assert size % PAGE == 0 and size > 0
        if len(self.mapped) * PAGE + size > self.limit:
            return 0
        arena = simulated.allocate(int(size), PAGE, "pages")
        self.arenas.append(arena)
        self.mapped.update(range(arena.base, arena.base + int(size), PAGE))
        return arena.base

    def unmap_pages(self, address: int, size: int) -> None:
        for page in range(int(address), int(address) + int(size), PAGE):
            self.mapped.remove(page)


@pytest.fixture
def pages() -> Iterator[Pages]:
    made = Pages()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(memory, "map_pages", made.map_pages)
        patch.setattr(memory, "unmap_pages", made.unmap_pages)
        for name, value in {"_pool": 0, "_pool_count": 0, "_kept_bytes": 0, "_live_objects": 0}.items():
            patch.setattr(memory, name, value)
        memory._with_room.fill(0)
        memory._large_kept.fill(0)
        yield made


@given(st.integers(1, memory.SMALL_LIMIT))
def test_classes_waste_at_most_a_quarter(size: int) -> None:
    held = memory.size_of_class(memory.class_of(size))
    assert size <= held < max(size + 16, size * 5 // 4 + 1)
    assert held % 16 == 0


def test_blocks_never_overlap_and_all_come_back(pages: Pages) -> None:
    chooser = random.Random(5)
    live: dict[int, int] = {}
    for _ in range(3000):
        if live and chooser.random() < 0.45:
            address = chooser.choice(list(live))
            del live[address]
            memory.free(address)
        else:
            size = chooser.choice([1, 16, 40, 100, 129, 1000, 5000, 16368, 16369, 70_000, 300_000])
            address = int(memory.allocate(size))
            assert address % 16 == 0
            assert address // PAGE * PAGE in pages.mapped
            assert (address + size - 1) // PAGE * PAGE in pages.mapped
            live[address] = size
    ordered = sorted(live.items())
    for (address, size), (following, _) in itertools.pairwise(ordered):
        assert address + size <= following
    assert memory.live_objects() == len(live)
    for address in live:
        memory.free(address)
    assert memory.live_objects() == 0


def test_rounds_need_no_more_pages(pages: Pages) -> None:
    def round_of_work() -> None:
        blocks = [int(memory.allocate(48)) for _ in range(4000)] + [int(memory.allocate(40_000))]
        for block in blocks:
            memory.free(block)

    round_of_work()
    after_first = len(pages.mapped)
    for _ in range(3):
        round_of_work()
    assert len(pages.mapped) == after_first


def test_large_blocks_go_back(pages: Pages) -> None:
    memory.free(memory.allocate(100))
    before = len(pages.mapped)
    block = memory.allocate(8_000_000)
    assert len(pages.mapped) - before < 8_000_000 * 5 // 4 // PAGE + 2
    memory.free(block)
    assert len(pages.mapped) == before


def test_out_of_memory_is_zero(pages: Pages) -> None:
    pages.limit = 0
    assert memory.allocate(10) == 0
    assert memory.allocate(100_000) == 0
    assert memory.allocate(2**60) == 0
    assert memory.live_objects() == 0
