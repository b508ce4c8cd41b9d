"""Which function lowers which statement; the plain ones are here."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from compiler.check import typed_tree as typed
from compiler.ir import ops
from compiler.ir.ops import Local
from compiler.ir.types import UNIT
from compiler.lower import arrays, exceptions, exits, loops, objects, pointers, structs, variables
from compiler.lower.choices import lower_condition
from compiler.lower.context import body_symbol
from compiler.type_system.kinds import NeverType

if TYPE_CHECKING:
    from compiler.lower.functions import FunctionLowering


def lower_evaluate(lowering: FunctionLowering, node: typed.Evaluate) -> None:
    lowering.value(node.expression)
    if isinstance(node.expression.type, NeverType):
        lowering.builder.emit(ops.Unreachable())


def lower_assign_local(lowering: FunctionLowering, node: typed.AssignLocal) -> None:
    value = lowering.value(node.value)
    if isinstance(node.value.type, NeverType):
        lowering.builder.emit(ops.Unreachable())
    else:
        lowering.assign(node.variable, value)


def lower_delete_local(lowering: FunctionLowering, node: typed.DeleteLocal) -> None:
    place = lowering.home(node.variable)
    if isinstance(place, Local):
        lowering.builder.emit(ops.ClearLocal(place))


def lower_if(lowering: FunctionLowering, node: typed.If) -> None:
    builder = lowering.builder
    body, after = builder.block("then"), builder.block("after")
    otherwise = builder.block("else") if node.otherwise else after
    lower_condition(lowering, node.condition, body, otherwise)
    builder.position_at(body)
    lowering.statements(node.body)
    lowering.jump_unless_ended(after)
    if node.otherwise:
        builder.position_at(otherwise)
        lowering.statements(node.otherwise)
        lowering.jump_unless_ended(after)
    builder.position_at(after)


def lower_run_modules(lowering: FunctionLowering, node: typed.RunModules) -> None:
    """An import statement: the bodies it runs, those that are empty left out."""
    for module in node.modules:
        if module in lowering.context.imported_modules:
            lowering.builder.call(body_symbol(module), (), UNIT)


def lower_unreachable(lowering: FunctionLowering, _: typed.Unreachable) -> None:
    lowering.builder.emit(ops.Unreachable())


Rule = Callable[["FunctionLowering", Any], None]

RULES: dict[type[typed.Done], Rule] = {
    typed.Evaluate: lower_evaluate,
    typed.AssignLocal: lower_assign_local,
    typed.DeleteLocal: lower_delete_local,
    typed.AssignGlobal: variables.lower_assign_global,
    typed.AssignField: objects.lower_assign_field,
    typed.AssignStructField: structs.lower_assign_struct_field,
    typed.AssignPointer: pointers.lower_assign_pointer,
    typed.AssignArray: arrays.lower_assign_array,
    typed.If: lower_if,
    typed.While: loops.lower_while,
    typed.ForRange: loops.lower_for_range,
    typed.Break: exits.lower_break,
    typed.Continue: exits.lower_continue,
    typed.Return: exits.lower_return,
    typed.Raise: exceptions.lower_raise,
    typed.Reraise: exceptions.lower_reraise,
    typed.Try: exceptions.lower_try,
    typed.With: exceptions.lower_with,
    typed.RunModules: lower_run_modules,
    typed.Unreachable: lower_unreachable,
}


def lower_statement(lowering: FunctionLowering, node: typed.Statement) -> None:
    """Append what a statement does."""
    rule = RULES.get(type(node))
    if rule is None:
        raise lowering.fail(None, f"no rule for {type(node).__name__}")
    rule(lowering, node)
