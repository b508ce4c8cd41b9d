"""@struct storage: {owner, address}. Members at fixed offsets, bit fields inside their unit, inline structs and
arrays in place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.check import typed_tree as typed
from compiler.ir import ops
from compiler.ir.builder import integer_constant
from compiler.ir.ops import Comparison, Constant, Conversion, IntegerOperator, MemoryOperator, Value
from compiler.ir.types import I1, I8, I64, IntegerRep
from compiler.lower.arrays import alignment_slack, data_address
from compiler.lower.context import STRUCT_BOX
from compiler.lower.integers import is_signed, resized
from compiler.lower.pointers import copy_bytes, load_item, store_item
from compiler.type_system.kinds import StructFieldInfo, StructInfo, StructType
from compiler.type_system.object_layout import HEADER_SIZE
from compiler.type_system.representation import memory_size, representation

if TYPE_CHECKING:
    from compiler.lower.functions import FunctionLowering


def struct_info(lowering: FunctionLowering, node: typed.Expression) -> StructInfo:
    if not isinstance(node.type, StructType):
        raise lowering.fail(node, f"{node.type} is no struct")
    return node.type.info


def member_alignment(info: StructInfo) -> int:
    """0 stands for natural; a packed struct may lie anywhere."""
    return 1 if info.packed else 0


def member_address(lowering: FunctionLowering, address: Value, field: StructFieldInfo) -> Value:
    return lowering.builder.emit(ops.Offset(address, None, 1, field.offset)) if field.offset else address


def lower_struct_field_read(lowering: FunctionLowering, node: typed.StructFieldRead) -> Value:
    """A scalar copy, a reference in place, or an array in place."""
    builder, field = lowering.builder, node.field
    info = struct_info(lowering, node.object)
    struct = lowering.value(node.object)
    address = member_address(lowering, builder.extract(struct, 1), field)
    if field.length is not None:
        return builder.aggregate(builder.extract(struct, 0), address, integer_constant(field.length))
    if field.is_inline_struct:
        return builder.aggregate(builder.extract(struct, 0), address)
    if field.bit_width is not None:
        return read_bits(lowering, address, field, info)
    return load_item(lowering, builder.extract(struct, 0), address, field.type, alignment=member_alignment(info))


def lower_assign_struct_field(lowering: FunctionLowering, node: typed.AssignStructField) -> None:
    value = lowering.value(node.value)
    struct = lowering.value(node.object)
    store_member(lowering, lowering.builder.extract(struct, 1), node.field, value, struct_info(lowering, node.object))


def store_member(
    lowering: FunctionLowering, struct_address: Value, field: StructFieldInfo, value: Value, info: StructInfo
) -> None:
    """Assign one member; assigning an inline array copies as much as it holds."""
    address = member_address(lowering, struct_address, field)
    if field.length is not None:
        copy_array(lowering, address, value, field)
    elif field.is_inline_struct:
        copy_bytes(lowering, address, lowering.builder.extract(value, 1), field.size)
    elif field.bit_width is not None:
        write_bits(lowering, address, field, value, info)
    else:
        store_item(lowering, address, value, field.type, alignment=member_alignment(info))


def copy_array(lowering: FunctionLowering, address: Value, value: Value, field: StructFieldInfo) -> None:
    """The source may be shorter, not longer: the rest keeps its content."""
    builder = lowering.builder
    length = builder.emit(ops.RangeCheck(builder.extract(value, 2), True, 0, field.length or 0, I64))
    count = builder.integer(IntegerOperator.MUL, length, integer_constant(memory_size(field.type)))
    builder.emit(ops.MemoryBlock(MemoryOperator.MOVE, address, builder.extract(value, 1), count))


# --- bit fields


def read_bits(lowering: FunctionLowering, address: Value, field: StructFieldInfo, info: StructInfo) -> Value:
    """Shift the field to the top of its unit, then down: zeros or its sign come in from above."""
    builder, unit = lowering.builder, IntegerRep(field.size * 8)
    width = field.bit_width or 0
    whole = builder.emit(ops.Load(address, 0, unit, alignment=member_alignment(info)))
    signed = is_signed(field.type)
    up, down = unit.bits - field.bit_offset - width, unit.bits - width
    shifted: Value = whole
    if up:
        shifted = builder.integer(IntegerOperator.SHL, whole, Constant(unit, up))
    if down:
        shift = IntegerOperator.ASHR if signed else IntegerOperator.LSHR
        shifted = builder.integer(shift, shifted, Constant(unit, down))
    rep = representation(field.type)
    if rep == I1:
        return builder.compare(Comparison.NE, shifted, Constant(unit, 0))
    assert isinstance(rep, IntegerRep)
    return resized(lowering, shifted, signed, rep)


def write_bits(
    lowering: FunctionLowering, address: Value, field: StructFieldInfo, value: Value, info: StructInfo
) -> None:
    """Replace the field's bits; a value that does not fit them raises OverflowError."""
    builder, unit = lowering.builder, IntegerRep(field.size * 8)
    width, alignment = field.bit_width or 0, member_alignment(info)
    if value.rep == I1:
        value = builder.emit(ops.Convert(Conversion.ZERO_EXTEND, value, I8))
    assert isinstance(value.rep, IntegerRep)
    signed = is_signed(field.type)
    if width < value.rep.bits:
        low, high = (-(1 << (width - 1)), (1 << (width - 1)) - 1) if signed else (0, (1 << width) - 1)
        value = builder.emit(ops.RangeCheck(value, signed, low, high, value.rep))
    mask = ((1 << width) - 1) << field.bit_offset
    old = builder.emit(ops.Load(address, 0, unit, alignment=alignment))
    kept = builder.integer(IntegerOperator.AND, old, Constant(unit, ~mask & ((1 << unit.bits) - 1)))
    moved = resized(lowering, value, False, unit)
    if field.bit_offset:
        moved = builder.integer(IntegerOperator.SHL, moved, Constant(unit, field.bit_offset))
    placed = builder.integer(IntegerOperator.AND, moved, Constant(unit, mask))
    both = builder.integer(IntegerOperator.OR, kept, placed)
    builder.emit(ops.Store(address, 0, both, False, alignment=alignment))


# --- new storage


def lower_make_struct(lowering: FunctionLowering, node: typed.MakeStruct) -> Value:
    """A zeroed box with some members set. The values are computed first, as arguments are."""
    builder, info = lowering.builder, node.info
    values = [(field, lowering.value(value)) for field, value in node.values]
    descriptor = lowering.context.box(STRUCT_BOX)
    size = HEADER_SIZE + info.size + alignment_slack(info.alignment)
    box = builder.emit(ops.AllocateObject(descriptor, (size + 7) // 8 * 8, None))
    address = data_address(lowering, box, info.alignment)
    for field, value in values:
        store_member(lowering, address, field, value, info)
    return builder.aggregate(box, address)
