"""Arrays: bounds, views, copies, judged by lists of plain numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.host.errors import OutOfBounds, UseAfterFree
from runtime.lang import Array, Ptr, array_at, i16, i64, new_array, struct, u8, u16, u32, u64


@struct
class Pair:
    """An item that is a struct."""

    a: u8
    b: u32


def filled(kind: type[int], values: list[int]) -> Array[int]:
    array = new_array(kind, len(values))
    for index, value in enumerate(values):
        array[index] = value
    return array


@given(st.lists(st.integers(-(2**15), 2**15 - 1), max_size=20), st.integers(-25, 25), st.integers(-25, 25))
def test_items_slices_and_iteration_are_those_of_a_list(values, start, stop):
    array = filled(i16, values)
    assert len(array) == len(values)
    assert list(array) == values
    assert list(array[start:stop]) == values[start:stop]
    assert list(array[:]) == values
    assert list(array[start:]) == values[start:]
    assert all(type(item) is i16 for item in array)
    if -len(values) <= start < len(values):
        assert array[start] == values[start]
        assert array[i64(start)] == values[start]
    else:
        with pytest.raises(IndexError, match=r"^array index out of range$"):
            array[start]
        with pytest.raises(IndexError):
            array[start] = 0


def test_a_slice_is_a_view():
    array = filled(u8, [1, 2, 3, 4])
    view = array[1:3]
    view[0] = u8(9)
    assert list(array) == [1, 9, 3, 4]
    del array
    assert list(view) == [9, 3]
    with pytest.raises(IndexError):
        view[2]
    with pytest.raises(TypeError):
        view[::2]


def test_arrays_start_zeroed_and_aligned():
    array = new_array(u64, 512, align=4096)
    assert int(array.pointer.address) % 4096 == 0
    assert not any(array)
    with pytest.raises(ValueError, match="negative"):
        new_array(u8, -1)
    with pytest.raises(TypeError):
        new_array(str, 1)
    with pytest.raises(TypeError):
        Array[u8]()


def test_fill_and_copy():
    array = new_array(u32, 5)
    array.fill(u32(0xDEADBEEF))
    assert list(array) == [0xDEADBEEF] * 5
    array.copy_from(filled(u32, [1, 2]))
    assert list(array) == [1, 2, 0xDEADBEEF, 0xDEADBEEF, 0xDEADBEEF]
    array[1:].copy_from(array[:4])
    assert list(array) == [1, 1, 2, 0xDEADBEEF, 0xDEADBEEF]
    with pytest.raises(ValueError, match="longer"):
        new_array(u32, 1).copy_from(array)
    with pytest.raises(TypeError):
        array.copy_from(new_array(u16, 1))
    with pytest.raises(OverflowError):
        array.fill(2**32)
    new_array(u8, 0).fill(u8(1))


def test_bytes_of_an_array():
    assert bytes(filled(u8, [1, 2, 255])) == b"\1\2\xff"
    assert bytes(new_array(u8, 0)) == b""
    with pytest.raises(TypeError):
        bytes(new_array(u16, 1))


def test_items_that_are_structs_lie_inline():
    pairs = new_array(Pair, 3)
    first = pairs[0]
    first.b = u32(5)
    assert pairs[0].b == 5
    pairs[2] = first
    first.b = u32(6)
    assert (pairs[2].b, pairs.pointer[0].b) == (5, 6)
    assert pairs.pointer + 2 == pairs[2:].pointer


def test_array_at_views_raw_memory_with_bounds(checked_memory):
    array = filled(u16, [1, 2, 3])
    view = array_at(array.pointer + 1, 2)
    view[1] = u16(7)
    assert (list(array), list(view)) == ([1, 2, 7], [2, 7])
    with pytest.raises(OutOfBounds):
        array_at(array.pointer, 4)
    with pytest.raises(ValueError, match="negative"):
        array_at(array.pointer, -1)
    del array
    with pytest.raises(UseAfterFree):
        view[0]


def test_a_missing_item_type_is_refused():
    with pytest.raises(TypeError, match="item type"):
        Ptr(0)
