"""Raw memory: unchecked reads and writes through Ptr, and how an item of any type lies in memory.

A @struct item lies inline: reading it gives a reference to the place, writing it copies the bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.check import typed_tree as typed
from compiler.ir import ops
from compiler.ir.builder import NULL_REFERENCE, integer_constant
from compiler.ir.ops import Comparison, Constant, Conversion, IntegerOperator, MemoryOperator, Value
from compiler.ir.types import I8, I64, is_managed
from compiler.lower.integers import word
from compiler.type_system.kinds import BoolType, PointerType, StructType, Type
from compiler.type_system.representation import memory_size, representation

if TYPE_CHECKING:
    from compiler.lower.functions import FunctionLowering


def item_address(lowering: FunctionLowering, base: Value, position: Value, kind: Type) -> Value:
    """base + position * size of an item."""
    size = memory_size(kind)
    if isinstance(position, Constant) and isinstance(position.value, int):
        distance = position.value * size
        return base if distance == 0 else lowering.builder.emit(ops.Offset(base, None, 1, distance))
    return lowering.builder.emit(ops.Offset(base, position, size, 0))


def load_item(
    lowering: FunctionLowering, owner: Value, address: Value, kind: Type, volatile: bool = False, alignment: int = 0
) -> Value:
    """The item at an address; `owner` keeps the place of a @struct alive."""
    builder = lowering.builder
    if isinstance(kind, StructType):
        return builder.aggregate(owner, address)
    if isinstance(kind, BoolType):
        # Raw memory may hold any byte; a bool that is neither 0 nor 1 would be undefined behaviour for LLVM.
        byte = builder.emit(ops.Load(address, 0, I8, volatile, alignment=alignment))
        return builder.compare(Comparison.NE, byte, Constant(I8, 0))
    return builder.emit(ops.Load(address, 0, representation(kind), volatile, alignment=alignment))


def store_item(
    lowering: FunctionLowering,
    address: Value,
    value: Value,
    kind: Type,
    *,
    initialises: bool = False,
    volatile: bool = False,
    alignment: int = 0,
) -> None:
    """Put an item into memory."""
    builder = lowering.builder
    if isinstance(kind, StructType):
        copy_bytes(lowering, address, builder.extract(value, 1), kind.info.size)
        return
    if isinstance(kind, BoolType):
        value = builder.emit(ops.Convert(Conversion.ZERO_EXTEND, value, I8))
    replaces = is_managed(value.rep) and not initialises
    builder.emit(ops.Store(address, 0, value, replaces, volatile, alignment))


def copy_bytes(lowering: FunctionLowering, destination: Value, source: Value, size: int) -> None:
    """Copy storage that may be the same or overlap (`a[0] = a[0]`)."""
    count = integer_constant(size)
    lowering.builder.emit(ops.MemoryBlock(MemoryOperator.MOVE, destination, source, count))


def pointer_item(lowering: FunctionLowering, pointer: typed.Expression) -> Type:
    if not isinstance(pointer.type, PointerType):
        raise lowering.fail(pointer, f"{pointer.type} is no pointer")
    return pointer.type.item


def lower_pointer_read(lowering: FunctionLowering, node: typed.PointerRead) -> Value:
    pointer = lowering.value(node.pointer)
    position = word(lowering, node.index)
    item = pointer_item(lowering, node.pointer)
    address = item_address(lowering, pointer, position, item)
    return load_item(lowering, NULL_REFERENCE, address, item, node.volatile)


def lower_assign_pointer(lowering: FunctionLowering, node: typed.AssignPointer) -> None:
    value = lowering.value(node.value)
    pointer = lowering.value(node.pointer)
    position = word(lowering, node.index)
    item = pointer_item(lowering, node.pointer)
    address = item_address(lowering, pointer, position, item)
    store_item(lowering, address, value, item, initialises=node.initialises, volatile=node.volatile)


def lower_take_slot(lowering: FunctionLowering, node: typed.TakeSlot) -> Value:
    """Move the value out; what nobody counts is simply read."""
    pointer = lowering.value(node.pointer)
    position = word(lowering, node.index)
    item = pointer_item(lowering, node.pointer)
    address = item_address(lowering, pointer, position, item)
    rep = representation(item)
    if is_managed(rep) and not isinstance(item, StructType):
        return lowering.builder.emit(ops.Take(address, 0, rep))
    return load_item(lowering, NULL_REFERENCE, address, item)


def lower_pointer_offset(lowering: FunctionLowering, node: typed.PointerOffset) -> Value:
    pointer = lowering.value(node.pointer)
    return item_address(lowering, pointer, word(lowering, node.count), pointer_item(lowering, node.pointer))


def lower_pointer_difference(lowering: FunctionLowering, node: typed.PointerDifference) -> Value:
    builder = lowering.builder
    left = lowering.value(node.left)
    right = lowering.value(node.right)
    left_address = builder.emit(ops.Convert(Conversion.POINTER_TO_INTEGER, left, I64))
    right_address = builder.emit(ops.Convert(Conversion.POINTER_TO_INTEGER, right, I64))
    distance = builder.integer(IntegerOperator.SUB, left_address, right_address)
    size = memory_size(pointer_item(lowering, node.left))
    if size <= 1:
        return distance
    return builder.integer(IntegerOperator.SDIV, distance, integer_constant(size))
