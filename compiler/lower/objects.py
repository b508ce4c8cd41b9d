"""Class instances, their fields, tuples, enum members, and the low-level view of an object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.check import typed_tree as typed
from compiler.ir import ops
from compiler.ir.builder import NOTHING, NULL_REFERENCE, integer_constant
from compiler.ir.ops import Comparison, Conversion, Defect, SymbolAddress, Value
from compiler.ir.types import I64, POINTER, REF, is_managed
from compiler.lower import literals, static_data
from compiler.lower.calls import call_function
from compiler.type_system.kinds import ClassType, EnumType, OptionalType
from compiler.type_system.object_layout import (
    DESCRIPTOR_OFFSET,
    NAME_SLOT,
    QUALIFIED_NAME_SLOT,
    object_layout,
)
from compiler.type_system.representation import representation

if TYPE_CHECKING:
    from compiler.lower.functions import FunctionLowering


def class_of(lowering: FunctionLowering, node: typed.Expression) -> ClassType:
    if not isinstance(node.type, ClassType):
        raise lowering.fail(node, f"{node.type} is no class")
    return node.type


def lower_field_read(lowering: FunctionLowering, node: typed.FieldRead) -> Value:
    """Fields are zeroed at allocation: a reference that must not be None and is null was not assigned yet."""
    instance = lowering.value(node.object)
    placed = object_layout(node.owner).offset_of(node.field)
    builder = lowering.builder
    value = builder.load(instance, placed.offset, placed.rep)
    if placed.rep == REF and not node.field.always_assigned and not isinstance(placed.type, OptionalType):
        builder.emit(ops.Check(builder.compare(Comparison.NE, value, NULL_REFERENCE), Defect.NOT_INITIALISED))
    return value


def lower_assign_field(lowering: FunctionLowering, node: typed.AssignField) -> None:
    value = lowering.value(node.value)
    instance = lowering.value(node.object)
    placed = object_layout(node.owner).offset_of(node.field)
    lowering.builder.store(instance, placed.offset, value, replaces=is_managed(placed.rep))


def lower_construct(lowering: FunctionLowering, node: typed.Construct) -> Value:
    """Arguments first, then the object, its defaults, its initialiser."""
    kind = class_of(lowering, node)
    arguments = [lowering.value(argument) for argument in node.arguments]
    builder = lowering.builder
    made = builder.emit(ops.AllocateObject(lowering.context.descriptor(kind), object_layout(kind).size, None))
    for field, owner, default in node.field_defaults:
        placed = object_layout(owner).offset_of(field)
        builder.store(made, placed.offset, lowering.value(default))
    if node.initialiser is not None:
        call_function(lowering, node.initialiser, (made, *arguments))
    return made


def lower_allocate_raw(lowering: FunctionLowering, node: typed.AllocateRaw) -> Value:
    kind = class_of(lowering, node)
    trailing = lowering.value(node.trailing)
    descriptor = lowering.context.descriptor(kind)
    return lowering.builder.emit(ops.AllocateObject(descriptor, object_layout(kind).size, trailing))


def lower_static(lowering: FunctionLowering, node: typed.Expression) -> Value:
    """A compile-time object or table."""
    value = static_data.static_value(lowering, node)
    if value is None:
        raise lowering.fail(node, f"{type(node).__name__} has no compile-time value")
    return value


def lower_make_list(lowering: FunctionLowering, node: typed.MakeList) -> Value:
    """Each evaluation makes a list of its own. The items are computed one by one, each appended before the next."""
    made = lowering.value(node.construct)
    for item in node.items:
        call_function(lowering, node.append, (made, lowering.value(item)))
    return made


# --- tuples and enums


def lower_make_tuple(lowering: FunctionLowering, node: typed.MakeTuple) -> Value:
    parts = [lowering.value(item) for item in node.items]
    return lowering.builder.aggregate(*parts) if parts else NOTHING


def lower_tuple_item(lowering: FunctionLowering, node: typed.TupleItem) -> Value:
    return lowering.builder.extract(lowering.value(node.tuple), node.index)


def lower_enum_member(lowering: FunctionLowering, node: typed.EnumMember) -> Value:
    return integer_constant(node.position)


def enum_type(lowering: FunctionLowering, node: typed.Expression) -> EnumType:
    if not isinstance(node.type, EnumType):
        raise lowering.fail(node, f"{node.type} is no enumeration")
    return node.type


def lower_enum_value(lowering: FunctionLowering, node: typed.EnumValue) -> Value:
    """Folded for a constant member; the position itself where the values count from 0; else a table."""
    info = enum_type(lowering, node.operand).info
    position = lowering.value(node.operand)
    if info.values == list(range(len(info.members))):
        return position
    if isinstance(position, ops.Constant) and isinstance(position.value, int):
        value = info.values[position.value]
        if isinstance(value, int):
            return integer_constant(value)
        return SymbolAddress(literals.string(lowering.context, value), REF)
    table = literals.enum_values(lowering.context, info)
    place = lowering.builder.emit(ops.Offset(SymbolAddress(table), position, 8, 0))
    return lowering.builder.emit(ops.Load(place, 0, representation(node.type), invariant=True))


def lower_enum_name(lowering: FunctionLowering, node: typed.EnumName) -> Value:
    info = enum_type(lowering, node.operand).info
    position = lowering.value(node.operand)
    if isinstance(position, ops.Constant) and isinstance(position.value, int):
        return SymbolAddress(literals.string(lowering.context, info.members[position.value]), REF)
    table = literals.enum_names(lowering.context, info)
    place = lowering.builder.emit(ops.Offset(SymbolAddress(table), position, 8, 0))
    return lowering.builder.emit(ops.Load(place, 0, REF, invariant=True))


# --- the low-level view


def address_number(lowering: FunctionLowering, value: Value) -> Value:
    pointer = lowering.builder.emit(ops.Convert(Conversion.REFERENCE_TO_POINTER, value, POINTER))
    return lowering.builder.emit(ops.Convert(Conversion.POINTER_TO_INTEGER, pointer, I64))


def lower_object_address(lowering: FunctionLowering, node: typed.ObjectAddress) -> Value:
    return address_number(lowering, lowering.value(node.operand))


def lower_adopt(lowering: FunctionLowering, node: typed.AdoptObject) -> Value:
    address = lowering.value(node.address)
    pointer = lowering.builder.emit(ops.Convert(Conversion.INTEGER_TO_POINTER, address, POINTER))
    return lowering.builder.emit(ops.AdoptReference(pointer))


def lower_trailing_address(lowering: FunctionLowering, node: typed.TrailingAddress) -> Value:
    size = object_layout(class_of(lowering, node.operand)).size
    behind = lowering.builder.emit(ops.Offset(lowering.value(node.operand), None, 1, size))
    return lowering.builder.emit(ops.Convert(Conversion.POINTER_TO_INTEGER, behind, I64))


def lower_class_name(lowering: FunctionLowering, node: typed.ClassNameOf) -> Value:
    value = lowering.value(node.operand)
    slot = QUALIFIED_NAME_SLOT if node.qualified else NAME_SLOT
    descriptor = lowering.builder.emit(ops.Load(value, DESCRIPTOR_OFFSET, POINTER, invariant=True))
    return lowering.builder.emit(ops.Load(descriptor, slot, REF, invariant=True))
