"""Compile-time values: globals, tables, static objects, lists and arrays become data items.

`encode` writes the value of an expression at an offset in the representation of its type; what the value refers to
becomes an item of its own, one per node of the tree, so identity is kept however often a node is reached.

A static list is an immortal object whose items lie in the image: items, length and capacity are those of a full
list, so the first growth takes new memory. The runtime's `free_slots` leaves memory of the image alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.check import typed_tree as typed
from compiler.check.typed_tree import ConversionKind, Expression
from compiler.diagnostics.errors import InternalError
from compiler.ir.builder import NULL_REFERENCE, integer_constant
from compiler.ir.module import DataItem, DataSection
from compiler.ir.ops import Constant, SymbolAddress, Value
from compiler.ir.types import F64, REF, AggregateRep, part_offset, size_and_alignment
from compiler.lower import literals, thunks
from compiler.lower.context import ProgramLowering, descriptor_symbol
from compiler.lower.data_image import DataImage
from compiler.type_system.kinds import (
    ArrayType,
    ClassType,
    EnumType,
    IntegerType,
    OptionalType,
    StructType,
    TableType,
    Type,
)
from compiler.type_system.object_layout import COUNT_OFFSET, DESCRIPTOR_OFFSET, find_field, object_layout
from compiler.type_system.representation import has_null, memory_alignment, memory_size, representation

if TYPE_CHECKING:
    from compiler.lower.functions import FunctionLowering

POINTER_PART, LENGTH_PART = 8, 16
"""Offsets of address and length in an array value; the address of a struct reference is at POINTER_PART too."""


def define_global(context: ProgramLowering, variable: typed.GlobalVariable) -> None:
    """The variable's storage with its initial value."""
    context.unit = variable.module
    size, alignment = size_and_alignment(representation(variable.type))
    image = DataImage(size)
    if variable.initial is not None:
        encode(context, image, 0, variable.initial)
    constant = variable.is_constant and variable.initial is not None
    section = DataSection.READ_ONLY if constant else DataSection.WRITABLE
    context.add_data(image.item(variable.symbol, variable.module, section, max(alignment, 1)))
    if has_flag(variable):
        context.add_data(DataImage(1).item(flag_symbol(variable), variable.module, DataSection.WRITABLE, 1))


def has_flag(variable: typed.GlobalVariable) -> bool:
    """Whether a byte beside the variable says that its module assigned it; a plain reference says so by itself."""
    is_reference = representation(variable.type) == REF and not isinstance(variable.type, OptionalType)
    return variable.initial is None and not is_reference


def flag_symbol(variable: typed.GlobalVariable) -> str:
    return f"{variable.symbol}.assigned"


def static_value(lowering: FunctionLowering, node: Expression) -> Value | None:
    """A compile-time value as an operand; None for what is better read from its storage."""
    context, builder = lowering.context, lowering.builder
    match node:
        case typed.Literal(value=None):
            return Constant(representation(node.type), None)
        case typed.Literal():
            return lowering.value(node)
        case typed.EnumMember(position=position):
            return integer_constant(position)
        case typed.StaticObject() | typed.MakeList():
            return SymbolAddress(object_symbol(context, node), REF)
        case typed.NewArray() | typed.MakeTable():
            place = SymbolAddress(storage_symbol(context, node))
            return builder.aggregate(NULL_REFERENCE, place, integer_constant(element_count(node)))
        case typed.MakeStruct():
            return builder.aggregate(NULL_REFERENCE, SymbolAddress(storage_symbol(context, node)))
    return None


# --- encoding


def encode(context: ProgramLowering, image: DataImage, offset: int, node: Expression) -> None:
    """Write the value at an offset."""
    match node:
        case typed.Literal():
            encode_literal(context, image, offset, node)
        case typed.EnumMember(position=position):
            image.integer(offset, position, 8)
        case typed.EnumValue(operand=typed.EnumMember(position=position) as member):
            encode_enum_value(context, image, offset, member, position)
        case typed.MakeTuple(items=items):
            rep = representation(node.type)
            assert isinstance(rep, AggregateRep)
            for index, item in enumerate(items):
                encode(context, image, offset + part_offset(rep, index), item)
        case typed.Convert():
            encode_conversion(context, image, offset, node)
        case typed.GlobalRead(variable=variable) if variable.initial is not None:
            encode(context, image, offset, variable.initial)
        case _:
            encode_reference(context, image, offset, node)


def encode_literal(context: ProgramLowering, image: DataImage, offset: int, node: typed.Literal) -> None:
    match node.value:
        case None:
            return
        case str() as text:
            image.reference(offset, literals.string(context, text))
        case bytes() as data:
            image.reference(offset, literals.octets(context, data))
        case number if representation(node.type) == F64:
            image.double(offset, float(number))
        case number:
            image.integer(offset, int(number), size_and_alignment(representation(node.type))[0])


def encode_enum_value(
    context: ProgramLowering, image: DataImage, offset: int, member: typed.EnumMember, position: int
) -> None:
    assert isinstance(member.type, EnumType)
    value = member.type.info.values[position]
    if isinstance(value, int):
        image.integer(offset, value, 8)
    else:
        image.reference(offset, literals.string(context, value))


def encode_conversion(context: ProgramLowering, image: DataImage, offset: int, node: typed.Convert) -> None:
    """Most conversions keep the bits; integers change their size, an optional gets its flag."""
    match node.kind:
        case ConversionKind.NONE_TO_OPTIONAL:
            return
        case ConversionKind.WRAP_OPTIONAL if isinstance(node.type, OptionalType) and not has_null(node.type.item):
            rep = representation(node.type)
            assert isinstance(rep, AggregateRep)
            image.integer(offset, 1, 1)
            encode(context, image, offset + part_offset(rep, 1), node.operand)
        case ConversionKind.INTEGER | ConversionKind.INTEGER_TRUNCATE | ConversionKind.BOOL_TO_INTEGER:
            size = size_and_alignment(representation(node.type))[0]
            image.integer(offset, constant_integer(node.operand), size)
        case ConversionKind.INTEGER_TO_FLOAT | ConversionKind.BOOL_TO_FLOAT:
            image.double(offset, float(constant_integer(node.operand)))
        case _:
            encode(context, image, offset, node.operand)


def constant_integer(node: Expression) -> int:
    """The number behind a constant integer expression."""
    match node:
        case typed.Literal(value=int() as value):
            return int(value)
        case typed.EnumMember(position=position):
            return position
        case typed.EnumValue(operand=typed.EnumMember(type=EnumType(info), position=position)):
            return int(info.values[position])
        case typed.GlobalRead(variable=variable) if variable.initial is not None:
            return constant_integer(variable.initial)
        case typed.Convert(type=IntegerType(bits=bits, signed=signed), kind=ConversionKind.INTEGER_TRUNCATE):
            pattern = constant_integer(node.operand) & ((1 << bits) - 1)
            return pattern - (1 << bits) if signed and pattern >> (bits - 1) else pattern
        case typed.Convert():
            return constant_integer(node.operand)
    raise not_constant(node)


def encode_reference(context: ProgramLowering, image: DataImage, offset: int, node: Expression) -> None:
    """Values that are or contain an address."""
    match node:
        case typed.StaticObject() | typed.MakeList():
            image.reference(offset, object_symbol(context, node))
        case typed.NewArray() | typed.MakeTable():
            image.reference(offset + POINTER_PART, storage_symbol(context, node))
            image.integer(offset + LENGTH_PART, element_count(node), 8)
        case typed.MakeStruct():
            image.reference(offset + POINTER_PART, storage_symbol(context, node))
        case typed.ArrayPointer(operand=operand):
            image.reference(offset, storage_symbol(context, operand))
        case typed.FunctionValue(function=function):
            image.reference(offset, thunks.value_symbol(context, function))
        case typed.FunctionAddress(function=function):
            image.reference(offset, thunks.address_symbol(context, function))
        case typed.LinkerSymbol(name=name):
            image.reference(offset, name)
        case _:
            raise not_constant(node)


def not_constant(node: Expression) -> InternalError:
    return InternalError("lower", None, node.span, f"{type(node).__name__} is no compile-time value")


# --- storage of arrays, tables, structs


def item_of(kind: Type) -> Type:
    assert isinstance(kind, ArrayType | TableType)
    return kind.item


def element_count(node: typed.NewArray | typed.MakeTable) -> int:
    return len(node.items) if isinstance(node, typed.MakeTable) else constant_integer(node.length)


def storage_symbol(context: ProgramLowering, node: Expression) -> str:
    """The memory behind an array, table or struct value."""
    if isinstance(node, typed.GlobalRead) and node.variable.initial is not None:
        return storage_symbol(context, node.variable.initial)
    known = context.static_objects.get(node)
    if known is not None:
        return known
    symbol = context.static_objects[node] = context.numbered("storage")
    match node:
        case typed.NewArray():
            item = item_of(node.type)
            size = memory_size(item) * element_count(node)
            alignment = max(node.alignment, memory_alignment(item), 16)
            context.add_data(DataItem(symbol, context.unit, DataSection.ZERO, alignment, size=size))
        case typed.MakeTable():
            item = item_of(node.type)
            image = encode_items(context, node.items, item)
            context.add_data(image.item(symbol, context.unit, DataSection.READ_ONLY, memory_alignment(item)))
        case typed.MakeStruct():
            image = DataImage(node.info.size)
            encode_struct(context, image, 0, node)
            alignment = max(node.info.alignment, 8)
            context.add_data(image.item(symbol, context.unit, DataSection.WRITABLE, alignment))
        case _:
            raise not_constant(node)
    return symbol


def encode_items(context: ProgramLowering, items: list[Expression], kind: Type) -> DataImage:
    """Items side by side; structs lie inline."""
    stride = memory_size(kind)
    image = DataImage(stride * len(items))
    for index, item in enumerate(items):
        if isinstance(kind, StructType):
            if not isinstance(item, typed.MakeStruct):
                raise not_constant(item)
            encode_struct(context, image, stride * index, item)
        else:
            encode(context, image, stride * index, item)
    return image


def encode_struct(context: ProgramLowering, image: DataImage, offset: int, node: typed.MakeStruct) -> None:
    for field, value in node.values:
        if field.bit_width is not None:
            mask = (1 << field.bit_width) - 1
            image.bits(offset + field.offset, (constant_integer(value) & mask) << field.bit_offset, field.size)
        else:
            encode(context, image, offset + field.offset, value)


# --- objects


def object_symbol(context: ProgramLowering, node: typed.StaticObject | typed.MakeList) -> str:
    """The immortal object of a node; known before its fields are, so a cycle ends."""
    known = context.static_objects.get(node)
    if known is not None:
        return known
    symbol = context.static_objects[node] = context.numbered("object")
    if isinstance(node, typed.MakeList):
        define_list(context, symbol, node)
    else:
        define_object(context, symbol, node)
    return symbol


def object_image(context: ProgramLowering, kind: ClassType) -> DataImage:
    """An immortal instance with all fields zero."""
    image = DataImage(object_layout(kind).size)
    context.descriptor(kind)
    image.integer(COUNT_OFFSET, literals.IMMORTAL, 8)
    image.reference(DESCRIPTOR_OFFSET, descriptor_symbol(kind))
    return image


def define_object(context: ProgramLowering, symbol: str, node: typed.StaticObject) -> None:
    assert isinstance(node.type, ClassType)
    image = object_image(context, node.type)
    for field, owner, value in node.fields:
        encode(context, image, object_layout(owner).offset_of(field).offset, value)
    context.add_data(image.item(symbol, context.unit, DataSection.WRITABLE, 8))


def define_list(context: ProgramLowering, symbol: str, node: typed.MakeList) -> None:
    assert isinstance(node.type, ClassType)
    kind, item = node.type, node.type.arguments[0]
    image = object_image(context, kind)
    if node.items:
        items = encode_items(context, node.items, item)
        storage = context.numbered("items")
        context.add_data(items.item(storage, context.unit, DataSection.WRITABLE, memory_alignment(item)))
        image.reference(field_offset(kind, "_items"), storage)
    image.integer(field_offset(kind, "_length"), len(node.items), 8)
    image.integer(field_offset(kind, "_capacity"), len(node.items), 8)
    context.add_data(image.item(symbol, context.unit, DataSection.WRITABLE, 8))


def field_offset(kind: ClassType, name: str) -> int:
    found = find_field(kind.info, name)
    if found is None:
        raise InternalError("lower", None, None, f"{kind} has no field {name}")
    return object_layout(kind).offset_of(found[0]).offset
