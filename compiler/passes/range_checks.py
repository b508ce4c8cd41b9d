"""Checks that cannot fail disappear, before they make a function one that may raise.

Problem: `u8(x & 0xFF)`, `int(a_u32) + int(b_u32)` or `table[index % 16]` carry checks that the operands themselves
disprove. LLVM would remove most of them too, but only after every caller tests for an exception that cannot come.

    before   1 = integer AND x, 255              after    1 = integer AND x, 255
             2: i8 = range_check 1, 0…255                 2: i8 = convert TRUNCATE 1

Idea: an interval per value and reading (signed or unsigned), found from the operation that made it: constants, widths,
masks, shifts, remainders, earlier checks, exact arithmetic on intervals. No flow: a local's value is anything its width
holds. Optional: the meaning stays without it. Cost: one walk; intervals are remembered per function.
"""

from __future__ import annotations

from compiler.ir import ops
from compiler.ir.module import Function, Program
from compiler.ir.operands import replace_operands
from compiler.ir.ops import CheckedOperator, Comparison, Constant, Conversion, IntegerOperator, Operation, Value
from compiler.ir.types import IntegerRep, Rep

Interval = tuple[int, int]
DEPTH = 8
"""How far an expression is followed."""

_PLAIN = {
    CheckedOperator.ADD: IntegerOperator.ADD,
    CheckedOperator.SUB: IntegerOperator.SUB,
    CheckedOperator.MUL: IntegerOperator.MUL,
}


def run(program: Program) -> None:
    """Simplify the checks of every function."""
    for function in program.functions.values():
        _simplify(function)


def _simplify(function: Function) -> None:
    intervals = Intervals()
    instead: dict[Value, Value] = {}
    for block in function.blocks:
        kept: list[Operation] = []
        for op in block.operations:
            if op.may_raise:
                found = _without_check(op, intervals)
                if found is not None:
                    instead[op] = found
                    if isinstance(found, Operation) and found is not getattr(op, "value", None):
                        kept.append(found)
                    continue
                if isinstance(op, ops.Check) and intervals.holds(op.condition):
                    continue
            kept.append(op)
        block.operations = kept
    if instead:
        _replace(function, instead)


def _replace(function: Function, instead: dict[Value, Value]) -> None:
    def final(value: Value) -> Value:
        while value in instead:
            value = instead[value]
        return value

    for block in function.blocks:
        for op in block.operations:
            replace_operands(op, final)


def _without_check(op: Operation, intervals: Intervals) -> Value | None:
    """The value that the operation gives when its check cannot fail; None when it can."""
    match op:
        case ops.CheckedInteger(operator, signed, left, right, rep):
            low, high = intervals.exact(op)
            least, most = full(rep, signed)
            if least <= low and high <= most:
                return ops.Integer(_PLAIN[operator], left, right, rep, line=op.line, file=op.file)
        case ops.RangeCheck(value, signed, low, high, rep):
            least, most = intervals.of(value, signed)
            if low <= least and most <= high:
                return _in_width(op, value, signed, rep)
    return None


def _in_width(op: Operation, value: Value, signed: bool, rep: Rep) -> Value:
    """The same number in another width."""
    if not isinstance(rep, IntegerRep) or not isinstance(value.rep, IntegerRep) or value.rep.bits == rep.bits:
        return value
    conversion = Conversion.SIGN_EXTEND if signed else Conversion.ZERO_EXTEND
    if rep.bits < value.rep.bits:
        conversion = Conversion.TRUNCATE
    return ops.Convert(conversion, value, rep, line=op.line, file=op.file)


def full(rep: Rep, signed: bool) -> Interval:
    """Everything that the width holds."""
    assert isinstance(rep, IntegerRep), "verified: an integer"
    return (-(1 << (rep.bits - 1)), (1 << (rep.bits - 1)) - 1) if signed else (0, (1 << rep.bits) - 1)


class Intervals:
    """What is known about the integers of one function."""

    def __init__(self) -> None:
        self._known: dict[tuple[Value, bool], Interval] = {}

    def of(self, value: Value, signed: bool, depth: int = DEPTH) -> Interval:
        """Least and greatest number that the value can be, read signed or unsigned."""
        key = (value, signed)
        found = self._known.get(key)
        if found is None:
            everything = full(value.rep, signed)
            found = self._find(value, signed, depth - 1) if depth else everything
            if found[0] < everything[0] or found[1] > everything[1]:
                found = everything
            self._known[key] = found
        return found

    def exact(self, op: ops.CheckedInteger, depth: int = DEPTH) -> Interval:
        """The mathematical result, which may lie outside the width."""
        left, right = self.of(op.left, op.signed, depth), self.of(op.right, op.signed, depth)
        match op.operator:
            case CheckedOperator.ADD:
                return left[0] + right[0], left[1] + right[1]
            case CheckedOperator.SUB:
                return left[0] - right[1], left[1] - right[0]
        corners = [one * other for one in left for other in right]
        return min(corners), max(corners)

    def _find(self, value: Value, signed: bool, depth: int) -> Interval:
        everything = full(value.rep, signed)
        match value:
            case Constant(rep, number) if isinstance(number, int) and isinstance(rep, IntegerRep):
                pattern = number & ((1 << rep.bits) - 1)
                number = pattern - (1 << rep.bits) if signed and pattern > everything[1] else pattern
                return number, number
            case ops.Convert():
                return self._converted(value, signed, depth)
            case ops.Integer():
                return self._masked(value, everything, depth)
            case ops.RangeCheck(inner, inner_signed, low, high):
                before = self.of(inner, inner_signed, depth)
                return max(low, before[0]), min(high, before[1])
            case ops.IndexCheck():
                return 0, (1 << 63) - 1
            case ops.CheckedInteger() if value.signed == signed:
                low, high = self.exact(value, depth)
                return max(low, everything[0]), min(high, everything[1])
            case ops.FloorDivide(modulo, inner_signed, left, Constant(_, int(divisor))) if divisor > 0:
                if modulo:
                    return 0, divisor - 1
                if inner_signed == signed:
                    low, high = self.of(left, signed, depth)
                    return low // divisor, high // divisor
        return everything

    def _converted(self, op: ops.Convert, signed: bool, depth: int) -> Interval:
        """Extensions keep the number in their own reading; truncation keeps what fits."""
        match op.conversion:
            case Conversion.ZERO_EXTEND:
                return self.of(op.value, False, depth)
            case Conversion.SIGN_EXTEND:
                inner = self.of(op.value, True, depth)
                return inner if signed or inner[0] >= 0 else full(op.rep, signed)
            case Conversion.TRUNCATE:
                return self.of(op.value, signed, depth)
        return full(op.rep, signed)

    def _masked(self, op: ops.Integer, everything: Interval, depth: int) -> Interval:
        """Operations that make numbers small; their results read alike in both ways when the top bit is clear."""
        match op:
            case ops.Integer(IntegerOperator.AND, _, Constant(_, int(mask))) if mask >= 0:
                return 0, mask
            case ops.Integer(IntegerOperator.AND, Constant(_, int(mask)), _) if mask >= 0:
                return 0, mask
            case ops.Integer(IntegerOperator.LSHR, value, Constant(_, int(count))) if count > 0:
                return 0, self.of(value, False, depth)[1] >> count
            case ops.Integer(IntegerOperator.UREM, _, Constant(_, int(divisor))) if divisor > 0:
                return 0, divisor - 1
        return everything

    def holds(self, condition: Value) -> bool:
        """Whether an I1 is certainly true."""
        if isinstance(condition, Constant):
            return bool(condition.value)
        if not isinstance(condition, ops.Compare) or not isinstance(condition.left.rep, IntegerRep):
            return False
        signed = not condition.comparison.value.startswith("u")
        left, right = self.of(condition.left, signed), self.of(condition.right, signed)
        match condition.comparison:
            case Comparison.EQ:
                return left == right and left[0] == left[1]
            case Comparison.NE:
                return left[1] < right[0] or right[1] < left[0]
            case Comparison.SLT | Comparison.ULT:
                return left[1] < right[0]
            case Comparison.SLE | Comparison.ULE:
                return left[1] <= right[0]
            case Comparison.SGT | Comparison.UGT:
                return left[0] > right[1]
        return left[0] >= right[1]
