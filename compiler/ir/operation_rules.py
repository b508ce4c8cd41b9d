"""The verifier's rule per operation: which representations its operands and result must have.

`rule_violation` gives a sentence, or None. The rules repeat in code what the docstrings in ops.py say in words.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from compiler.ir import ops
from compiler.ir.module import Function, Program
from compiler.ir.ops import AtomicOperator, Comparison, Conversion, MemoryOperator, Operation, Value
from compiler.ir.types import (
    F64,
    I1,
    I8,
    I64,
    POINTER,
    REF,
    AggregateRep,
    FloatRep,
    IntegerRep,
    PointerRep,
    ReferenceRep,
    Rep,
    is_managed,
)

Rule = Callable[[Any, Function, Program], str | None]


def rule_violation(op: Operation, function: Function, program: Program) -> str | None:
    """What is wrong with the operands of one operation, if anything."""
    return RULES[type(op)](op, function, program)


def _fine(_op: Operation, _function: Function, _program: Program) -> str | None:
    return None


def _same(what: str, left: Rep, right: Rep) -> str | None:
    return None if left == right else f"{what}: {left} where {right} is needed"


def _first(*answers: str | None) -> str | None:
    return next((answer for answer in answers if answer is not None), None)


def _integer_value(value: Value) -> str | None:
    return None if isinstance(value.rep, IntegerRep) else f"{value.rep} is no integer"


def _address(value: Value) -> str | None:
    return None if isinstance(value.rep, PointerRep | ReferenceRep) else f"{value.rep} is no address"


def _read_local(op: ops.ReadLocal, _f: Function, _p: Program) -> str | None:
    return _same("read", op.rep, op.local.rep)


def _write_local(op: ops.WriteLocal, _f: Function, _p: Program) -> str | None:
    return _same("assigned value", op.value.rep, op.local.rep)


def _arithmetic(op: ops.Integer | ops.CheckedInteger | ops.FloorDivide, _f: Function, _p: Program) -> str | None:
    return _first(_integer_value(op.left), _same("left", op.left.rep, op.rep), _same("right", op.right.rep, op.rep))


def _compare(op: ops.Compare, _f: Function, _p: Program) -> str | None:
    if isinstance(op.left.rep, AggregateRep | FloatRep):
        return f"{op.left.rep} cannot be compared"
    if isinstance(op.left.rep, ReferenceRep) and op.comparison not in (Comparison.EQ, Comparison.NE):
        return "references have no order"
    return _first(_same("operands", op.left.rep, op.right.rep), _same("result", op.rep, I1))


def _float(op: ops.Float, _f: Function, _p: Program) -> str | None:
    return _first(_same("left", op.left.rep, F64), _same("right", op.right.rep, F64), _same("result", op.rep, F64))


def _float_compare(op: ops.FloatCompare, _f: Function, _p: Program) -> str | None:
    if op.comparison.value.startswith("u"):
        return "floats compare by the signed names"
    return _first(_same("left", op.left.rep, F64), _same("right", op.right.rep, F64), _same("result", op.rep, I1))


_CONVERSIONS: dict[Conversion, tuple[type[Any], type[Any]]] = {
    Conversion.SIGN_EXTEND: (IntegerRep, IntegerRep),
    Conversion.ZERO_EXTEND: (IntegerRep, IntegerRep),
    Conversion.TRUNCATE: (IntegerRep, IntegerRep),
    Conversion.SIGNED_TO_FLOAT: (IntegerRep, FloatRep),
    Conversion.UNSIGNED_TO_FLOAT: (IntegerRep, FloatRep),
    Conversion.FLOAT_TO_SIGNED: (FloatRep, IntegerRep),
    Conversion.POINTER_TO_INTEGER: (PointerRep, IntegerRep),
    Conversion.INTEGER_TO_POINTER: (IntegerRep, PointerRep),
    Conversion.REFERENCE_TO_POINTER: (ReferenceRep, PointerRep),
    Conversion.FLOAT_BITS: (FloatRep, IntegerRep),
    Conversion.BITS_FLOAT: (IntegerRep, FloatRep),
}


def _convert(op: ops.Convert, _f: Function, _p: Program) -> str | None:
    source, target = _CONVERSIONS[op.conversion]
    if not isinstance(op.value.rep, source) or not isinstance(op.rep, target):
        return f"{op.conversion.name} from {op.value.rep} to {op.rep}"
    if isinstance(op.value.rep, IntegerRep) and isinstance(op.rep, IntegerRep):
        wider = op.rep.bits > op.value.rep.bits
        if wider == (op.conversion is Conversion.TRUNCATE) and op.rep.bits != op.value.rep.bits:
            return f"{op.conversion.name} from {op.value.rep} to {op.rep}"
    return None


def _adopt(op: ops.AdoptReference, _f: Function, _p: Program) -> str | None:
    return _first(_same("source", op.value.rep, POINTER), _same("result", op.rep, REF))


def _select(op: ops.Select, _f: Function, _p: Program) -> str | None:
    if is_managed(op.rep):
        return "a managed value cannot be selected"
    return _first(
        _same("condition", op.condition.rep, I1),
        _same("first choice", op.when_true.rep, op.rep),
        _same("second choice", op.when_false.rep, op.rep),
    )


def _check(op: ops.Check, _f: Function, _p: Program) -> str | None:
    return _same("condition", op.condition.rep, I1)


def _range_check(op: ops.RangeCheck, _f: Function, _p: Program) -> str | None:
    if not isinstance(op.rep, IntegerRep):
        return f"{op.rep} is no integer"
    if op.low > op.high:
        return "an empty range"
    if op.low < -(1 << (op.rep.bits - 1)) or op.high >= 1 << op.rep.bits:
        return f"{op.low}…{op.high} does not fit {op.rep}"
    return _integer_value(op.value)


def _index_check(op: ops.IndexCheck, _f: Function, _p: Program) -> str | None:
    return _first(_same("index", op.index.rep, I64), _same("length", op.length.rep, I64), _same("result", op.rep, I64))


def _offset(op: ops.Offset, _f: Function, _p: Program) -> str | None:
    index = None if op.index is None else _same("index", op.index.rep, I64)
    return _first(
        _address(op.base), index, _same("result", op.rep, POINTER), None if op.scale >= 0 else "negative scale"
    )


def _load(op: ops.Load | ops.Store, _f: Function, _p: Program) -> str | None:
    alignment = op.alignment
    if alignment & (alignment - 1):
        return f"alignment {alignment} is no power of two"
    return _address(op.base)


def _take(op: ops.Take, _f: Function, _p: Program) -> str | None:
    return _first(_address(op.base), None if is_managed(op.rep) else f"{op.rep} is not managed")


def _allocate(op: ops.AllocateObject, _f: Function, _p: Program) -> str | None:
    if op.size < 16:
        return f"{op.size} bytes do not hold a header"
    return None if op.trailing is None else _same("trailing", op.trailing.rep, I64)


def _free(op: ops.FreeObject, _f: Function, _p: Program) -> str | None:
    return _address(op.reference)


def _memory_block(op: ops.MemoryBlock, _f: Function, _p: Program) -> str | None:
    source = _same("value", op.source.rep, I8) if op.operator is MemoryOperator.FILL else _address(op.source)
    return _first(_address(op.destination), source, _same("count", op.count.rep, I64))


_ATOMIC_ARGUMENTS = {AtomicOperator.LOAD: 0, AtomicOperator.FENCE: 0, AtomicOperator.COMPARE_EXCHANGE: 2}


def _atomic(op: ops.Atomic, _f: Function, _p: Program) -> str | None:
    if len(op.arguments) != _ATOMIC_ARGUMENTS.get(op.operator, 1):
        return f"{op.operator.name} with {len(op.arguments)} arguments"
    if (op.pointer is None) != (op.operator is AtomicOperator.FENCE):
        return f"{op.operator.name} and its pointer"
    return None if op.pointer is None else _address(op.pointer)


def _make_aggregate(op: ops.MakeAggregate, _f: Function, _p: Program) -> str | None:
    return _same("parts", AggregateRep(tuple(part.rep for part in op.parts)), op.rep)


def _extract(op: ops.Extract, _f: Function, _p: Program) -> str | None:
    rep = op.aggregate.rep
    if not isinstance(rep, AggregateRep) or not 0 <= op.index < len(rep.parts):
        return f"{rep} has no part {op.index}"
    return _same("part", op.rep, rep.parts[op.index])


def _arguments(expected: tuple[Rep, ...], arguments: tuple[Value, ...], result: Rep, op_rep: Rep) -> str | None:
    if len(expected) != len(arguments):
        return f"{len(arguments)} arguments where {len(expected)} are needed"
    for index, (rep, value) in enumerate(zip(expected, arguments, strict=True)):
        if value.rep != rep:
            return f"argument {index}: {value.rep} where {rep} is needed"
    return _same("result", op_rep, result)


def _call(op: ops.Call, _f: Function, program: Program) -> str | None:
    if op.symbol not in program.functions and op.symbol not in program.external:
        return f"{op.symbol} is nowhere declared"
    signature = program.signature(op.symbol)
    violation = _arguments(signature.parameters, op.arguments, signature.result, op.rep)
    return None if violation is None else f"{op.symbol}: {violation}"


def _call_indirect(op: ops.CallIndirect, _f: Function, _p: Program) -> str | None:
    return _first(
        _same("code", op.code.rep, POINTER),
        _arguments(op.signature.parameters, op.arguments, op.signature.result, op.rep),
    )


def _branch(op: ops.Branch, _f: Function, _p: Program) -> str | None:
    return _same("condition", op.condition.rep, I1)


def _switch(op: ops.Switch, _f: Function, _p: Program) -> str | None:
    if len({number for number, _ in op.cases}) != len(op.cases):
        return "a case stands twice"
    return _integer_value(op.value)


def _return(op: ops.Return, function: Function, _p: Program) -> str | None:
    return _same("result", op.value.rep, function.result)


def _exception(
    op: ops.Raise | ops.ReturnFailure | ops.Panic | ops.PushTraceback, _f: Function, _p: Program
) -> str | None:
    return _same("exception", op.exception.rep, REF)


def _return_failure(op: ops.ReturnFailure, function: Function, program: Program) -> str | None:
    if not function.may_raise:
        return "the function does not raise"
    return _exception(op, function, program)


def _counted(op: ops.Retain | ops.Release, _f: Function, _p: Program) -> str | None:
    return None if is_managed(op.value.rep) else f"{op.value.rep} is not managed"


RULES: dict[type[Operation], Rule] = {
    ops.ReadLocal: _read_local,
    ops.WriteLocal: _write_local,
    ops.ClearLocal: _fine,
    ops.Integer: _arithmetic,
    ops.CheckedInteger: _arithmetic,
    ops.FloorDivide: _arithmetic,
    ops.Compare: _compare,
    ops.Float: _float,
    ops.FloatCompare: _float_compare,
    ops.Convert: _convert,
    ops.AdoptReference: _adopt,
    ops.Intrinsic: _fine,
    ops.Select: _select,
    ops.Check: _check,
    ops.RangeCheck: _range_check,
    ops.IndexCheck: _index_check,
    ops.Offset: _offset,
    ops.Load: _load,
    ops.Store: _load,
    ops.Take: _take,
    ops.AllocateObject: _allocate,
    ops.FreeObject: _free,
    ops.MemoryBlock: _memory_block,
    ops.Atomic: _atomic,
    ops.MakeAggregate: _make_aggregate,
    ops.Extract: _extract,
    ops.Call: _call,
    ops.CallIndirect: _call_indirect,
    ops.InlineAssembly: _fine,
    ops.Jump: _fine,
    ops.Branch: _branch,
    ops.BranchFailure: _fine,
    ops.Switch: _switch,
    ops.Return: _return,
    ops.ReturnFailure: _return_failure,
    ops.Raise: _exception,
    ops.Panic: _exception,
    ops.PushTraceback: _exception,
    ops.Failure: _fine,
    ops.Unreachable: _fine,
    ops.Retain: _counted,
    ops.Release: _counted,
}
