"""while and for over a range."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.check import typed_tree as typed
from compiler.ir import ops
from compiler.ir.ops import Block, Comparison, Constant, IntegerOperator, Local, Value
from compiler.ir.types import IntegerRep
from compiler.lower.choices import lower_condition
from compiler.lower.integers import is_signed
from compiler.lower.region import Scope
from compiler.type_system.representation import representation

if TYPE_CHECKING:
    from compiler.lower.functions import FunctionLowering


def lower_loop_body(lowering: FunctionLowering, body: list[typed.Statement], after: Block, following: Block) -> None:
    """The body, with break and continue going where they belong."""
    scope = Scope(lowering.builder.handler, len(lowering.handled), None, after, following)
    lowering.scopes.append(scope)
    lowering.statements(body)
    lowering.scopes.pop()
    lowering.jump_unless_ended(following)


def lower_while(lowering: FunctionLowering, node: typed.While) -> None:
    builder = lowering.builder
    head, body, after = builder.block("while"), builder.block("body"), builder.block("after")
    otherwise = builder.block("else") if node.otherwise else after
    lowering.go_to(head)
    lower_condition(lowering, node.condition, body, otherwise)
    builder.position_at(body)
    lower_loop_body(lowering, node.body, after, head)
    lower_otherwise(lowering, node.otherwise, otherwise, after)


def lower_otherwise(
    lowering: FunctionLowering, statements: list[typed.Statement], otherwise: Block, after: Block
) -> None:
    if otherwise is not after:
        lowering.builder.position_at(otherwise)
        lowering.statements(statements)
        lowering.jump_unless_ended(after)
    lowering.builder.position_at(after)


def lower_for_range(lowering: FunctionLowering, node: typed.ForRange) -> None:
    """A hidden counter runs; the variable gets its value when an iteration begins.

    The counter is stepped only when another iteration follows, decided by the unsigned distance to the end, so it never
    leaves its type, whatever the bounds."""
    builder = lowering.builder
    rep = representation(node.variable.type)
    assert isinstance(rep, IntegerRep)
    counter, stop, step = range_values(lowering, node, rep)
    signed = is_signed(node.variable.type)
    body, following, after = builder.block("body"), builder.block("next"), builder.block("after")
    otherwise = builder.block("else") if node.otherwise else after
    ascending = direction(lowering, step, signed)
    begins = is_before(lowering, builder.read(counter), stop, ascending, signed)
    builder.branch(begins, body, otherwise)
    builder.position_at(body)
    lowering.assign(node.variable, builder.read(counter))
    lower_loop_body(lowering, node.body, after, following)
    builder.position_at(following)
    lowering.at(node.span)
    step_counter(lowering, counter, stop, step, ascending, body, otherwise)
    lower_otherwise(lowering, node.otherwise, otherwise, after)


def range_values(lowering: FunctionLowering, node: typed.ForRange, rep: IntegerRep) -> tuple[Local, Value, Value]:
    """Counter at the start, stop and step, each computed once."""
    start = lowering.value(node.start)
    stop = lowering.value(node.stop)
    step = lowering.value(node.step)
    counter = lowering.temporary("counter", rep)
    lowering.builder.write(counter, start)
    return counter, stop, step


def direction(lowering: FunctionLowering, step: Value, signed: bool) -> bool | Value:
    """Upwards or downwards; known unless the step is a variable."""
    if not signed:
        return True
    if isinstance(step, Constant) and isinstance(step.value, int):
        return step.value > 0
    return lowering.builder.compare(Comparison.SGT, step, Constant(step.rep, 0))


def is_before(lowering: FunctionLowering, position: Value, stop: Value, ascending: bool | Value, signed: bool) -> Value:
    """Whether the range still has this position."""
    builder = lowering.builder
    less, greater = (Comparison.SLT, Comparison.SGT) if signed else (Comparison.ULT, Comparison.UGT)
    if isinstance(ascending, bool):
        return builder.compare(less if ascending else greater, position, stop)
    up, down = builder.compare(less, position, stop), builder.compare(greater, position, stop)
    return builder.emit(ops.Select(ascending, up, down, up.rep))


def step_counter(
    lowering: FunctionLowering,
    counter: Local,
    stop: Value,
    step: Value,
    ascending: bool | Value,
    body: Block,
    done: Block,
) -> None:
    builder = lowering.builder
    position = builder.read(counter)
    up = builder.integer(IntegerOperator.SUB, stop, position)
    distance: Value = up
    size: Value = step
    if ascending is not True:
        down = builder.integer(IntegerOperator.SUB, position, stop)
        negated = builder.integer(IntegerOperator.SUB, Constant(step.rep, 0), step)
        if ascending is False:
            distance, size = down, negated
        else:
            assert not isinstance(ascending, bool)
            distance = builder.emit(ops.Select(ascending, up, down, up.rep))
            size = builder.emit(ops.Select(ascending, step, negated, up.rep))
    more = builder.block("more")
    builder.branch(builder.compare(Comparison.UGT, distance, size), more, done)
    builder.position_at(more)
    builder.write(counter, builder.integer(IntegerOperator.ADD, builder.read(counter), step))
    builder.jump(body)
