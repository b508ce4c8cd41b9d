"""Builtin functions that make or walk containers: list, bytes, sorted, reversed, any, all. Iteration itself is in
loops.py."""

from __future__ import annotations

from compiler.check import typed_tree as typed
from compiler.check.arguments import held
from compiler.check.collecting import as_list
from compiler.check.conversions import literal, settle, to_int
from compiler.check.displays import expected_item, isolated, nest_conditions
from compiler.check.list_building import make_list
from compiler.check.loops import check_loop
from compiler.check.methods import call_method, call_runtime, has_method
from compiler.check.scope import Scope
from compiler.check.truth import truth
from compiler.syntax import tree
from compiler.type_system.kinds import BOOL, INT, U8, U64, ArrayType, ClassType, IntegerType, PointerType, Type


def check_list(scope: Scope, node: tree.Call, expected: Type | None) -> typed.Expression:
    """list(), list(iterable): always a new list."""
    if node.keywords or len(node.arguments) > 1:
        raise scope.fail("E0311", node.span, "`list` takes at most one argument")
    if not node.arguments:
        item = expected_item(scope, expected)
        if item is None:
            raise scope.fail(
                "E0325", node.span, "the type of this empty list is not known here", suggestion="annotate the variable"
            )
        return make_list(scope, item, [], node.span)
    argument = node.arguments[0]
    if not isinstance(argument, tree.Call | tree.GeneratorExpression):
        is_display = isinstance(argument, tree.ListDisplay | tree.ListComprehension)
        value = scope.check(argument, expected if is_display else None)
        if scope.world.is_builtin(value.type, "list"):
            return call_method(scope, value, "copy", [], node.span)
    return as_list(scope, argument)


def check_sorted(scope: Scope, node: tree.Call, expected: Type | None) -> typed.Expression:
    if len(node.arguments) != 1 or any(k.name != "reverse" for k in node.keywords):
        raise scope.fail(
            "E0301", node.span, "`sorted` takes an iterable and `reverse=` at this stage", label="not supported"
        )
    items = as_list(scope, node.arguments[0])
    assert isinstance(items.type, ClassType)
    made = scope.hidden("sorted", items.type, node.span)
    read = typed.LocalRead(items.type, node.span, made)
    copy = call_method(scope, items, "copy", [], node.span)
    reverse = scope.check(node.keywords[0].value) if node.keywords else literal(BOOL, node.span, False)
    sort = call_method(scope, read, "sort", [reverse], node.span)
    return typed.Sequence(
        items.type, node.span, [typed.AssignLocal(node.span, made, copy), typed.Evaluate(node.span, sort)], read
    )


def check_any(scope: Scope, node: tree.Call, expected: Type | None) -> typed.Expression:
    return quantifier(scope, node, "any", found=True)


def check_all(scope: Scope, node: tree.Call, expected: Type | None) -> typed.Expression:
    return quantifier(scope, node, "all", found=False)


def quantifier(scope: Scope, node: tree.Call, name: str, *, found: bool) -> typed.Expression:
    """any/all as a loop that stops at the first item that decides; a generator expression stays lazy."""
    if len(node.arguments) != 1 or node.keywords:
        raise scope.fail("E0311", node.span, f"`{name}` takes one iterable")
    argument, span = node.arguments[0], node.span
    result = scope.hidden(name, BOOL, span)
    if isinstance(argument, tree.GeneratorExpression):
        element, clauses = argument.element, argument.clauses
        if len(clauses) != 1:
            raise scope.fail(
                "E0301", argument.span, f"`{name}` over several `for` clauses is not part of the language yet"
            )
        target, iterable, conditions = clauses[0].target, clauses[0].iterable, clauses[0].conditions
    else:
        target = tree.Name(span, ".item")
        element, iterable, conditions = target, argument, ()

    def body() -> None:
        nest_conditions(scope, conditions, 0, decide)

    def decide() -> None:
        test = truth(scope, scope.check(element))
        if not found:
            test = typed.Not(BOOL, span, test)
        scope.emit(
            typed.If(span, test, [typed.AssignLocal(span, result, literal(BOOL, span, found)), typed.Break(span)], [])
        )

    with isolated(scope, target), scope.collecting() as statements:
        check_loop(scope, target, iterable, body, (), span)
    start = typed.AssignLocal(span, result, literal(BOOL, span, not found))
    return typed.Sequence(BOOL, span, [start, *statements], typed.LocalRead(BOOL, span, result))


def check_bytes(scope: Scope, node: tree.Call, expected: Type | None) -> typed.Expression:
    """bytes(), bytes(n), bytes(list of ints), bytes(array)."""
    octets = scope.world.octets
    if not node.arguments:
        return literal(octets, node.span, b"")
    if len(node.arguments) != 1 or node.keywords:
        raise scope.fail(
            "E0301", node.span, "`bytes` with an encoding is not part of the language yet", suggestion="text.encode()"
        )
    is_display = isinstance(node.arguments[0], tree.ListDisplay | tree.ListComprehension)
    value = settle(scope, scope.check(node.arguments[0], scope.world.list_of(INT) if is_display else None))
    if isinstance(value.type, IntegerType):
        return call_runtime(scope, "builtins", "bytes_of_length", [to_int(value)], node.span)
    if isinstance(value.type, ArrayType):
        pointer = typed.MachineOperation(octets, node.span, "bytes_of_array", [value])
        return bytes_of_array(scope, value, pointer, node)
    if value.type == octets:
        return value
    if scope.world.is_builtin(value.type, "list"):
        return call_runtime(scope, "builtins", "bytes_from_list", [value], node.span)
    if has_method(scope, value.type, "__bytes__"):
        return call_method(scope, value, "__bytes__", [], node.span)
    raise scope.fail("E0307", node.span, f"bytes() of a {value.type} is not defined")


def bytes_of_array(scope: Scope, value: typed.Expression, _: typed.Expression, node: tree.Call) -> typed.Expression:
    kept = held(scope, value)
    address = typed.Convert(
        U64, node.span, typed.ConversionKind.POINTER_TO_INTEGER, typed.ArrayPointer(PointerType(U8), node.span, kept)
    )
    return call_runtime(
        scope, "builtins", "bytes_from_memory", [address, typed.ArrayLength(INT, node.span, kept)], node.span
    )


CONTAINER_RULES = {
    "list": check_list,
    "sorted": check_sorted,
    "any": check_any,
    "all": check_all,
    "bytes": check_bytes,
}
