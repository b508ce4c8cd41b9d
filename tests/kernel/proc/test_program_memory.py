"""A program's memory on a simulated machine: frames before equal frames after, limits, and every refusal."""

from __future__ import annotations

import errno
from collections.abc import Iterator

import pytest

from kernel.arch.x86_64.page_table import PRESENT, WRITABLE, look_up
from kernel.lib.byte_codec import array_of
from kernel.mm import physical_memory
from kernel.mm.direct_map import bytes_at
from kernel.proc.elf_loader import load_program
from kernel.proc.program_memory import MAPPING_TOP, STACK_BOTTOM, STACK_TOP, ProgramMemory
from runtime.host.machine import SimulatedMachine
from runtime.lang import VirtualAddress, u64
from tests.kernel.memory_bench import frames_in_use, machine_with_memory

PAGE = 4096
HEAP = 0x500000


@pytest.fixture
def machine() -> Iterator[SimulatedMachine]:
    with machine_with_memory(2 << 20) as simulated:
        yield simulated


@pytest.fixture
def memory(machine: SimulatedMachine) -> Iterator[ProgramMemory]:
    before = frames_in_use()
    made = ProgramMemory()
    made.start_heap(HEAP)
    yield made
    made.destroy()
    assert frames_in_use() == before


def is_mapped(memory: ProgramMemory, address: int) -> bool:
    return bool(memory.space.is_mapped(u64(address)))


def test_the_heap_grows_and_shrinks_by_bytes(memory: ProgramMemory) -> None:
    assert memory.set_break(0) == HEAP
    assert memory.set_break(HEAP + 100) == HEAP + 100
    assert memory.set_break(HEAP + PAGE) == HEAP + PAGE
    assert memory.space.pages == 1
    assert memory.set_break(HEAP + PAGE + 1) == HEAP + PAGE + 1
    assert is_mapped(memory, HEAP + PAGE)
    assert memory.set_break(HEAP + 1) == HEAP + 1
    assert not is_mapped(memory, HEAP + PAGE)
    assert memory.set_break(HEAP) == HEAP
    assert memory.space.pages == 0


def test_a_break_that_cannot_move_stays(memory: ProgramMemory) -> None:
    memory.set_break(HEAP + PAGE)
    for wanted in (HEAP - 1, MAPPING_TOP + 1, HEAP + (1 << 30)):
        assert memory.set_break(wanted) == HEAP + PAGE
    memory.map_anonymous(HEAP + 4 * PAGE, PAGE, True, True, False)
    assert memory.set_break(HEAP + 8 * PAGE) == HEAP + PAGE
    physical_memory.FRAMES.allocations_until_failure = 1
    assert memory.set_break(HEAP + 3 * PAGE) == HEAP + PAGE
    physical_memory.FRAMES.allocations_until_failure = -1
    assert memory.space.pages == 2


def test_mappings_are_placed_from_the_top(memory: ProgramMemory) -> None:
    first = memory.map_anonymous(0, 1, True, True, False)
    second = memory.map_anonymous(0, 2 * PAGE, True, False, False)
    assert (first, second) == (MAPPING_TOP - PAGE, MAPPING_TOP - 3 * PAGE)
    assert look_up(memory.space.root, VirtualAddress(u64(first))) & WRITABLE != 0
    assert look_up(memory.space.root, VirtualAddress(u64(second))) & (WRITABLE | PRESENT) == PRESENT
    memory.unmap(second, PAGE)
    assert is_mapped(memory, second + PAGE) and not is_mapped(memory, second)
    assert memory.map_anonymous(0, PAGE, True, True, False) == second
    memory.unmap(0, STACK_TOP)
    assert memory.space.pages == 0


def test_a_hint_is_taken_when_it_is_free(memory: ProgramMemory) -> None:
    assert memory.map_anonymous(0x10_0000_0123, PAGE, True, True, False) == 0x10_0000_0000
    assert memory.map_anonymous(0x10_0000_0123, PAGE, True, True, False) == MAPPING_TOP - PAGE
    assert memory.map_anonymous(0x1000, PAGE, True, True, False) == MAPPING_TOP - 2 * PAGE


def test_reserved_pages_take_no_frames(memory: ProgramMemory) -> None:
    start = memory.map_anonymous(0, 1 << 40, False, False, False)
    assert memory.space.pages == 0
    memory.unmap(start, 1 << 40)


@pytest.mark.parametrize(
    ("start", "length", "number"),
    [(1, PAGE, errno.EINVAL), (0, 0, errno.EINVAL), (-PAGE, PAGE, errno.EINVAL), (STACK_TOP, PAGE, errno.EINVAL)],
)
def test_what_cannot_be_unmapped(memory: ProgramMemory, start: int, length: int, number: int) -> None:
    with pytest.raises(OSError) as caught:
        memory.unmap(start, length)
    assert caught.value.errno == number


@pytest.mark.parametrize("length", [1 << 30, 1 << 47, 1 << 62])
def test_more_than_there_is(memory: ProgramMemory, length: int) -> None:
    with pytest.raises(OSError) as caught:
        memory.map_anonymous(0, length, True, True, False)
    assert caught.value.errno == errno.ENOMEM


def test_running_out_midway_leaves_nothing(memory: ProgramMemory) -> None:
    physical_memory.FRAMES.allocations_until_failure = 5
    with pytest.raises(MemoryError):
        memory.map_anonymous(0, 16 * PAGE, True, True, False)
    physical_memory.FRAMES.allocations_until_failure = -1
    assert memory.space.pages == 0
    assert memory.map_anonymous(0, 16 * PAGE, True, True, False) == MAPPING_TOP - 16 * PAGE


def test_the_stack_grows_where_it_is_touched(memory: ProgramMemory) -> None:
    assert memory.grow_stack(STACK_TOP - 1)
    assert not memory.grow_stack(STACK_TOP - 8)
    assert memory.grow_stack(STACK_BOTTOM)
    for outside in (STACK_BOTTOM - 1, STACK_TOP, 0):
        assert not memory.grow_stack(outside)
    assert memory.space.pages == 2


def test_a_loaded_program_is_its_file_and_zeroes(machine: SimulatedMachine) -> None:
    before = frames_in_use()
    code, data = b"\x90" * 5000, b"data!"
    file = executable(code, data)
    memory = ProgramMemory()
    program = load_program(memory, array_of(file))
    assert (program.segment_count, program.facts.entry) == (2, 0x400000 + 64 + 2 * 56)
    assert program.facts.headers == 0x400000 + 64
    start = 0x400000 + 64 + 112
    assert read(memory, start, len(code)) == code
    assert read(memory, 0x800010, 16) == data + bytes(11)
    assert memory.break_start == 0x803000
    memory.destroy()
    assert frames_in_use() == before


def read(memory: ProgramMemory, address: int, size: int) -> bytes:
    return bytes(int((bytes_at(memory.space.frame_of(u64(a))) + a % PAGE)[0]) for a in range(address, address + size))


def executable(code: bytes, data: bytes) -> bytes:
    """Two segments: headers and code at 4 MiB, data with a tail of zeroes at 8 MiB + 16."""
    import struct

    start = 64 + 2 * 56
    header = b"\x7fELF\x02\x01\x01" + bytes(9)
    header += struct.pack("<HHIQQQIHHHHHH", 2, 62, 1, 0x400000 + start, 64, 0, 0, 64, 56, 2, 0, 0, 0)
    text_end = start + len(code)
    data_offset = (text_end + 4095) // 4096 * 4096 + 16
    headers = struct.pack("<IIQQQQQQ", 1, 5, 0, 0x400000, 0x400000, text_end, text_end, 4096)
    headers += struct.pack("<IIQQQQQQ", 1, 6, data_offset, 0x800010, 0x800010, len(data), 0x2800, 4096)
    return (header + headers + code).ljust(data_offset, b"\0") + data
