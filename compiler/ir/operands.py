"""What an operation touches: its operands, which of them it consumes, where it may continue, whether it can fail.

The idea: one table per question, keyed by the class, so that passes, verifier and printer never list the fields of an
operation themselves. `FIELDS` names the operand fields; everything else about operands follows from it.

Contract: `operands`, `stolen`, `successors`, `result_rep` and `can_fail` accept every operation of `compiler.ir.ops`;
a missing row is a KeyError, and a test compares the table with the classes that exist.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from compiler.ir import ops
from compiler.ir.module import Program
from compiler.ir.ops import Block, Operation, Value
from compiler.ir.types import AggregateRep, PointerRep, ReferenceRep, Rep

FIELDS: dict[type[Operation], tuple[str, ...]] = {
    ops.ReadLocal: (),
    ops.WriteLocal: ("value",),
    ops.ClearLocal: (),
    ops.Integer: ("left", "right"),
    ops.CheckedInteger: ("left", "right"),
    ops.FloorDivide: ("left", "right"),
    ops.Compare: ("left", "right"),
    ops.Float: ("left", "right"),
    ops.FloatCompare: ("left", "right"),
    ops.Convert: ("value",),
    ops.AdoptReference: ("value",),
    ops.Intrinsic: ("arguments",),
    ops.Select: ("condition", "when_true", "when_false"),
    ops.Check: ("condition",),
    ops.RangeCheck: ("value",),
    ops.IndexCheck: ("index", "length"),
    ops.Offset: ("base", "index"),
    ops.Load: ("base",),
    ops.Store: ("base", "value"),
    ops.Take: ("base",),
    ops.AllocateObject: ("trailing",),
    ops.FreeObject: ("reference",),
    ops.MemoryBlock: ("destination", "source", "count"),
    ops.Atomic: ("pointer", "arguments"),
    ops.MakeAggregate: ("parts",),
    ops.Extract: ("aggregate",),
    ops.Call: ("arguments",),
    ops.CallIndirect: ("code", "arguments"),
    ops.InlineAssembly: ("arguments",),
    ops.Jump: (),
    ops.Branch: ("condition",),
    ops.Switch: ("value",),
    ops.Return: ("value",),
    ops.Raise: ("exception",),
    ops.Unreachable: (),
    ops.BranchFailure: (),
    ops.Failure: (),
    ops.PushTraceback: ("exception",),
    ops.Retain: ("value",),
    ops.Release: ("value",),
    ops.ReturnFailure: ("exception",),
    ops.Panic: ("exception",),
}
"""Operand fields in evaluation order. A field holds a value, None, or a tuple of values. The `operation` of
BranchFailure and Failure is the operation before them rather than an operand."""

LIST_FIELDS = frozenset({"arguments", "parts"})
OPTIONAL_FIELDS = frozenset({"trailing", "pointer"})

_STOLEN: dict[type[Operation], str] = {
    ops.WriteLocal: "value",
    ops.Store: "value",
    ops.MakeAggregate: "parts",
    ops.Return: "value",
    ops.Raise: "exception",
    ops.ReturnFailure: "exception",
    ops.Panic: "exception",
}


def _nothing(_: Any) -> tuple[Value, ...]:
    return ()


def _getter(names: tuple[str, ...]) -> Callable[[Any], tuple[Value, ...]]:
    """The fastest reader for these fields; operands are read many times per build."""
    if not names:
        return _nothing
    if len(names) == 1 and names[0] in LIST_FIELDS:
        return attrgetter(names[0])
    if LIST_FIELDS.isdisjoint(names) and OPTIONAL_FIELDS.isdisjoint(names):
        read: Callable[[Any], Any] = attrgetter(*names)
        return read if len(names) > 1 else lambda op: (read(op),)
    return lambda op: _mixed(op, names)


def _mixed(op: Operation, names: tuple[str, ...]) -> tuple[Value, ...]:
    found: list[Value] = []
    for name in names:
        value = getattr(op, name)
        if name in LIST_FIELDS:
            found.extend(value)
        elif value is not None:
            found.append(value)
    return tuple(found)


_OPERANDS = {kind: _getter(names) for kind, names in FIELDS.items()}
_OPERANDS[ops.Offset] = lambda op: (op.base,) if op.index is None else (op.base, op.index)
_TAKES = {kind: _getter((name,)) for kind, name in _STOLEN.items()}


def operands(op: Operation) -> tuple[Value, ...]:
    """Every value the operation reads, in order, with repetitions."""
    return _OPERANDS[type(op)](op)


def stolen(op: Operation) -> tuple[Value, ...]:
    """The operands of which the operation takes over one reference each (managed or not)."""
    take = _TAKES.get(type(op))
    return take(op) if take is not None else ()


def replace_operands(op: Operation, change: Callable[[Value], Value]) -> None:
    """Pass every operand through `change`, in place."""
    for name in FIELDS[type(op)]:
        value = getattr(op, name)
        if name in LIST_FIELDS:
            setattr(op, name, tuple(change(part) for part in value))
        elif value is not None:
            setattr(op, name, change(value))


def successors(op: Operation) -> tuple[Block, ...]:
    """Where a terminator may continue, in a fixed order; failures that are still implicit are not edges."""
    match op:
        case ops.Jump(target):
            return (target,)
        case ops.Branch(_, when_true, when_false):
            return (when_true, when_false)
        case ops.BranchFailure(_, when_failed, when_fine):
            return (when_failed, when_fine)
        case ops.Switch(_, cases, default):
            return (*(block for _, block in cases), default)
    return ()


def replace_successor(op: Operation, old: Block, new: Block) -> None:
    """Let every edge of a terminator that led to `old` lead to `new`."""
    match op:
        case ops.Jump():
            op.target = new if op.target is old else op.target
        case ops.Branch():
            op.when_true = new if op.when_true is old else op.when_true
            op.when_false = new if op.when_false is old else op.when_false
        case ops.BranchFailure():
            op.when_failed = new if op.when_failed is old else op.when_failed
            op.when_fine = new if op.when_fine is old else op.when_fine
        case ops.Switch():
            op.cases = tuple((value, new if block is old else block) for value, block in op.cases)
            op.default = new if op.default is old else op.default


def result_rep(op: Operation) -> Rep | None:
    """The representation of the result, None for an operation that is no value (a store)."""
    rep: Rep | None = getattr(op, "rep", None)
    return rep


def carries_address(rep: Rep) -> bool:
    """Whether a value of this type may point into an object: then whoever uses it needs the object alive."""
    match rep:
        case PointerRep() | ReferenceRep():
            return True
        case AggregateRep(parts):
            return any(carries_address(part) for part in parts)
    return False


def can_fail(op: Operation, program: Program) -> bool:
    """Whether the operation can go to its handler, as far as its own form tells. Exact for calls once passes/raising.py
    has run."""
    match op:
        case ops.Call(symbol):
            return program.signature(symbol).may_raise
        case ops.CallIndirect(_, signature):
            return signature.may_raise
        case ops.FloorDivide():
            return can_divide_by_zero(op) or can_overflow_division(op)
    return op.may_raise


def can_divide_by_zero(op: ops.FloorDivide) -> bool:
    """Whether the divisor may be 0: a constant tells."""
    return not isinstance(op.right, ops.Constant) or op.right.value == 0


def can_overflow_division(op: ops.FloorDivide) -> bool:
    """Only the smallest signed value divided by −1 leaves the width; its remainder is 0."""
    if op.modulo or not op.signed:
        return False
    return not isinstance(op.right, ops.Constant) or op.right.value == -1
