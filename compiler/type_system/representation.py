"""From types to representations: how a value of each type lies in registers and memory."""

from __future__ import annotations

from compiler.ir.types import (
    ARRAY,
    F64,
    FUNCTION_VALUE,
    I1,
    I64,
    POINTER,
    REF,
    STRUCT_REFERENCE,
    UNIT,
    AggregateRep,
    IntegerRep,
    Rep,
    is_managed,
    size_and_alignment,
)
from compiler.type_system.kinds import (
    AddressType,
    ArrayType,
    BoolType,
    ClassReferenceType,
    ClassType,
    EnumType,
    FloatType,
    FunctionPointerType,
    FunctionType,
    IntegerType,
    OptionalType,
    PointerType,
    StructType,
    TableType,
    TupleType,
    Type,
)


def representation(kind: Type) -> Rep:
    """The representation of a value of this type."""
    match kind:
        case IntegerType(bits=bits):
            return IntegerRep(bits)
        case BoolType():
            return I1
        case FloatType():
            return F64
        case ClassType():
            return REF
        case AddressType() | EnumType():
            return I64
        case PointerType() | FunctionPointerType() | ClassReferenceType():
            return POINTER
        case StructType():
            return STRUCT_REFERENCE
        case ArrayType() | TableType():
            return ARRAY
        case FunctionType():
            return FUNCTION_VALUE
        case TupleType(items):
            return AggregateRep(tuple(representation(item) for item in items))
        case OptionalType(item):
            return optional_representation(item)
    return UNIT


def optional_representation(item: Type) -> Rep:
    """References and pointers have null to say None; anything else gets a flag in front."""
    if has_null(item):
        return representation(item)
    return AggregateRep((I1, representation(item)))


def has_null(item: Type) -> bool:
    """Whether the representation has a spare value that can stand for None. A raw `Ptr` may itself be null, so it
    does not."""
    return isinstance(item, ClassType | ClassReferenceType)


def holds_references(kind: Type) -> bool:
    """Whether values of this type contain counted references."""
    return is_managed(representation(kind))


def memory_size(kind: Type) -> int:
    """Bytes of one element of this type in memory (Ptr and Array items, fields): a @struct lies inline."""
    if isinstance(kind, StructType):
        return kind.info.size
    size, alignment = size_and_alignment(representation(kind))
    return (size + alignment - 1) // alignment * alignment


def memory_alignment(kind: Type) -> int:
    if isinstance(kind, StructType):
        return kind.info.alignment
    return size_and_alignment(representation(kind))[1]
