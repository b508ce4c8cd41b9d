"""The remaining statements: if, return, expression statements, break, continue, global, imports, pass."""

from __future__ import annotations

from dataclasses import replace

from compiler.check import typed_tree as typed
from compiler.check.conversions import coerce
from compiler.check.declare import imported_name
from compiler.check.narrowing import facts_of
from compiler.check.scope import Scope
from compiler.check.truth import check_condition
from compiler.diagnostics.diagnostic import Note
from compiler.syntax import tree
from compiler.type_system.kinds import ERROR, NEVER, NONE, NoneType


def check_if(scope: Scope, node: tree.If) -> None:
    """`if … elif … else`; a branch under a constant condition that cannot be taken is not checked."""
    condition = check_condition(scope, node.condition)
    if isinstance(condition, typed.Literal) and isinstance(condition.value, bool):
        chosen = node.body if condition.value else node.otherwise
        scope.statements.extend(scope.check_block(chosen))
        return
    when_true, when_false = facts_of(scope, node.condition)
    with scope.branch(when_true):
        body = scope.check_block(node.body)
        first = (scope.reachable, dict(scope.narrowed))
    scope.reachable = True
    with scope.branch(when_false):
        otherwise = scope.check_block(node.otherwise)
        second = (scope.reachable, dict(scope.narrowed))
    scope.merge([first, second])
    scope.emit(typed.If(node.span, condition, body, otherwise))


def check_expression_statement(scope: Scope, node: tree.ExpressionStatement) -> None:
    if isinstance(node.value, tree.Constant):
        return
    value = scope.check(node.value)
    scope.emit(typed.Evaluate(node.span, value))
    if value.type == NEVER:
        scope.reachable = False


def check_return(scope: Scope, node: tree.Return) -> None:
    instance = scope.instance
    if instance is None:
        raise scope.fail("E0354", node.span, "`return` outside a function")
    if instance.result == NEVER:
        raise scope.fail("E0355", node.span, f"`{instance.info.name}` is declared not to return")
    value = None
    if node.value is not None:
        value = scope.check(node.value, instance.result)
        if isinstance(instance.result, NoneType) and value.type == NEVER:
            scope.emit(typed.Evaluate(node.span, value))
            value = None
        else:
            value = coerce(scope, value, instance.result, node.value.span)
    elif instance.result != NONE:
        coerce(scope, typed.Literal(NONE, node.span, None), instance.result)
        value = coerce(scope, typed.Literal(NONE, node.span, None), instance.result)
    scope.emit(typed.Return(node.span, value))
    scope.reachable = False


def check_break(scope: Scope, node: tree.Break) -> None:
    scope.loops[-1].breaks.append(dict(scope.narrowed))
    scope.emit(typed.Break(node.span))
    scope.reachable = False


def check_continue(scope: Scope, node: tree.Continue) -> None:
    scope.emit(typed.Continue(node.span))
    scope.reachable = False


def check_import(scope: Scope, node: tree.Import | tree.ImportFrom) -> None:
    """Names of a module were resolved before; what is left is to run the imported modules, here, as CPython does."""
    if scope.instance is not None:
        bind_locally(scope, node)
    if not scope.world.runs_modules:
        return
    names: dict[str, None] = {}
    for alias in node.names:
        target = scope.world.imports.get(alias)
        if target is not None and not target.is_type_only:
            names.update(dict.fromkeys(target.initialises))
    modules = tuple(name for name in names if name in scope.world.modules and scope.world.modules[name].is_user)
    if modules:
        scope.emit(typed.RunModules(node.span, modules))


def bind_locally(scope: Scope, node: tree.Import | tree.ImportFrom) -> None:
    """An import inside a function: from here on its names mean what they mean at module level."""
    symbols = dict(scope.module.symbols)
    for alias in node.names:
        name, symbol = imported_name(scope.world, alias)
        if symbol is not None:
            symbols[name] = symbol
            scope.local_names -= {name}
    scope.module = replace(scope.module, symbols=symbols)


def check_nothing(scope: Scope, node: tree.Statement) -> None:
    """pass and global."""


def check_nested_definition(scope: Scope, node: tree.FunctionDefinition | tree.ClassDefinition) -> None:
    if scope.instance is None:
        return
    kind = "function" if isinstance(node, tree.FunctionDefinition) else "class"
    scope.error(
        "E0301",
        node.name_span,
        f"a {kind} inside a function is not part of the language yet",
        label="not supported",
        notes=(Note("move it to module level"),),
    )
    scope.declare(node.name, ERROR, node.name_span)
