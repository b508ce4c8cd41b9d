"""Structs as storage: names refer, assignment into an inline field copies, pointers meet the same bytes."""

from __future__ import annotations

from typing import ClassVar, Protocol

import pytest

from runtime.host.errors import BadFunctionPointer, UseAfterFree
from runtime.host.functions import address_of_function
from runtime.lang import (
    Array,
    FunctionPointer,
    PhysicalAddress,
    Ptr,
    array_field,
    bits,
    function_address,
    i8,
    new_array,
    offset_of,
    padding,
    pointer_to,
    size_of,
    struct,
    struct_field,
    u8,
    u16,
    u32,
    u64,
    zeroed,
)


class Transform(FunctionPointer, Protocol):
    """A declared function type."""

    def __call__(self, value: u32) -> u32: ...


@struct
class Point:
    """Two numbers."""

    x: u32
    y: u32

    UNIT: ClassVar[int] = 3

    def total(self) -> int:
        return int(self.x) + int(self.y)


@struct
class Shape:
    """Inline struct, inline array, pointer to a class that comes later, function, bits."""

    corner: Point = struct_field()
    name: Array[u8] = array_field(4)
    points: Array[Point] = array_field(2)
    next: Ptr[Node]
    apply: Transform
    base: PhysicalAddress
    low: u8 = bits(3)
    high: i8 = bits(5)
    _reserved: u8 = padding(3)


@struct
class Node:
    """A list node."""

    value: u64
    next: Ptr[Node]


def test_construction_by_position_and_by_name():
    assert (Point(1, 2).x, Point(1, 2).y) == (1, 2)
    assert Point(y=5, x=4).y == 5
    assert type(Point(1, 2).x) is u32
    assert zeroed(Point).y == 0
    assert Point(1, 2).total() == 3
    assert repr(Point(1, 2)) == "Point(x=1, y=2)"


@pytest.mark.parametrize("arguments", [((), {}), ((1,), {}), ((1, 2, 3), {}), ((1,), {"x": 2}), ((1,), {"z": 2})])
def test_construction_refuses_wrong_arguments(arguments):
    with pytest.raises(TypeError):
        Point(*arguments[0], **arguments[1])


def test_fields_check_type_and_range():
    point = Point(1, 2)
    with pytest.raises(OverflowError):
        point.x = 2**32
    with pytest.raises(OverflowError):
        point.x = -1
    with pytest.raises(TypeError):
        point.x = 1.5  # type: ignore[assignment]
    with pytest.raises(TypeError):
        point.x = None  # type: ignore[assignment]
    assert point.x == 1


def test_a_name_refers_to_storage():
    point = Point(1, 2)
    other = point
    other.x = u32(9)
    assert point.x == 9
    assert pointer_to(point)[0] == point
    assert Point(1, 2) != Point(1, 2)


def test_assignment_into_an_inline_field_copies():
    shape, point = zeroed(Shape), Point(1, 2)
    shape.corner = point
    point.x = u32(50)
    assert shape.corner.x == 1
    shape.corner.x = u32(60)
    assert (shape.corner.x, point.x) == (60, 50)
    shape.points[1] = point
    point.y = u32(0)
    assert (shape.points[1].x, shape.points[1].y) == (50, 2)
    with pytest.raises(TypeError):
        shape.corner = Node(1, Ptr[Node](0))  # type: ignore[assignment]


def test_inline_array():
    shape = zeroed(Shape)
    shape.name[-1] = u8(255)
    assert bytes(shape.name) == b"\0\0\0\xff"
    letters = new_array(u8, 4)
    letters.fill(u8(65))
    shape.name = letters
    letters[0] = u8(0)
    assert bytes(shape.name) == b"AAAA"
    with pytest.raises(ValueError, match="array field of 4"):
        shape.name = new_array(u8, 3)
    with pytest.raises(IndexError):
        shape.name[4]


def test_bit_fields_check_the_range_and_keep_their_neighbours():
    shape = zeroed(Shape)
    shape.high = i8(-16)
    shape.low = u8(7)
    assert (shape.low, shape.high) == (7, -16)
    shape.low, shape.high = u8(2), i8(5)
    assert (shape.low, shape.high) == (2, 5)
    shape.low, shape.high = u8(7), i8(-16)
    with pytest.raises(OverflowError):
        shape.low = u8(8)
    with pytest.raises(OverflowError):
        shape.high = i8(16)
    with pytest.raises(TypeError):
        shape.low = 1.0  # type: ignore[assignment]
    assert (shape.low, shape.high) == (7, -16)


def test_pointers_addresses_and_functions_as_fields():
    shape, node = zeroed(Shape), Node(5, Ptr[Node](0))
    assert not shape.next
    shape.next = pointer_to(node)
    shape.next[0].value = u64(6)
    assert node.value == 6
    shape.base = PhysicalAddress(u64(0x1000))
    assert shape.base + 1 == PhysicalAddress(0x1001)
    with pytest.raises(BadFunctionPointer):
        shape.apply(u32(1))
    shape.apply = double
    assert shape.apply(u32(21)) == 42
    assert function_address(shape.apply) == address_of_function(double) == function_address(double)


def double(value: u32) -> u32:
    return u32(value * 2)


def test_padding_is_no_field():
    with pytest.raises(AttributeError):
        _ = zeroed(Shape)._reserved
    with pytest.raises(TypeError):
        offset_of(Shape, "_reserved")
    with pytest.raises(TypeError):
        offset_of(Shape, "missing")


def test_layout_of_the_whole():
    assert (size_of(Point), size_of(Node), size_of(Shape)) == (8, 16, 64)
    names = ("corner", "name", "points", "next", "apply", "base", "low", "high")
    assert [offset_of(Shape, name) for name in names] == [0, 8, 12, 32, 40, 48, 56, 56]


def test_storage_lives_as_long_as_the_struct(checked_memory):
    node = Node(1, Ptr[Node](0))
    pointer = pointer_to(node)
    inside = zeroed(Shape).corner  # keeps its surroundings alive
    inside.x = u32(3)
    assert inside.x == 3
    del node
    with pytest.raises(UseAfterFree):
        _ = pointer[0]


def test_inheritance_puts_the_base_first():
    @struct
    class Named(Point):
        name: u16

    assert [offset_of(Named, field) for field in ("x", "y", "name")] == [0, 4, 8]
    assert Named(1, 2, 3).total() == 3


def test_declarations_that_mean_nothing_are_refused():
    @struct
    class Inline:
        point: Point

    @struct
    class Nested:
        point: u8 = struct_field()

    @struct
    class Wide:
        value: u8 = bits(9)

    @struct
    class Unlaid:
        value: str

    @struct
    class Endless:
        inner: Endless = struct_field()

    with pytest.raises(TypeError, match="no default"):

        @struct
        class Defaulted:
            value: u8 = 5

    for wrong in (Inline, Nested, Wide, Unlaid, Endless):
        with pytest.raises((TypeError, ValueError)):
            size_of(wrong)
    with pytest.raises(TypeError):
        pointer_to(5)
