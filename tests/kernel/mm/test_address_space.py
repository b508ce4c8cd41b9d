"""Address spaces: frames before equal frames after, whatever happens in between."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kernel.arch.x86_64.page_table import Protection
from kernel.mm import physical_memory
from kernel.mm.address_space import AddressSpace
from kernel.mm.direct_map import bytes_at
from kernel.mm.kernel_stack import allocate_stack, release_stack, stack_top
from runtime.host.machine import SimulatedMachine
from runtime.lang import new_array, u8, u64
from tests.kernel.memory_bench import frames_in_use, machine_with_memory

CODE = u64(0x400000)


@pytest.fixture
def machine() -> Iterator[SimulatedMachine]:
    with machine_with_memory(1 << 20) as simulated:
        yield simulated


def test_destroying_gives_everything_back(machine: SimulatedMachine) -> None:
    before = frames_in_use()
    space = AddressSpace()
    space.map_zeroed_range(CODE, u64(0x5000), Protection.USER_EXECUTE)
    space.map_zeroed(u64(0x7FFF_FFFF_E000), Protection.USER_WRITE)
    space.unmap(CODE + 0x2000)
    assert space.pages == 5
    space.destroy()
    space.destroy()
    assert frames_in_use() == before


def test_a_failing_range_leaves_no_page(machine: SimulatedMachine) -> None:
    space = AddressSpace()
    space.map_zeroed(CODE + 0x3000, Protection.USER_WRITE)
    pages = space.pages
    with pytest.raises(OSError, match="already mapped"):
        space.map_zeroed_range(CODE, u64(0x5000), Protection.USER_WRITE)
    assert space.pages == pages
    assert not space.is_mapped(CODE)


@pytest.mark.parametrize("successes", range(12))
def test_running_out_of_frames_leaks_nothing(machine: SimulatedMachine, successes: int) -> None:
    before = frames_in_use()
    space = AddressSpace()
    physical_memory.FRAMES.allocations_until_failure = successes
    if successes < 11:
        with pytest.raises(MemoryError):
            space.map_zeroed_range(CODE, u64(0x8000), Protection.USER_WRITE)
        assert space.pages == 0
    else:
        space.map_zeroed_range(CODE, u64(0x8000), Protection.USER_WRITE)
    physical_memory.FRAMES.allocations_until_failure = -1
    space.destroy()
    assert frames_in_use() == before


def test_writing_crosses_pages(machine: SimulatedMachine) -> None:
    space = AddressSpace()
    space.map_zeroed_range(CODE, u64(0x3000), Protection.USER_EXECUTE)
    source = new_array(u8, 0x1800)
    for index in range(len(source)):
        source[index] = u8(index * 7 & 0xFF)
    space.write(CODE + 0xF00, source)
    for index in (0, 0xFF, 0x100, 0x10FF, 0x1100, 0x17FF):
        address = CODE + 0xF00 + index
        assert bytes_at(space.frame_of(address))[address % 0x1000] == index * 7 & 0xFF
    with pytest.raises(OSError, match="not mapped"):
        space.write(CODE + 0x2F00, source)


def test_kernel_stacks_have_slots_of_their_own(machine: SimulatedMachine) -> None:
    first, second = allocate_stack(), allocate_stack()
    assert first != second
    assert stack_top(first) != stack_top(second)
    assert stack_top(first) % 16 == 0
    release_stack(first)
    assert allocate_stack() == first
    release_stack(first)
    release_stack(second)


@pytest.mark.parametrize("successes", range(8))
def test_a_kernel_stack_that_fails_leaks_no_frame(machine: SimulatedMachine, successes: int) -> None:
    release_stack(allocate_stack())  # the tables of the region exist from here on
    before = frames_in_use()
    physical_memory.FRAMES.allocations_until_failure = successes
    with pytest.raises(MemoryError):
        allocate_stack()
    physical_memory.FRAMES.allocations_until_failure = -1
    assert frames_in_use() == before
