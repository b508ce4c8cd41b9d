"""Expressions with control flow inside: and, or, if-else, statements before a value; and conditions that only steer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.check import typed_tree as typed
from compiler.ir import ops
from compiler.ir.builder import FALSE, NOTHING, TRUE
from compiler.ir.ops import Block, Value
from compiler.ir.types import I1, UNIT
from compiler.type_system.kinds import NeverType
from compiler.type_system.representation import representation

if TYPE_CHECKING:
    from compiler.lower.functions import FunctionLowering


def lower_short_circuit(lowering: FunctionLowering, node: typed.ShortCircuit) -> Value:
    builder = lowering.builder
    result = lowering.temporary("truth", I1)
    when_true, when_false, after = builder.block("true"), builder.block("false"), builder.block("known")
    lower_condition(lowering, node, when_true, when_false)
    for block, value in ((when_true, TRUE), (when_false, FALSE)):
        builder.position_at(block)
        builder.write(result, value)
        builder.jump(after)
    builder.position_at(after)
    return builder.read(result)


def lower_conditional(lowering: FunctionLowering, node: typed.Conditional) -> Value:
    builder, rep = lowering.builder, representation(node.type)
    result = lowering.temporary("choice", rep)
    when_true, when_false, after = builder.block("then"), builder.block("otherwise"), builder.block("chosen")
    lower_condition(lowering, node.condition, when_true, when_false)
    for block, branch in ((when_true, node.when_true), (when_false, node.when_false)):
        builder.position_at(block)
        value = lowering.value(branch)
        if isinstance(branch.type, NeverType):
            builder.emit(ops.Unreachable())
            continue
        builder.write(result, value)
        builder.jump(after)
    builder.position_at(after)
    return builder.read(result) if rep != UNIT else NOTHING


def lower_sequence(lowering: FunctionLowering, node: typed.Sequence) -> Value:
    lowering.statements(node.statements)
    if lowering.builder.terminated:
        lowering.end_here()
    return lowering.value(node.value)


def lower_condition(lowering: FunctionLowering, node: typed.Expression, when_true: Block, when_false: Block) -> None:
    """Branch on a bool without making it a value."""
    builder = lowering.builder
    match node:
        case typed.Not(operand=operand):
            lower_condition(lowering, operand, when_false, when_true)
        case typed.ShortCircuit(is_and=is_and, left=left, right=right):
            second = builder.block("and" if is_and else "or")
            lower_condition(lowering, left, second if is_and else when_true, when_false if is_and else second)
            builder.position_at(second)
            lower_condition(lowering, right, when_true, when_false)
        case typed.Literal(value=bool() as value):
            builder.jump(when_true if value else when_false)
        case _:
            builder.branch(lowering.value(node), when_true, when_false)
