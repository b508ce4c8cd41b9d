"""Questions with a bool for an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.check import typed_tree as typed
from compiler.check.typed_tree import ComparisonOperator
from compiler.ir import ops
from compiler.ir.builder import FALSE, NULL_POINTER, NULL_REFERENCE, TRUE
from compiler.ir.ops import Comparison, IntegerOperator, SymbolAddress, Value
from compiler.ir.types import I1, I64, I128, UNIT, AggregateRep, FloatRep, IntegerRep, PointerRep, ReferenceRep
from compiler.lower import support
from compiler.lower.integers import resized
from compiler.type_system.kinds import IntegerType
from compiler.type_system.object_layout import DESCRIPTOR_OFFSET

if TYPE_CHECKING:
    from compiler.lower.functions import FunctionLowering

_SIGNED = {
    ComparisonOperator.EQUAL: Comparison.EQ,
    ComparisonOperator.NOT_EQUAL: Comparison.NE,
    ComparisonOperator.LESS: Comparison.SLT,
    ComparisonOperator.LESS_EQUAL: Comparison.SLE,
    ComparisonOperator.GREATER: Comparison.SGT,
    ComparisonOperator.GREATER_EQUAL: Comparison.SGE,
}
_UNSIGNED = {
    ComparisonOperator.EQUAL: Comparison.EQ,
    ComparisonOperator.NOT_EQUAL: Comparison.NE,
    ComparisonOperator.LESS: Comparison.ULT,
    ComparisonOperator.LESS_EQUAL: Comparison.ULE,
    ComparisonOperator.GREATER: Comparison.UGT,
    ComparisonOperator.GREATER_EQUAL: Comparison.UGE,
}


def lower_compare(lowering: FunctionLowering, node: typed.Compare) -> Value:
    left = lowering.value(node.left)
    right = lowering.value(node.right)
    builder = lowering.builder
    if isinstance(left.rep, FloatRep):
        return builder.emit(ops.FloatCompare(_SIGNED[node.operator], left, right))
    left_kind, right_kind = node.left.type, node.right.type
    if isinstance(left_kind, IntegerType) and isinstance(right_kind, IntegerType):
        return compare_integers(lowering, node.operator, left, left_kind, right, right_kind)
    if left.rep == UNIT:
        return TRUE if node.operator is ComparisonOperator.EQUAL else FALSE
    if isinstance(left.rep, AggregateRep) or left.rep != right.rep:
        raise lowering.fail(node, f"comparison of {left_kind} with {right_kind}")
    return builder.compare(_UNSIGNED[node.operator], left, right)


def compare_integers(
    lowering: FunctionLowering,
    operator: ComparisonOperator,
    left: Value,
    left_kind: IntegerType,
    right: Value,
    right_kind: IntegerType,
) -> Value:
    """Mathematically: in the narrowest width and signedness that holds both ranges."""
    rep, signed = common(left_kind, right_kind)
    table = _SIGNED if signed else _UNSIGNED
    wide_left = resized(lowering, left, left_kind.signed, rep)
    wide_right = resized(lowering, right, right_kind.signed, rep)
    return lowering.builder.compare(table[operator], wide_left, wide_right)


def common(left: IntegerType, right: IntegerType) -> tuple[IntegerRep, bool]:
    """A width and signedness in which the values of both types are what they are."""
    if left.signed == right.signed:
        return IntegerRep(max(left.bits, right.bits)), left.signed
    signed, unsigned = (left, right) if left.signed else (right, left)
    if signed.bits > unsigned.bits:
        return IntegerRep(signed.bits), True
    return (I64 if unsigned.bits < 64 else I128), True


def lower_same_object(lowering: FunctionLowering, node: typed.SameObject) -> Value:
    left = lowering.value(node.left)
    right = lowering.value(node.right)
    if isinstance(left.rep, AggregateRep):
        raise lowering.fail(node, f"identity of {node.left.type}")
    return lowering.builder.compare(Comparison.EQ, left, right)


def lower_is_none(lowering: FunctionLowering, node: typed.IsNone) -> Value:
    return is_none(lowering, lowering.value(node.operand))


def is_none(lowering: FunctionLowering, value: Value) -> Value:
    """Whether an optional is empty: null, or without its flag."""
    builder = lowering.builder
    match value.rep:
        case ReferenceRep():
            return builder.compare(Comparison.EQ, value, NULL_REFERENCE)
        case PointerRep():
            return builder.compare(Comparison.EQ, value, NULL_POINTER)
        case AggregateRep(parts) if parts and parts[0] == I1:
            return builder.compare(Comparison.EQ, builder.extract(value, 0), FALSE)
    return TRUE


def lower_not(lowering: FunctionLowering, node: typed.Not) -> Value:
    return lowering.builder.integer(IntegerOperator.XOR, lowering.value(node.operand), TRUE)


def lower_is_instance(lowering: FunctionLowering, node: typed.IsInstance) -> Value:
    return is_instance(lowering, lowering.value(node.operand), lowering.context.descriptor(node.target), node)


def is_instance(lowering: FunctionLowering, value: Value, target: str, node: typed.Typed | None = None) -> Value:
    """Whether the object's class descends from the one with this descriptor. A leaf of the hierarchy is one
    comparison."""
    if not isinstance(value.rep, ReferenceRep):
        raise lowering.fail(node, "only objects have a class")
    builder = lowering.builder
    descriptor = builder.emit(ops.Load(value, DESCRIPTOR_OFFSET, NULL_POINTER.rep, invariant=True))
    wanted = SymbolAddress(target)
    if not lowering.context.classes[target].info.subclasses:
        return builder.compare(Comparison.EQ, descriptor, wanted)
    return builder.call(support.is_instance(lowering.context), (descriptor, wanted), I1)
