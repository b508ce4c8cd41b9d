"""Every operation is known everywhere: table of operands, verifier, printer and reader, code generator."""

from __future__ import annotations

import dataclasses

from compiler.codegen.operation_text import EMIT
from compiler.ir import ops
from compiler.ir.operands import FIELDS, LIST_FIELDS, operands, stolen, successors
from compiler.ir.operation_rules import RULES
from compiler.ir.ops import Operation
from compiler.ir.printer import operation_name, printed_fields
from compiler.ir.types import I64, REF, UNIT, AggregateRep

CLASSES = {
    kind
    for kind in vars(ops).values()
    if isinstance(kind, type) and issubclass(kind, Operation) and kind is not Operation
}
GONE_BEFORE_CODEGEN = {ops.Check, ops.Raise}


def test_every_operation_has_its_rows() -> None:
    assert set(FIELDS) == CLASSES
    assert set(RULES) == CLASSES
    assert set(EMIT) == CLASSES - GONE_BEFORE_CODEGEN


def test_concrete_operations_are_not_subclassed() -> None:
    assert all(not kind.__subclasses__() for kind in CLASSES)


def test_fields_that_hold_values_are_operands() -> None:
    """Whatever is annotated as a value is in the table, so that no pass overlooks it."""
    for kind in CLASSES:
        annotated = {
            field.name for field in dataclasses.fields(kind) if str(field.type).startswith(("Value", "tuple[Value"))
        }
        assert set(FIELDS[kind]) == annotated, kind
        listed = {field.name for field in dataclasses.fields(kind) if str(field.type).startswith("tuple[Value")}
        assert listed == annotated & LIST_FIELDS, kind


def test_names_are_unique() -> None:
    assert len({operation_name(kind) for kind in CLASSES}) == len(CLASSES)
    assert all("line" not in printed_fields(kind) for kind in CLASSES)


def test_optional_operands_are_left_out() -> None:
    base = ops.SymbolAddress("x")
    index = ops.Constant(I64, 1)
    assert operands(ops.Offset(base, None, 8, 0)) == (base,)
    assert operands(ops.Offset(base, index, 8, 0)) == (base, index)
    assert operands(ops.AllocateObject("d", 16, None)) == ()
    assert operands(ops.Atomic(ops.AtomicOperator.FENCE, None, (), UNIT)) == ()


def test_stores_steal_values_and_calls_do_not() -> None:
    value = ops.Constant(REF, None)
    assert stolen(ops.Store(value, 0, value, False)) == (value,)
    assert stolen(ops.Call("f", (value,), UNIT)) == ()
    assert stolen(ops.MakeAggregate((value, value), AggregateRep((REF, REF)))) == (value, value)


def test_a_switch_leads_to_every_case() -> None:
    first, second, other = ops.Block("a"), ops.Block("b"), ops.Block("c")
    assert successors(ops.Switch(ops.Constant(I64, 1), ((1, first), (2, second)), other)) == (first, second, other)
