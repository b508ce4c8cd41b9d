"""raise, try, with, assert."""

from __future__ import annotations

from compiler.check import typed_tree as typed
from compiler.check.assignment import assign, hold
from compiler.check.attributes import static_target
from compiler.check.bindings import assigned_names
from compiler.check.construct import construct, made
from compiler.check.conversions import coerce, literal, settle
from compiler.check.methods import find_method, method_call
from compiler.check.narrowing import facts_of
from compiler.check.scope import Path, Scope
from compiler.check.truth import check_condition, truth
from compiler.check.typed_tree import ConversionKind
from compiler.diagnostics.span import Span
from compiler.syntax import tree
from compiler.type_system.kinds import (
    BOOL,
    NONE,
    ClassInfo,
    ClassReferenceType,
    ClassType,
    NoneType,
    OptionalType,
    Type,
)


def new_exception(scope: Scope, name: str, message: str, span: Span) -> typed.Expression:
    """A builtin exception with a fixed text."""
    kind = scope.world.builtin(name)
    constructor = kind.info.find_method("__init__")
    assert constructor is not None
    text = OptionalType(scope.world.string)
    arguments = [
        coerce(scope, literal(scope.world.string, span, message), text),
        coerce(scope, literal(NONE, span, None), text),
    ]
    return made(scope, kind, scope.world.instance(constructor, receiver=kind), arguments, span)


def check_raise(scope: Scope, node: tree.Raise) -> None:
    """`raise`, `raise X`, `raise X(…) from Y`."""
    if node.exception is None:
        if scope.handler_depth == 0:
            raise scope.fail("E0351", node.span, "`raise` alone has a meaning only in an `except` block")
        scope.emit(typed.Reraise(node.span))
        scope.reachable = False
        return
    exception = raised_value(scope, node.exception)
    cause, has_cause = None, node.cause is not None
    if node.cause is not None:
        wanted = OptionalType(scope.world.builtin("BaseException"))
        cause = coerce(scope, raised_value(scope, node.cause, allow_none=True), wanted)
    scope.emit(typed.Raise(node.span, exception, cause, has_cause))
    scope.reachable = False


def raised_value(scope: Scope, node: tree.Expression, *, allow_none: bool = False) -> typed.Expression:
    """An exception object; a bare class is called without arguments."""
    target = static_target(scope, node)
    if isinstance(target, ClassInfo):
        node = tree.Call(node.span, node, (), ())
    value = scope.check(node)
    if allow_none and isinstance(value.type, NoneType):
        return value
    if not scope.world.is_exception(value.type):
        raise scope.fail("E0352", node.span, f"only exceptions can be raised, this is {value.type}")
    return value


def check_assert(scope: Scope, node: tree.Assert) -> None:
    """`assert condition, message`."""
    condition = check_condition(scope, node.condition)
    when_true, when_false = facts_of(scope, node.condition)
    with scope.branch(when_false), scope.collecting() as failing:
        if node.message is None:
            call = tree.Call(node.span, tree.Name(node.span, "AssertionError"), (), ())
        else:
            call = tree.Call(node.span, tree.Name(node.span, "AssertionError"), (node.message,), ())

        error = construct(scope, call, scope.world.builtin_classes["AssertionError"], None)
        scope.emit(typed.Raise(node.span, error, None, False))
    scope.emit(typed.If(node.span, typed.Not(BOOL, node.span, condition), failing, []))
    scope.narrowed.update(when_true)


# --- try ------------------------------------------------------------------------------------------------------------


def check_try(scope: Scope, node: tree.Try) -> None:
    """`try … except … else … finally`."""
    if node.is_group:
        raise scope.fail("E0301", node.span, "`except*` is not part of the language yet", label="not supported")
    before = dict(scope.narrowed)
    body = scope.check_block(node.body)
    otherwise = scope.check_block(node.otherwise)
    ways: list[tuple[bool, dict[Path, Type]]] = [(scope.reachable, dict(scope.narrowed))]
    possible = common_facts(before, scope.narrowed) if scope.reachable else facts_safe_after(before, node.body)
    clauses = []
    for handler in node.handlers:
        scope.narrowed, scope.reachable = dict(possible), True
        clauses.append(check_handler(scope, handler))
        ways.append((scope.reachable, dict(scope.narrowed)))
    scope.merge(ways)
    after_reachable = scope.reachable
    after = dict(scope.narrowed)
    scope.reachable, scope.narrowed = True, dict(possible)
    final = scope.check_block(node.final)
    scope.reachable = after_reachable and scope.reachable
    scope.narrowed = after
    scope.emit(typed.Try(node.span, body, clauses, otherwise, final))


def common_facts(first: dict[Path, Type], second: dict[Path, Type]) -> dict[Path, Type]:
    return {path: kind for path, kind in first.items() if second.get(path) == kind}


def facts_safe_after(before: dict[Path, Type], body: tuple[tree.Statement, ...]) -> dict[Path, Type]:
    """What was known before a body that may have stopped anywhere, minus what it assigns."""
    changed = set(assigned_names(body))
    return {p: k for p, k in before.items() if not (isinstance(p[0], typed.Variable) and p[0].name in changed)}


def check_handler(scope: Scope, handler: tree.ExceptHandler) -> typed.ExceptClause:
    kinds = handler_kinds(scope, handler)
    base = scope.world.builtin("BaseException")
    caught = kinds[0] if kinds is not None and len(kinds) == 1 else common_class(scope, kinds) if kinds else base
    scope.handler_depth += 1
    try:
        if handler.name is None:
            variable = scope.hidden("exception", caught, handler.span)
            body = scope.check_block(handler.body)
        else:
            variable = typed.Variable(handler.name, caught, handler.span)
            variable = scope.add_variable(variable)
            previous = scope.variables.get(handler.name)
            scope.variables[handler.name] = variable
            body = scope.check_block(handler.body)
            if previous is None:
                del scope.variables[handler.name]
            else:
                scope.variables[handler.name] = previous
    finally:
        scope.handler_depth -= 1
    return typed.ExceptClause(kinds, variable, body)


def handler_kinds(scope: Scope, handler: tree.ExceptHandler) -> tuple[ClassType, ...] | None:
    if handler.kind is None:
        return None
    nodes = handler.kind.elements if isinstance(handler.kind, tree.TupleDisplay) else (handler.kind,)
    kinds: list[ClassType] = []
    for node in nodes:
        target = static_target(scope, node)
        if not isinstance(target, ClassInfo) or not scope.world.is_exception(ClassType(target)):
            raise scope.fail("E0352", node.span, "an exception class is expected here")
        kinds.append(ClassType(target))
    return tuple(kinds)


def common_class(scope: Scope, kinds: tuple[ClassType, ...] | None) -> ClassType:
    """The nearest class above all of them."""
    assert kinds is not None
    for ancestor in kinds[0].info.ancestors():
        if all(kind.info.is_subclass_of(ancestor) for kind in kinds):
            return ClassType(ancestor)
    return scope.world.builtin("BaseException")


# --- with -----------------------------------------------------------------------------------------------------------


def check_with(scope: Scope, node: tree.With) -> None:
    """`with manager as name: …`; several managers nest."""
    with_items(scope, node, 0)


def with_items(scope: Scope, node: tree.With, depth: int) -> None:
    if depth == len(node.items):
        for statement in node.body:
            if not scope.reachable:
                break
            scope.check_statement(statement)
        return
    item = node.items[depth]
    manager = hold(scope, settle(scope, scope.check(item.manager)))
    span = item.manager.span
    entered = protocol_call(scope, manager, "__enter__", [], span)
    if item.target is not None:
        assign(scope, item.target, entered)
    else:
        scope.emit(typed.Evaluate(span, entered))
    exit_info = find_method(scope, manager.type, "__exit__")
    if exit_info is None:
        raise no_manager(scope, manager, span)
    before = dict(scope.narrowed)
    with scope.collecting() as body:
        with_items(scope, node, depth + 1)
    exception = scope.hidden("exception", scope.world.builtin("BaseException"), span)
    normal = exit_call(scope, manager, None, span)
    failing = exit_call(scope, manager, exception, span)
    swallows = failing.type not in (NONE,)
    on_exception = (
        truth(scope, failing)
        if swallows
        else typed.Sequence(BOOL, span, [typed.Evaluate(span, failing)], literal(BOOL, span, False))
    )
    scope.emit(typed.With(node.span, body, normal, exception, on_exception))
    if swallows and failing.type == BOOL:
        scope.narrowed = common_facts(before, scope.narrowed) if scope.reachable else before
        scope.reachable = True


def no_manager(scope: Scope, manager: typed.Expression, span: Span) -> Exception:
    return scope.fail("E0353", span, f"a {manager.type} is no context manager: it lacks `__enter__` or `__exit__`")


def protocol_call(
    scope: Scope, manager: typed.Expression, name: str, arguments: list[typed.Expression], span: Span
) -> typed.Expression:
    info = find_method(scope, manager.type, name)
    if info is None:
        raise no_manager(scope, manager, span)
    instance = scope.world.instance(info, receiver=manager.type)
    return method_call(scope, info, instance, manager, arguments, span)


def exit_call(
    scope: Scope, manager: typed.Expression, exception: typed.Variable | None, span: Span
) -> typed.Expression:
    """__exit__(type, value, traceback), each as its parameter declares it."""
    info = find_method(scope, manager.type, "__exit__")
    assert info is not None
    instance = scope.world.instance(info, receiver=manager.type)
    arguments = [exit_argument(scope, parameter.type, exception, span) for parameter in instance.parameters[1:]]
    return method_call(scope, info, instance, manager, arguments, span)


def exit_argument(scope: Scope, kind: Type, exception: typed.Variable | None, span: Span) -> typed.Expression:
    none = literal(NONE, span, None)
    if isinstance(kind, NoneType):
        return none
    if isinstance(kind, ClassType) and kind.info.is_object:
        return object_argument(kind, exception, span)
    if exception is None:
        if not isinstance(kind, OptionalType):
            text = f"a parameter of `__exit__` that is {kind} cannot be None, and it is when nothing was raised"
            raise scope.fail(
                "E0353", span, text, suggestion="type[BaseException] | None, BaseException | None, TracebackType | None"
            )
        return coerce(scope, none, kind)
    inner = kind.item if isinstance(kind, OptionalType) else kind
    value: typed.Expression = typed.LocalRead(exception.type, span, exception)
    if isinstance(inner, ClassReferenceType):
        value = typed.MachineOperation(inner, span, "class_of", [value])
    return coerce(scope, value, kind)


def object_argument(kind: ClassType, exception: typed.Variable | None, span: Span) -> typed.Expression:
    """The exception or None for a parameter annotated `object`: None is the null reference there."""
    optional_kind = OptionalType(kind)
    if exception is None:
        none = typed.Convert(optional_kind, span, ConversionKind.NONE_TO_OPTIONAL, literal(NONE, span, None))
        return typed.Convert(kind, span, ConversionKind.UNWRAP_OPTIONAL, none)
    return typed.Convert(kind, span, ConversionKind.UPCAST, typed.LocalRead(exception.type, span, exception))
