"""Small steps on integers that several families take: widening, indexes, counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.check import typed_tree as typed
from compiler.ir import ops
from compiler.ir.builder import integer_constant
from compiler.ir.ops import Comparison, Constant, Conversion, Value
from compiler.ir.types import I64, IntegerRep
from compiler.type_system.kinds import INT, IntegerType, Type

if TYPE_CHECKING:
    from compiler.lower.functions import FunctionLowering


def is_signed(kind: Type) -> bool:
    return isinstance(kind, IntegerType) and kind.signed


def resized(lowering: FunctionLowering, value: Value, signed: bool, rep: IntegerRep) -> Value:
    """The value in another width: extended by its signedness, or its low bits."""
    source = value.rep
    assert isinstance(source, IntegerRep)
    if source.bits == rep.bits:
        return value
    if isinstance(value, Constant) and isinstance(value.value, int):
        return Constant(rep, resize_constant(value.value, source.bits, signed, rep.bits))
    if source.bits > rep.bits:
        conversion = Conversion.TRUNCATE
    else:
        conversion = Conversion.SIGN_EXTEND if signed else Conversion.ZERO_EXTEND
    return lowering.builder.emit(ops.Convert(conversion, value, rep))


def resize_constant(value: int, bits: int, signed: bool, wanted: int) -> int:
    """The same for a number known now."""
    pattern = value & ((1 << bits) - 1)
    if signed and pattern >> (bits - 1):
        pattern -= 1 << bits
    pattern &= (1 << wanted) - 1
    return pattern - (1 << wanted) if signed and pattern >> (wanted - 1) else pattern


def word(lowering: FunctionLowering, node: typed.Expression) -> Value:
    """An integer expression as 64 bits, without a check."""
    return resized(lowering, lowering.value(node), is_signed(node.type), I64)


def index(lowering: FunctionLowering, node: typed.Expression) -> Value:
    """An index of any integer type as I64 signed. A u64 beyond the signed range is no index either: the largest one."""
    value = word(lowering, node)
    if not isinstance(node.type, IntegerType) or node.type.signed or node.type.bits < 64 or isinstance(value, Constant):
        return value
    zero = integer_constant(0)
    wraps = lowering.builder.compare(Comparison.SLT, value, zero)
    return lowering.builder.emit(ops.Select(wraps, integer_constant(INT.high), value, I64))
