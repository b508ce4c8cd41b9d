"""Pointers, atomics, bulk memory and addresses over checked arenas."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.host.errors import MisalignedAccess, NotSimulated, OutOfBounds, OverlappingCopy, UseAfterFree
from runtime.lang import (
    PhysicalAddress,
    Ptr,
    UserPtr,
    VirtualAddress,
    array_at,
    assembly,
    atomic_add,
    atomic_compare_exchange,
    atomic_exchange,
    atomic_load,
    atomic_store,
    compare_memory,
    copy_memory,
    fill_memory,
    i64,
    inline_assembly,
    move_memory,
    new_array,
    object_address,
    size_of,
    struct,
    u8,
    u16,
    u32,
    u64,
    unreachable,
    volatile_read,
    volatile_write,
)


@struct
class Inode:
    """A struct behind a pointer."""

    number: u32
    links: u16


def test_items_and_arithmetic():
    array = new_array(u32, 4)
    pointer = array.pointer
    pointer[1] = u32(5)
    (pointer + 3)[-1] = u32(6)
    assert list(array) == [0, 5, 6, 0]
    assert (pointer + 3) - pointer == 3
    assert (pointer + 3) - 3 == pointer
    assert type((pointer + 1) - pointer) is int
    assert type(pointer[1]) is u32
    assert type(pointer.address) is u64
    assert pointer + u64(1) == pointer.cast(u8) + 4
    assert bool(pointer) and not Ptr[u8](0)
    assert {pointer: 1}[array.pointer] == 1


def test_cast_sees_the_same_bytes():
    array = new_array(u32, 1)
    array[0] = u32(0x11223344)
    assert [array.pointer.cast(u8)[i] for i in range(4)] == [0x44, 0x33, 0x22, 0x11]
    assert array.pointer.cast(u8).cast(u32)[0] == 0x11223344


def test_struct_items_are_references_in_place():
    memory = new_array(u8, 3 * size_of(Inode))
    pointer = memory.pointer.cast(Inode)
    pointer[1].number = u32(0x01020304)
    reference = pointer[1]
    reference.links = u16(2)
    assert bytes(memory[8:16]) == b"\4\3\2\1\2\0\0\0"
    pointer[2] = reference
    assert (pointer + 2)[0].links == 2


def test_wrong_accesses_are_refused():
    array = new_array(u64, 2)
    for index in (2, -1, 10**6):
        with pytest.raises(OutOfBounds):
            array.pointer[index]
    with pytest.raises(OutOfBounds):
        (array.pointer.cast(u8) + 9).cast(u64)[0]
    with pytest.raises(OutOfBounds):
        Ptr[u8](0)[0]
    with pytest.raises(OverflowError):
        Ptr[u8](-1)
    with pytest.raises(OverflowError):
        Ptr[u8](2**64)
    with pytest.raises(OverflowError):
        Ptr[u8](0) - 1
    with pytest.raises(TypeError):
        _ = array.pointer - array.pointer.cast(u8)
    with pytest.raises(TypeError):
        Ptr[str](16)[0]


def test_use_after_free(checked_memory):
    array = new_array(u8, 16)
    pointer = array.pointer
    del array
    with pytest.raises(UseAfterFree, match=r"Array\[u8\] of 16"):
        pointer[0] = u8(1)


def test_volatile_and_atomic_access():
    array = new_array(u64, 2)
    word = array.pointer
    volatile_write(word, u64(5))
    assert volatile_read(word) == 5
    atomic_store(word, u64(2**64 - 1))
    assert atomic_add(word, 2) == 2**64 - 1
    assert atomic_load(word) == 1
    assert atomic_exchange(word, u64(9)) == 1
    assert not atomic_compare_exchange(word, u64(1), u64(2))
    assert atomic_compare_exchange(word, u64(9), u64(2)) and array[0] == 2
    with pytest.raises(MisalignedAccess):
        atomic_load((word.cast(u8) + 1).cast(u64))
    with pytest.raises(TypeError):
        atomic_load(new_array(u8, 64).pointer.cast(Odd))


@struct
class Odd:
    """Twelve bytes: no instruction moves them at once."""

    a: u32
    b: u32
    c: u32


@given(st.binary(max_size=40), st.integers(0, 40), st.integers(0, 40), st.integers(0, 40))
def test_bulk_moves_are_those_of_bytearray(data, source, destination, count):
    array = new_array(u8, 80)
    for index, byte in enumerate(data):
        array[index] = byte
    judge = bytearray(bytes(array))
    pointer = array.pointer
    if abs(source - destination) < count:
        with pytest.raises(OverlappingCopy):
            copy_memory(pointer + destination, pointer + source, u64(count))
    move_memory(pointer + destination, pointer + source, u64(count))
    judge[destination : destination + count] = judge[source : source + count]
    assert bytes(array) == judge
    fill_memory(pointer + source, u8(7), u64(count))
    judge[source : source + count] = bytes([7]) * count
    assert bytes(array) == judge
    first, second = judge[source : source + count], judge[destination : destination + count]
    expected = (first > second) - (first < second)
    assert compare_memory(pointer + source, pointer + destination, count) == expected


def test_bulk_moves_check_bounds_and_counts():
    array = new_array(u8, 8)
    with pytest.raises(OutOfBounds):
        fill_memory(array.pointer, u8(0), u64(9))
    with pytest.raises(OverflowError):
        fill_memory(array.pointer, 256, 1)
    with pytest.raises(OverflowError):
        move_memory(array.pointer, array.pointer, -1)
    copy_memory(Ptr[u8](0), Ptr[u8](0), u64(0))


def test_addresses_of_one_kind():
    first = PhysicalAddress(u64(0x1000))
    assert (first + 0x234).value == 0x1234
    assert (first + 0x234) - first == 0x234
    assert first - 0x1000 == PhysicalAddress(0)
    assert first < first + 1 and first <= first and first + 1 > first and first >= first
    assert type(first.value) is u64 and type(first - first) is int
    assert f"{first.value:#x} {first!r}" == "0x1000 PhysicalAddress(0x1000)"
    assert len({first, PhysicalAddress(0x1000)}) == 1
    with pytest.raises(OverflowError):
        first - 0x1001
    with pytest.raises(OverflowError):
        VirtualAddress(2**64 - 1) - VirtualAddress(0)


def test_addresses_of_two_kinds_do_not_meet():
    physical, virtual = PhysicalAddress(1), VirtualAddress(1)
    assert physical != virtual
    with pytest.raises(TypeError):
        physical - virtual  # type: ignore[operator]
    with pytest.raises(TypeError):
        _ = physical < virtual  # type: ignore[operator]
    with pytest.raises(TypeError):
        new_array(PhysicalAddress, 1)[0] = virtual  # type: ignore[assignment]


def test_user_pointers_only_have_an_address():
    pointer = UserPtr[u32](0x400000)
    assert pointer.address == 0x400000
    with pytest.raises(TypeError):
        pointer[0]  # type: ignore[index]
    slots = new_array(UserPtr[u32], 1)
    slots[0] = pointer
    assert slots[0].address == 0x400000


def test_floats_bools_and_ints_in_memory():
    for kind, value in ((float, 1.5), (bool, True), (int, -5), (i64, -5)):
        slot = new_array(kind, 2)
        slot[1] = value
        assert array_at(slot.pointer, 2)[1] == value
        assert type(slot[1]) is kind
    with pytest.raises(TypeError):
        new_array(bool, 1)[0] = 1  # type: ignore[assignment]


def test_what_only_compiled_code_can_do_says_so():
    for action in (lambda: assembly("ret"), lambda: inline_assembly("nop", ""), unreachable, lambda: object_address(1)):
        with pytest.raises(NotSimulated):
            action()
