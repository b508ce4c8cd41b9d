"""Array values {owner, address of element 0, length}: making, viewing, slicing, checked access. Tables are read
the same way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.check import typed_tree as typed
from compiler.ir import ops
from compiler.ir.builder import NULL_REFERENCE, integer_constant
from compiler.ir.ops import CheckedOperator, Comparison, Constant, Defect, IntegerOperator, MemoryOperator, Value
from compiler.ir.types import I8, I64
from compiler.lower.context import ARRAY_BOX
from compiler.lower.integers import index
from compiler.lower.pointers import item_address, load_item, store_item
from compiler.type_system.kinds import INT, ArrayType, TableType, Type
from compiler.type_system.object_layout import HEADER_SIZE
from compiler.type_system.representation import memory_alignment, memory_size

if TYPE_CHECKING:
    from compiler.lower.functions import FunctionLowering

ALLOCATION_ALIGNMENT = 16
"""What pyc_allocate guarantees; the data of a box begins at HEADER_SIZE, which keeps it."""


def item_type(lowering: FunctionLowering, array: typed.Expression) -> Type:
    if not isinstance(array.type, ArrayType | TableType):
        raise lowering.fail(array, f"{array.type} is no array")
    return array.type.item


def lower_new_array(lowering: FunctionLowering, node: typed.NewArray) -> Value:
    """A zeroed box. A length that cannot be is an OverflowError, before anything is allocated."""
    builder, item = lowering.builder, item_type(lowering, node)
    size = memory_size(item)
    slack = alignment_slack(max(node.alignment, memory_alignment(item)))
    length = lowering.value(node.length)
    highest = (INT.high - slack) // max(size, 1)
    length = builder.emit(ops.RangeCheck(length, True, 0, highest, I64))
    count = builder.emit(ops.CheckedInteger(CheckedOperator.MUL, True, length, integer_constant(size), I64))
    room = builder.integer(IntegerOperator.ADD, count, integer_constant(slack)) if slack else count
    descriptor = lowering.context.box(ARRAY_BOX)
    box = builder.emit(ops.AllocateObject(descriptor, HEADER_SIZE, room))
    address = data_address(lowering, box, max(node.alignment, memory_alignment(item)))
    builder.emit(ops.MemoryBlock(MemoryOperator.FILL, address, Constant(I8, 0), count))
    return builder.aggregate(box, address, length)


def alignment_slack(alignment: int) -> int:
    """Extra bytes so that the data can be moved up to its alignment."""
    return alignment if alignment > ALLOCATION_ALIGNMENT else 0


def data_address(lowering: FunctionLowering, box: Value, alignment: int) -> Value:
    """The first byte after the header that is aligned."""
    builder = lowering.builder
    if alignment <= ALLOCATION_ALIGNMENT:
        return builder.emit(ops.Offset(box, None, 1, HEADER_SIZE))
    behind = builder.emit(ops.Offset(box, None, 1, HEADER_SIZE + alignment - 1))
    number = builder.emit(ops.Convert(ops.Conversion.POINTER_TO_INTEGER, behind, I64))
    rest = builder.integer(IntegerOperator.AND, number, integer_constant(alignment - 1))
    back = builder.integer(IntegerOperator.SUB, integer_constant(0), rest)
    return builder.emit(ops.Offset(behind, back, 1, 0))


def lower_array_view(lowering: FunctionLowering, node: typed.ArrayView) -> Value:
    pointer = lowering.value(node.pointer)
    length = index(lowering, node.length)
    length = lowering.builder.emit(ops.RangeCheck(length, True, 0, INT.high, I64))
    return lowering.builder.aggregate(NULL_REFERENCE, pointer, length)


def lower_array_slice(lowering: FunctionLowering, node: typed.ArraySlice) -> Value:
    """A view of a part: same owner, clamped bounds."""
    builder = lowering.builder
    array = lowering.value(node.array)
    start = index(lowering, node.start)
    stop = index(lowering, node.stop)
    length = builder.extract(array, 2)
    first = clamped(lowering, start, length)
    last = clamped(lowering, stop, length)
    distance = builder.integer(IntegerOperator.SUB, last, first)
    count = at_least_zero(lowering, distance)
    address = item_address(lowering, builder.extract(array, 1), first, item_type(lowering, node.array))
    return builder.aggregate(builder.extract(array, 0), address, count)


def clamped(lowering: FunctionLowering, bound: Value, length: Value) -> Value:
    """A slice bound as Python reads it."""
    builder = lowering.builder
    if isinstance(bound, Constant) and bound.value == 0:
        return bound
    if not (isinstance(bound, Constant) and isinstance(bound.value, int) and bound.value >= 0):
        negative = builder.compare(Comparison.SLT, bound, integer_constant(0))
        from_end = at_least_zero(lowering, builder.integer(IntegerOperator.ADD, bound, length))
        bound = builder.emit(ops.Select(negative, from_end, bound, I64))
    elif bound.value == INT.high:
        return length
    beyond = builder.compare(Comparison.SGT, bound, length)
    return builder.emit(ops.Select(beyond, length, bound, I64))


def at_least_zero(lowering: FunctionLowering, value: Value) -> Value:
    negative = lowering.builder.compare(Comparison.SLT, value, integer_constant(0))
    return lowering.builder.emit(ops.Select(negative, integer_constant(0), value, I64))


def lower_array_length(lowering: FunctionLowering, node: typed.ArrayLength) -> Value:
    return lowering.builder.extract(lowering.value(node.array), 2)


def lower_array_pointer(lowering: FunctionLowering, node: typed.ArrayPointer) -> Value:
    return lowering.builder.extract(lowering.value(node.operand), 1)


def checked_place(lowering: FunctionLowering, array: Value, position: Value, kind: Type) -> Value:
    """The address of array[position], which exists."""
    builder = lowering.builder
    defect = Defect.TUPLE_INDEX if isinstance(kind, TableType) else Defect.ARRAY_INDEX
    inside = builder.emit(ops.IndexCheck(position, builder.extract(array, 2), defect))
    assert isinstance(kind, ArrayType | TableType)
    return item_address(lowering, builder.extract(array, 1), inside, kind.item)


def lower_array_read(lowering: FunctionLowering, node: typed.ArrayRead) -> Value:
    array = lowering.value(node.array)
    position = index(lowering, node.index)
    item = item_type(lowering, node.array)
    address = checked_place(lowering, array, position, node.array.type)
    return load_item(lowering, lowering.builder.extract(array, 0), address, item)


def lower_assign_array(lowering: FunctionLowering, node: typed.AssignArray) -> None:
    value = lowering.value(node.value)
    array = lowering.value(node.array)
    position = index(lowering, node.index)
    address = checked_place(lowering, array, position, node.array.type)
    store_item(lowering, address, value, item_type(lowering, node.array))
