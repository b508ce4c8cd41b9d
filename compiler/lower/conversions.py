"""Conversions: a row per kind. Most change nothing in a register."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.check import typed_tree as typed
from compiler.check.typed_tree import ConversionKind
from compiler.ir import ops
from compiler.ir.builder import TRUE
from compiler.ir.ops import Comparison, Constant, Conversion, Defect, IntegerOperator, Value
from compiler.ir.types import F64, I64, POINTER, IntegerRep
from compiler.lower.comparisons import is_none
from compiler.lower.integers import is_signed, resized
from compiler.type_system.kinds import IntegerType, OptionalType
from compiler.type_system.representation import has_null, representation

if TYPE_CHECKING:
    from compiler.lower.functions import FunctionLowering

SAME_VALUE = frozenset(
    {
        ConversionKind.UPCAST,
        ConversionKind.DOWNCAST,
        ConversionKind.OPTIONAL_UPCAST,
        ConversionKind.ADDRESS_TO_INTEGER,
        ConversionKind.INTEGER_TO_ADDRESS,
        ConversionKind.POINTER_CAST,
        ConversionKind.ENUM_TO_POSITION,
        ConversionKind.POSITION_TO_ENUM,
        ConversionKind.TABLE_TO_ARRAY,
    }
)
"""Conversions between types of one representation."""


def lower_convert(lowering: FunctionLowering, node: typed.Convert) -> Value:
    value, builder = lowering.value(node.operand), lowering.builder
    match node.kind:
        case kind if kind in SAME_VALUE:
            return value
        case ConversionKind.INTEGER:
            return convert_integer(lowering, node, value)
        case ConversionKind.INTEGER_TRUNCATE:
            rep = representation(node.type)
            assert isinstance(rep, IntegerRep)
            return resized(lowering, value, is_signed(node.operand.type), rep)
        case ConversionKind.BOOL_TO_INTEGER:
            return builder.emit(ops.Convert(Conversion.ZERO_EXTEND, value, representation(node.type)))
        case ConversionKind.INTEGER_TO_BOOL:
            return builder.compare(Comparison.NE, value, Constant(value.rep, 0))
        case ConversionKind.INTEGER_TO_FLOAT:
            signed = is_signed(node.operand.type)
            conversion = Conversion.SIGNED_TO_FLOAT if signed else Conversion.UNSIGNED_TO_FLOAT
            return builder.emit(ops.Convert(conversion, value, F64))
        case ConversionKind.BOOL_TO_FLOAT:
            return builder.emit(ops.Convert(Conversion.UNSIGNED_TO_FLOAT, value, F64))
        case ConversionKind.POINTER_TO_INTEGER:
            return builder.emit(ops.Convert(Conversion.POINTER_TO_INTEGER, value, I64))
        case ConversionKind.INTEGER_TO_POINTER:
            return builder.emit(ops.Convert(Conversion.INTEGER_TO_POINTER, value, POINTER))
    return convert_optional(lowering, node, value)


def convert_integer(lowering: FunctionLowering, node: typed.Convert, value: Value) -> Value:
    """Extended where every value fits, else checked."""
    source, target = node.operand.type, node.type
    if not isinstance(source, IntegerType) or not isinstance(target, IntegerType):
        raise lowering.fail(node, f"integer conversion from {source} to {target}")
    rep = representation(target)
    assert isinstance(rep, IntegerRep)
    if target.contains(source):
        return resized(lowering, value, source.signed, rep)
    low, high = max(source.low, target.low), min(source.high, target.high)
    return lowering.builder.emit(ops.RangeCheck(value, source.signed, low, high, rep))


def convert_optional(lowering: FunctionLowering, node: typed.Convert, value: Value) -> Value:
    builder = lowering.builder
    match node.kind:
        case ConversionKind.WRAP_OPTIONAL:
            return wrap(lowering, value, node)
        case ConversionKind.NONE_TO_OPTIONAL:
            return Constant(representation(node.type), None)
        case ConversionKind.UNWRAP_OPTIONAL:
            return unwrap(lowering, value, node)
        case ConversionKind.UNWRAP_OPTIONAL_CHECKED:
            present = builder.integer(IntegerOperator.XOR, is_none(lowering, value), TRUE)
            builder.emit(ops.Check(present, Defect.NONE_WHERE_OBJECT_NEEDED))
            return unwrap(lowering, value, node)
    raise lowering.fail(node, f"no rule for {node.kind.name}")


def wrap(lowering: FunctionLowering, value: Value, node: typed.Convert) -> Value:
    if not isinstance(node.type, OptionalType) or has_null(node.type.item):
        return value
    return lowering.builder.aggregate(TRUE, value)


def unwrap(lowering: FunctionLowering, value: Value, node: typed.Convert) -> Value:
    source = node.operand.type
    if not isinstance(source, OptionalType) or has_null(source.item):
        return value
    return lowering.builder.extract(value, 1)
