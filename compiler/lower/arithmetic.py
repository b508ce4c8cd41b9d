"""Arithmetic on integers and floats. The operands have one type; what can leave the type is checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.check import typed_tree as typed
from compiler.check.typed_tree import ArithmeticOperator
from compiler.ir import ops
from compiler.ir.builder import integer_constant
from compiler.ir.ops import CheckedOperator, Comparison, Constant, Defect, FloatOperator, IntegerOperator, Value
from compiler.ir.types import F64, I1, I64, I128, FloatRep, IntegerRep
from compiler.lower.integers import is_signed, resized
from compiler.type_system.kinds import IntegerType
from compiler.type_system.representation import representation

if TYPE_CHECKING:
    from compiler.lower.functions import FunctionLowering

_CHECKED = {
    ArithmeticOperator.ADD: CheckedOperator.ADD,
    ArithmeticOperator.SUBTRACT: CheckedOperator.SUB,
    ArithmeticOperator.MULTIPLY: CheckedOperator.MUL,
}
_PLAIN = {
    ArithmeticOperator.ADD: IntegerOperator.ADD,
    ArithmeticOperator.SUBTRACT: IntegerOperator.SUB,
    ArithmeticOperator.MULTIPLY: IntegerOperator.MUL,
    ArithmeticOperator.AND: IntegerOperator.AND,
    ArithmeticOperator.OR: IntegerOperator.OR,
    ArithmeticOperator.XOR: IntegerOperator.XOR,
}
_BITWISE = (ArithmeticOperator.AND, ArithmeticOperator.OR, ArithmeticOperator.XOR)
_FLOAT = {
    ArithmeticOperator.ADD: FloatOperator.ADD,
    ArithmeticOperator.SUBTRACT: FloatOperator.SUB,
    ArithmeticOperator.MULTIPLY: FloatOperator.MUL,
    ArithmeticOperator.TRUE_DIVIDE: FloatOperator.DIV,
}


def lower_arithmetic(lowering: FunctionLowering, node: typed.Arithmetic) -> Value:
    left = lowering.value(node.left)
    right = lowering.value(node.right)
    if isinstance(left.rep, FloatRep):
        return float_arithmetic(lowering, node, left, right)
    signed, builder, rep = is_signed(node.type), lowering.builder, left.rep
    match node.operator:
        case ArithmeticOperator.FLOOR_DIVIDE:
            defect = Defect.INTEGER_DIVISION_BY_ZERO
            return builder.emit(ops.FloorDivide(False, signed, left, right, defect, rep))
        case ArithmeticOperator.MODULO:
            defect = Defect.INTEGER_MODULO_BY_ZERO
            return builder.emit(ops.FloorDivide(True, signed, left, right, defect, rep))
        case ArithmeticOperator.SHIFT_LEFT:
            return shift_left(lowering, left, right, signed, is_signed(node.right.type))
        case ArithmeticOperator.SHIFT_RIGHT:
            return shift_right(lowering, left, right, signed, is_signed(node.right.type))
        case operator if operator in _CHECKED:
            return builder.emit(ops.CheckedInteger(_CHECKED[operator], signed, left, right, rep))
        case operator if operator in _BITWISE:
            return builder.integer(_PLAIN[operator], left, right)
    raise lowering.fail(node, f"{node.operator.name} of {node.type}")


def float_arithmetic(lowering: FunctionLowering, node: typed.Arithmetic, left: Value, right: Value) -> Value:
    builder = lowering.builder
    if node.operator not in _FLOAT:
        raise lowering.fail(node, f"{node.operator.name} of floats is the runtime's")
    if node.operator is ArithmeticOperator.TRUE_DIVIDE and not (isinstance(right, Constant) and right.value):
        nonzero = builder.emit(ops.FloatCompare(Comparison.NE, right, Constant(F64, 0.0)))
        builder.emit(ops.Check(nonzero, Defect.FLOAT_DIVISION_BY_ZERO))
    return builder.emit(ops.Float(_FLOAT[node.operator], left, right))


# --- shifts


def checked_count(lowering: FunctionLowering, count: Value, signed: bool) -> None:
    """A negative shift count raises."""
    if not signed or (isinstance(count, Constant) and isinstance(count.value, int) and count.value >= 0):
        return
    builder = lowering.builder
    fine = builder.compare(Comparison.SGE, count, Constant(count.rep, 0))
    builder.emit(ops.Check(fine, Defect.NEGATIVE_SHIFT))


def bounded_count(lowering: FunctionLowering, count: Value, rep: IntegerRep, beyond: int) -> tuple[Value | None, Value]:
    """(whether the count is below the width, None when that is known; the count in `rep`, `beyond` where it is not)."""
    builder = lowering.builder
    if isinstance(count, Constant) and isinstance(count.value, int) and 0 <= count.value < rep.bits:
        return None, Constant(rep, count.value)
    below = builder.compare(Comparison.ULT, count, Constant(count.rep, rep.bits))
    bounded = builder.emit(ops.Select(below, count, Constant(count.rep, beyond), count.rep))
    return below, resized(lowering, bounded, False, rep)


def shift_left(lowering: FunctionLowering, left: Value, count: Value, signed: bool, count_signed: bool) -> Value:
    """Raises when shifting back does not give the operand; only 0 can be shifted by the width or more."""
    builder, rep = lowering.builder, left.rep
    assert isinstance(rep, IntegerRep)
    checked_count(lowering, count, count_signed)
    below, amount = bounded_count(lowering, count, rep, 0)
    shifted = builder.integer(IntegerOperator.SHL, left, amount)
    back = builder.integer(IntegerOperator.ASHR if signed else IntegerOperator.LSHR, shifted, amount)
    fine: Value = builder.compare(Comparison.EQ, back, left)
    if below is not None:
        zero = builder.compare(Comparison.EQ, left, Constant(rep, 0))
        fine = builder.integer(IntegerOperator.OR, builder.integer(IntegerOperator.AND, fine, below), zero)
    builder.emit(ops.Check(fine, Defect.OVERFLOW))
    return shifted


def shift_right(lowering: FunctionLowering, left: Value, count: Value, signed: bool, count_signed: bool) -> Value:
    """A count of the width or more leaves the sign: 0 or -1."""
    builder, rep = lowering.builder, left.rep
    assert isinstance(rep, IntegerRep)
    checked_count(lowering, count, count_signed)
    below, amount = bounded_count(lowering, count, rep, rep.bits - 1 if signed else 0)
    shifted = builder.integer(IntegerOperator.ASHR if signed else IntegerOperator.LSHR, left, amount)
    if signed or below is None:
        return shifted
    return builder.emit(ops.Select(below, shifted, Constant(rep, 0), rep))


# --- exact, wrapping, unary


def lower_mixed(lowering: FunctionLowering, node: typed.MixedArithmetic) -> Value:
    """Two integer types: computed in a width that holds every result, then checked against the result's range."""
    left = lowering.value(node.left)
    right = lowering.value(node.right)
    kind = node.type
    left_kind, right_kind = node.left.type, node.right.type
    if not isinstance(kind, IntegerType) or not isinstance(left_kind, IntegerType):
        raise lowering.fail(node, "integers are expected")
    if not isinstance(right_kind, IntegerType):
        raise lowering.fail(node, "integers are expected")
    wide = exact_width(node.operator, left_kind, right_kind)
    result = lowering.builder.integer(
        _PLAIN[node.operator],
        resized(lowering, left, left_kind.signed, wide),
        resized(lowering, right, right_kind.signed, wide),
    )
    rep = representation(kind)
    return lowering.builder.emit(ops.RangeCheck(result, True, kind.low, kind.high, rep))


def exact_width(operator: ArithmeticOperator, left: IntegerType, right: IntegerType) -> IntegerRep:
    """The narrower of 64 and 128 bits that holds every result as a signed number."""
    bits = [kind.bits + (not kind.signed) for kind in (left, right)]
    needed = sum(bits) if operator is ArithmeticOperator.MULTIPLY else max(bits) + 1
    return I64 if needed <= 64 else I128


def lower_wrapping(lowering: FunctionLowering, node: typed.WrappingArithmetic) -> Value:
    """Modulo 2^bits. A shift by the width or more leaves 0."""
    left = lowering.value(node.left)
    right = lowering.value(node.right)
    builder, rep = lowering.builder, left.rep
    if node.operator is not ArithmeticOperator.SHIFT_LEFT:
        return builder.integer(_PLAIN[node.operator], left, right)
    assert isinstance(rep, IntegerRep)
    checked_count(lowering, right, is_signed(node.right.type))
    below, amount = bounded_count(lowering, right, rep, 0)
    shifted = builder.integer(IntegerOperator.SHL, left, amount)
    return shifted if below is None else builder.emit(ops.Select(below, shifted, Constant(rep, 0), rep))


def lower_negate(lowering: FunctionLowering, node: typed.Negate) -> Value:
    operand = lowering.value(node.operand)
    builder, rep = lowering.builder, operand.rep
    if isinstance(rep, FloatRep):
        return builder.emit(ops.Float(FloatOperator.SUB, Constant(F64, -0.0), operand))
    assert isinstance(rep, IntegerRep)
    kind = node.operand.type
    if isinstance(operand, Constant) and isinstance(operand.value, int) and isinstance(kind, IntegerType):
        if kind.low <= -operand.value <= kind.high:
            return Constant(rep, -operand.value)
    zero = integer_constant(0, rep)
    return builder.emit(ops.CheckedInteger(CheckedOperator.SUB, is_signed(kind), zero, operand, rep))


def lower_invert(lowering: FunctionLowering, node: typed.Invert) -> Value:
    operand = lowering.value(node.operand)
    assert isinstance(operand.rep, IntegerRep)
    ones = 1 if operand.rep == I1 else -1
    return lowering.builder.integer(IntegerOperator.XOR, operand, integer_constant(ones, operand.rep))
