"""The kernel heap: sizes, reuse, misuse, and that its frames go back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.mm import kernel_heap
from kernel.mm.kernel_heap import CLASS_SIZES, HEAP, allocate, free
from runtime.host.machine import SimulatedMachine
from runtime.lang import u64
from tests.kernel.memory_bench import frames_in_use, machine_with_memory


class Panicked(Exception):
    """Where the machine would have stopped."""


def stop_with(reason: str) -> None:
    raise Panicked(reason)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Iterator[SimulatedMachine]:
    monkeypatch.setattr(kernel_heap, "panic", stop_with)
    with machine_with_memory(1 << 20) as simulated:
        yield simulated


def test_the_class_table_covers_every_size(machine: SimulatedMachine) -> None:
    assert len(CLASS_SIZES) == kernel_heap.CLASS_COUNT
    for size in range(1, kernel_heap.LARGEST_SMALL + 1):
        found = CLASS_SIZES[kernel_heap.CLASS_OF_UNITS[(size + 15) // 16]]
        assert found == min(candidate for candidate in CLASS_SIZES if candidate >= size)


@pytest.mark.parametrize("size", CLASS_SIZES)
def test_a_slab_holds_what_it_claims(machine: SimulatedMachine, size: int) -> None:
    capacity = (4096 - kernel_heap.FIRST_OBJECT) // size
    addresses = [allocate(u64(size)) for _ in range(capacity)]
    assert HEAP.slab_frames == kernel_heap.CLASS_COUNT
    assert len({address & ~0xFFF for address in addresses}) == 1
    assert all(address % 16 == 0 and (address & 0xFFF) + size <= 4096 for address in addresses)
    further = allocate(u64(size))
    assert HEAP.slab_frames == kernel_heap.CLASS_COUNT + 1
    free(further)
    assert HEAP.slab_frames == kernel_heap.CLASS_COUNT


def test_running_out_answers_zero(machine: SimulatedMachine) -> None:
    taken = []
    while (address := allocate(u64(4096))) != 0:
        taken.append(address)
    assert len(taken) > 100
    for address in taken:
        free(address)
    assert allocate(u64(4096)) != 0


@pytest.mark.parametrize("size", [1 << 40, (1 << 40) + 1, (1 << 64) - 1])
def test_absurd_sizes_answer_zero(machine: SimulatedMachine, size: int) -> None:
    assert allocate(u64(size)) == 0


@pytest.mark.parametrize("size", [16, 100, 2000])
def test_freeing_twice_panics(machine: SimulatedMachine, size: int) -> None:
    first, second = allocate(u64(size)), allocate(u64(size))
    free(first)
    with pytest.raises(Panicked):
        free(first)
    assert second != 0


@pytest.mark.parametrize("offset", [8, 16, -16, 4096])
def test_freeing_what_is_no_object_panics(machine: SimulatedMachine, offset: int) -> None:
    address = int(allocate(u64(64)))
    with pytest.raises(Panicked):
        free(u64(address + offset))


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 9000)), max_size=60))
@settings(max_examples=15)
def test_objects_never_overlap_and_all_goes_back(steps: list[tuple[bool, int]]) -> None:
    with machine_with_memory(1 << 20):
        before = frames_in_use()
        live: dict[int, int] = {}
        for release, size in steps:
            if release and live:
                free(u64(live.popitem()[0]))
            elif (address := int(allocate(u64(size)))) != 0:
                assert all(address + size <= other or other + length <= address for other, length in live.items())
                live[address] = size
        assert HEAP.live_objects == len(live)
        for address in live:
            free(u64(address))
        assert (HEAP.live_objects, HEAP.live_bytes, HEAP.large_frames) == (0, 0, 0)
        assert frames_in_use() == before


def test_the_early_arena_takes_temporaries_back(machine: SimulatedMachine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(HEAP, "ready", False)
    monkeypatch.setattr(HEAP, "early_used", u64(0))
    kept = allocate(u64(100))
    for _ in range(5000):
        temporary = allocate(u64(200))
        assert temporary >= kept + 100
        assert temporary % 16 == 0
        free(temporary)
    while allocate(u64(1000)) != 0:
        pass
    assert allocate(u64((1 << 64) - 1)) == 0
