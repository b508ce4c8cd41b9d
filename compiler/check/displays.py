"""Tuple and list displays, list comprehensions, conditional expressions, walrus."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from compiler.check import typed_tree as typed
from compiler.check.assignment import assign_name
from compiler.check.bindings import target_names
from compiler.check.conversions import coerce, settle, unify
from compiler.check.list_building import make_list
from compiler.check.loops import check_loop
from compiler.check.methods import call_method
from compiler.check.narrowing import facts_of, narrowed_read
from compiler.check.scope import CheckError, Scope
from compiler.check.truth import check_condition
from compiler.diagnostics.span import Span
from compiler.syntax import tree
from compiler.type_system.kinds import ClassType, OptionalType, TableType, TupleType, Type, contains_variable


def check_tuple(scope: Scope, node: tree.TupleDisplay, expected: Type | None) -> typed.Expression:
    """`a, b`."""
    wanted: list[Type | None] = [None] * len(node.elements)
    if isinstance(expected, TupleType) and len(expected.items) == len(node.elements):
        wanted = list(expected.items)
    elif isinstance(expected, TableType):
        wanted = [expected.item] * len(node.elements)
    items = [check_item(scope, element, hint) for element, hint in zip(node.elements, wanted, strict=True)]
    return typed.MakeTuple(TupleType(tuple(item.type for item in items)), node.span, items)


def check_item(scope: Scope, node: tree.Expression, hint: Type | None) -> typed.Expression:
    value = scope.check(node, hint)
    if hint is not None and not contains_variable(hint):
        return coerce(scope, value, hint)
    return settle(scope, value)


def expected_item(scope: Scope, expected: Type | None) -> Type | None:
    """The item type if a list is wanted."""
    if isinstance(expected, OptionalType):
        expected = expected.item
    if isinstance(expected, ClassType) and scope.world.is_builtin(expected, "list"):
        item = expected.arguments[0]
        return None if contains_variable(item) else item
    return None


def check_list(scope: Scope, node: tree.ListDisplay, expected: Type | None) -> typed.Expression:
    """`[a, b]`: a new list with room for its items."""
    wanted = expected_item(scope, expected)
    items: list[typed.Expression] = []
    for element in node.elements:
        hint = list_type(items[0]) if wanted is None and items else wanted
        items.append(scope.check(element, hint))
    kind = wanted if wanted is not None else common_item(scope, items, node)
    return make_list(scope, kind, [coerce(scope, item, kind) for item in items], node.span)


def common_item(scope: Scope, items: list[typed.Expression], node: tree.ListDisplay) -> Type:
    if not items:
        raise scope.fail(
            "E0325",
            node.span,
            "the type of this empty list is not known here",
            suggestion="annotate the variable: items: list[int] = []",
        )
    first = settle(scope, items[0])
    for item in items[1:]:
        kind = unify(scope, first, settle(scope, item), None)
        if kind is None:
            raise scope.fail(
                "E0326", item.span, f"all items have one type: this is {item.type}, the first is {items[0].type}"
            )
        first = typed.Literal(kind, first.span, None) if kind != first.type else first
    return first.type


def check_list_comprehension(scope: Scope, node: tree.ListComprehension, expected: Type | None) -> typed.Expression:
    """`[element for …]`: loops that append to a hidden list; its variables are its own."""
    wanted = expected_item(scope, expected)
    with isolated(scope, *(clause.target for clause in node.clauses)):
        return build_comprehension(scope, node, wanted)


@contextmanager
def isolated(scope: Scope, *targets: tree.Expression) -> Iterator[None]:
    """The names of these targets are the comprehension's own for a while."""
    names = frozenset(name for target in targets for name in target_names(target))
    outer, outer_names = dict(scope.variables), scope.local_names
    scope.local_names = outer_names | names
    for name in names:
        scope.variables.pop(name, None)
    try:
        yield
    finally:
        others = {name: variable for name, variable in scope.variables.items() if name not in names}
        scope.variables = {**others, **{name: outer[name] for name in names if name in outer}}
        scope.local_names = outer_names


def build_comprehension(scope: Scope, node: tree.ListComprehension, wanted: Type | None) -> typed.Expression:
    holder: list[typed.Variable] = []
    with scope.collecting() as statements:
        nest_clauses(scope, node, 0, wanted, holder, check_loop)
    if not holder:
        raise CheckError  # what is walked has no type; that was reported where it should have got one
    result = holder[0]
    assert isinstance(result.type, ClassType)
    make = make_list(scope, result.type.arguments[0], [], node.span)
    read = typed.LocalRead(result.type, node.span, result)
    return typed.Sequence(result.type, node.span, [typed.AssignLocal(node.span, result, make), *statements], read)


def nest_clauses(
    scope: Scope,
    node: tree.ListComprehension,
    depth: int,
    wanted: Type | None,
    holder: list[typed.Variable],
    check_loop: object,
) -> None:
    """The loop of one clause around the next, the append innermost."""
    assert callable(check_loop)
    if depth == len(node.clauses):
        append_element(scope, node, wanted, holder)
        return
    clause = node.clauses[depth]

    def body() -> None:
        nest_conditions(
            scope, clause.conditions, 0, lambda: nest_clauses(scope, node, depth + 1, wanted, holder, check_loop)
        )

    check_loop(scope, clause.target, clause.iterable, body, (), clause.span)


def nest_conditions(scope: Scope, conditions: tuple[tree.Expression, ...], depth: int, body: object) -> None:
    assert callable(body)
    if depth == len(conditions):
        body()
        return
    node = conditions[depth]
    condition = check_condition(scope, node)
    when_true, _ = facts_of(scope, node)
    with scope.branch(when_true), scope.collecting() as statements:
        nest_conditions(scope, conditions, depth + 1, body)
    scope.emit(typed.If(node.span, condition, statements, []))


def append_element(
    scope: Scope, node: tree.ListComprehension, wanted: Type | None, holder: list[typed.Variable]
) -> None:
    value = scope.check(node.element, wanted)
    value = coerce(scope, value, wanted) if wanted is not None else settle(scope, value)
    holder.append(scope.hidden("list", scope.world.list_of(value.type), node.span))
    scope.emit(append_to(scope, holder[0], value, node.span))


def append_to(scope: Scope, target: typed.Variable, value: typed.Expression, span: Span) -> typed.Statement:
    read = typed.LocalRead(target.type, span, target)
    return typed.Evaluate(span, call_method(scope, read, "append", [value], span))


def list_type(first: typed.Expression) -> Type | None:
    """What an empty list in the other branch is a list of."""
    return first.type if isinstance(first.type, ClassType) and first.type.info.builtin_name == "list" else None


def check_conditional(scope: Scope, node: tree.Conditional, expected: Type | None) -> typed.Expression:
    """`a if condition else b`."""
    condition = check_condition(scope, node.condition)
    when_true, when_false = facts_of(scope, node.condition)
    with scope.branch(when_true):
        first = scope.check(node.when_true, expected)
    with scope.branch(when_false):
        second = scope.check(node.when_false, expected if expected is not None else list_type(first))
    kind = unify(scope, first, second, expected)
    if kind is None:
        raise scope.fail("E0309", node.span, f"the two branches have different types: {first.type} and {second.type}")
    return typed.Conditional(kind, node.span, condition, coerce(scope, first, kind), coerce(scope, second, kind))


def check_walrus(scope: Scope, node: tree.NamedExpression, expected: Type | None) -> typed.Expression:
    """`name := value`."""
    value = scope.check(node.value, expected)
    with scope.collecting() as statements:
        variable = assign_name(scope, node.target, value)
    if not isinstance(variable, typed.Variable):
        raise scope.fail("E0301", node.span, "`:=` to a module-level variable is not part of the language yet")
    read = typed.LocalRead(variable.type, node.span, variable)

    shown = narrowed_read(scope, read, (variable,))
    return typed.Sequence(shown.type, node.span, statements, shown)
