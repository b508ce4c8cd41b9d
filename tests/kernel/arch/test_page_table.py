"""Page tables: what may be mapped, what may not, and that tables come back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kernel.arch.x86_64.address_layout import DEVICE_MEMORY, HUGE_PAGE, LARGE_PAGE, USER_TOP
from kernel.arch.x86_64.cpu import FEATURES
from kernel.arch.x86_64.page_table import (
    GLOBAL,
    LARGE,
    NO_EXECUTE,
    PRESENT,
    USER,
    WRITABLE,
    Protection,
    look_up,
    map_page,
    map_range,
    new_root,
    protect_page,
    protection_bits,
    release_root,
    release_user_half,
    set_leaf,
    translate,
    unmap_page,
)
from kernel.mm.kernel_space import kernel_root
from runtime.host.machine import SimulatedMachine
from runtime.lang import PhysicalAddress, VirtualAddress, new_array, u64
from tests.kernel.memory_bench import frames_in_use, machine_with_memory

FRAME = PhysicalAddress(u64(0x80_0000))


@pytest.fixture
def machine() -> Iterator[SimulatedMachine]:
    with machine_with_memory() as simulated:
        yield simulated


def virtual(address: int) -> VirtualAddress:
    return VirtualAddress(u64(address))


@pytest.mark.parametrize("protection", list(Protection))
def test_nothing_is_writable_and_executable(protection: Protection) -> None:
    bits = protection_bits(protection)
    assert not (bits & WRITABLE and not bits & NO_EXECUTE)
    assert bits & PRESENT


@pytest.mark.parametrize("protection", list(Protection))
def test_user_pages_are_never_global(protection: Protection) -> None:
    bits = protection_bits(protection)
    assert bool(bits & USER) == protection.name.startswith("USER")
    assert not (bits & USER and bits & GLOBAL)


def test_the_last_line_of_defence_refuses_writable_and_executable() -> None:
    entry = new_array(u64, 1)
    with pytest.raises(OSError, match="writable and executable"):
        set_leaf(entry.pointer, u64(0x1000), PRESENT | WRITABLE)


@pytest.mark.parametrize(
    ("address", "protection", "reason"),
    [
        (0, Protection.USER_READ, "null page"),
        (0xF000, Protection.USER_WRITE, "null page"),
        (0x400001, Protection.USER_READ, "aligned"),
        (USER_TOP, Protection.USER_READ, "end of the user half"),
        (0x8000_0000_0000, Protection.USER_READ, "end of the user half"),
        (DEVICE_MEMORY, Protection.USER_READ, "user page in the kernel half"),
        (DEVICE_MEMORY, Protection.IDENTITY_EXECUTE, "in the kernel half"),
        (0x400000, Protection.KERNEL_WRITE, "kernel page in the user half"),
    ],
)
def test_wrong_places_are_refused(machine: SimulatedMachine, address: int, protection: Protection, reason: str) -> None:
    with pytest.raises(OSError, match=reason):
        map_page(kernel_root(), virtual(address), FRAME, protection)


def test_a_mapped_page_translates_and_goes(machine: SimulatedMachine) -> None:
    root = new_root(kernel_root())
    map_page(root, virtual(0x400000), FRAME, Protection.USER_WRITE)
    assert translate(root, virtual(0x400123)).value == 0x80_0123
    with pytest.raises(OSError, match="already mapped"):
        map_page(root, virtual(0x400000), FRAME, Protection.USER_WRITE)
    assert unmap_page(root, virtual(0x400000)).value == FRAME.value
    assert machine.invalidated_pages == [0x400000]
    assert look_up(root, virtual(0x400000)) == 0
    with pytest.raises(OSError, match="not mapped"):
        unmap_page(root, virtual(0x400000))


def test_protection_changes_keep_the_frame(machine: SimulatedMachine) -> None:
    root = new_root(kernel_root())
    map_page(root, virtual(0x400000), FRAME, Protection.USER_WRITE)
    protect_page(root, virtual(0x400000), Protection.USER_EXECUTE)
    entry = look_up(root, virtual(0x400000))
    assert entry & WRITABLE == 0
    assert entry & NO_EXECUTE == 0
    assert translate(root, virtual(0x400000)).value == FRAME.value


def test_ranges_use_the_largest_pages_that_fit(machine: SimulatedMachine) -> None:
    start = DEVICE_MEMORY + LARGE_PAGE - 0x1000
    physical = PhysicalAddress(u64(0x4000_0000 + LARGE_PAGE - 0x1000))
    map_range(kernel_root(), virtual(start), physical, u64(0x1000 + LARGE_PAGE + 0x2000), Protection.DEVICE)
    assert look_up(kernel_root(), virtual(start)) & LARGE == 0
    assert look_up(kernel_root(), virtual(start + 0x1000)) & LARGE != 0
    assert look_up(kernel_root(), virtual(start + 0x1000 + LARGE_PAGE)) & LARGE == 0
    for offset in (0, 0x1000, 0x1000 + LARGE_PAGE - 1, 0x1000 + LARGE_PAGE, LARGE_PAGE + 0x2FFF):
        assert translate(kernel_root(), virtual(start + offset)).value == physical.value + offset
    with pytest.raises(OSError, match="inside a larger page"):
        unmap_page(kernel_root(), virtual(start + 0x1000))
    with pytest.raises(OSError, match=r"inside a larger page|already mapped"):
        map_page(kernel_root(), virtual(start + 0x2000), FRAME, Protection.DEVICE)


def test_huge_pages_where_the_cpu_has_them(machine: SimulatedMachine) -> None:
    FEATURES.huge_pages = True
    try:
        map_range(
            kernel_root(), virtual(DEVICE_MEMORY), PhysicalAddress(u64(HUGE_PAGE)), u64(HUGE_PAGE), Protection.DEVICE
        )
        assert look_up(kernel_root(), virtual(DEVICE_MEMORY)) & LARGE != 0
        assert translate(kernel_root(), virtual(DEVICE_MEMORY + 0x1234567)).value == HUGE_PAGE + 0x1234567
    finally:
        FEATURES.huge_pages = False


def test_every_table_comes_back(machine: SimulatedMachine) -> None:
    before = frames_in_use()
    root = new_root(kernel_root())
    for address in (0x400000, 0x401000, 0x40000000, 0x7FFF_FFFF_E000, 0x1234_5678_9000):
        map_page(root, virtual(address), FRAME, Protection.USER_READ)
    released: list[int] = []
    release_user_half(root, lambda frame: released.append(frame.value))
    assert released == [FRAME.value] * 5
    release_root(root)
    assert frames_in_use() == before


def test_kernel_mappings_show_in_every_space(machine: SimulatedMachine) -> None:
    root = new_root(kernel_root())
    map_page(kernel_root(), virtual(DEVICE_MEMORY), FRAME, Protection.DEVICE)
    assert translate(root, virtual(DEVICE_MEMORY)).value == FRAME.value
