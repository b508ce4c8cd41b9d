"""Removing checks changes nothing that can be seen: random expressions, evaluated before and after the pass.

The evaluator below is Python's own arithmetic; a failing check is the answer None.
"""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from compiler.ir import ops
from compiler.ir.builder import FunctionBuilder
from compiler.ir.module import Function, Program
from compiler.ir.ops import CheckedOperator, Comparison, Conversion, Defect, IntegerOperator, Value
from compiler.ir.types import I8, I16, I32, I64, IntegerRep
from compiler.ir.verify import Level, verify
from compiler.passes import range_checks

WIDTHS = (I8, I16, I32, I64)


def bits(value: Value) -> int:
    assert isinstance(value.rep, IntegerRep)
    return value.rep.bits


def read(pattern: int, width: int, signed: bool) -> int:
    pattern &= (1 << width) - 1
    return pattern - (1 << width) if signed and pattern >> (width - 1) else pattern


def evaluate(function: Function, arguments: list[int]) -> int | None:
    """The bit pattern returned, or None when a check failed."""
    values: dict[Value, int] = dict(zip(function.parameters, arguments, strict=True))

    def number(value: Value, signed: bool) -> int:
        pattern = int(value.value or 0) if isinstance(value, ops.Constant) else values[value]
        return read(pattern, bits(value), signed)

    for op in function.blocks[0].operations:
        match op:
            case ops.Return(value):
                return number(value, False)
            case ops.Check(condition):
                if not number(condition, False):
                    return None
            case ops.RangeCheck(value, signed, low, high):
                if not low <= number(value, signed) <= high:
                    return None
                values[op] = number(value, signed)
            case ops.CheckedInteger(_, signed, left, right) | ops.FloorDivide(_, signed, left, right):
                exact = _exact(op, number(left, signed), number(right, signed))
                if exact is None or read(exact, bits(op), signed) != exact:
                    return None
                values[op] = exact
            case ops.Integer(operator, left, right):
                values[op] = _plain(operator, number(left, False), number(right, False))
            case ops.Convert(conversion, value):
                values[op] = number(value, conversion is Conversion.SIGN_EXTEND)
            case ops.Compare(comparison, left, right):
                signed = comparison.value.startswith("s")
                values[op] = int(_compare(comparison, number(left, signed), number(right, signed)))
    raise AssertionError("no return")


def _exact(op: ops.CheckedInteger | ops.FloorDivide, left: int, right: int) -> int | None:
    if isinstance(op, ops.FloorDivide):
        return None if right == 0 else left % right if op.modulo else left // right
    return _plain(IntegerOperator[op.operator.name], left, right)


def _plain(operator: IntegerOperator, left: int, right: int) -> int:
    match operator:
        case IntegerOperator.ADD:
            return left + right
        case IntegerOperator.SUB:
            return left - right
        case IntegerOperator.MUL:
            return left * right
        case IntegerOperator.AND:
            return left & right
        case IntegerOperator.UREM:
            return left % right
    return left >> right


def _compare(comparison: Comparison, left: int, right: int) -> bool:
    match comparison.value[-2:]:
        case "eq":
            return left == right
        case "ne":
            return left != right
        case "lt":
            return left < right
        case "le":
            return left <= right
        case "gt":
            return left > right
    return left >= right


def build(random: Random) -> Function:
    """A straight line of random operations in random widths."""
    parameters = [ops.Parameter(f"p{index}", rep) for index, rep in enumerate(WIDTHS)]
    function = Function("f", parameters, I64, "m.py", 1, "f", "m")
    builder = FunctionBuilder(function)
    builder.position_at(builder.block("start"))
    values: list[Value] = list(parameters)
    for _ in range(random.randint(1, 9)):
        made = operation(random, random.choice(values), values, builder)
        if made is not None:
            values.append(made)
    last = values[-1]
    builder.ret(last if last.rep == I64 else builder.emit(ops.Convert(Conversion.ZERO_EXTEND, last, I64)))
    return builder.finish()


def operation(random: Random, value: Value, values: list[Value], builder: FunctionBuilder) -> Value | None:
    width, signed = bits(value), random.random() < 0.5
    other = random.choice([one for one in values if one.rep == value.rep])
    constant = ops.Constant(value.rep, random.choice((1, 2, 3, 7, 15, 100, (1 << (width - 1)) - 1)))
    match random.randint(0, 6):
        case 0:
            rep = random.choice(WIDTHS)
            if rep.bits == width:
                return None
            wider = random.choice((Conversion.SIGN_EXTEND, Conversion.ZERO_EXTEND))
            return builder.emit(ops.Convert(wider if rep.bits > width else Conversion.TRUNCATE, value, rep))
        case 1 | 2:
            right = random.choice((other, constant))
            return builder.emit(
                ops.CheckedInteger(random.choice(list(CheckedOperator)), signed, value, right, value.rep)
            )
        case 3:
            count = ops.Constant(value.rep, random.randint(1, width - 1))
            chosen = random.choice((IntegerOperator.AND, IntegerOperator.UREM, IntegerOperator.LSHR))
            return builder.integer(chosen, value, count if chosen is IntegerOperator.LSHR else constant)
        case 4:
            rep, target_signed = random.choice(WIDTHS), random.random() < 0.5
            low, high = range_checks.full(rep, target_signed)
            return builder.emit(ops.RangeCheck(value, signed, low, high, rep))
        case 5:
            zero = Defect.INTEGER_DIVISION_BY_ZERO
            return builder.emit(ops.FloorDivide(random.random() < 0.5, signed, value, constant, zero, value.rep))
    comparison = builder.compare(random.choice(list(Comparison)), value, random.choice((other, constant)))
    builder.emit(ops.Check(comparison, Defect.ASSERTION))
    return None


@settings(max_examples=500, deadline=None)
@given(st.randoms(use_true_random=False))
def test_random_expressions(random: Random) -> None:
    function = build(random)
    inputs = [[random.choice((0, 1, 127, 128, 255, random.getrandbits(64))) for _ in WIDTHS] for _ in range(12)]
    inputs = [[pattern & ((1 << rep.bits) - 1) for pattern, rep in zip(row, WIDTHS, strict=True)] for row in inputs]
    expected = [evaluate(function, row) for row in inputs]
    range_checks.run(Program(functions={"f": function}))
    verify(function, Program(), Level.LOWERED)
    assert [evaluate(function, row) for row in inputs] == expected


def test_what_is_removed() -> None:
    """u8(x & 0xFF), and the sum of two 32-bit numbers in 64."""
    parameters = [ops.Parameter("x", I64), ops.Parameter("a", I32), ops.Parameter("b", I32)]
    function = Function("f", parameters, I64, "m.py", 1, "f", "m")
    builder = FunctionBuilder(function)
    builder.position_at(builder.block("start"))
    masked = builder.integer(IntegerOperator.AND, parameters[0], ops.Constant(I64, 255))
    builder.emit(ops.RangeCheck(masked, True, 0, 255, I8))
    wide = [builder.emit(ops.Convert(Conversion.ZERO_EXTEND, parameter, I64)) for parameter in parameters[1:]]
    builder.ret(builder.emit(ops.CheckedInteger(CheckedOperator.ADD, True, wide[0], wide[1], I64)))
    range_checks.run(Program(functions={"f": function}))
    assert not any(op.may_raise for op in function.blocks[0].operations)
