"""Methods of pointers and arrays."""

from __future__ import annotations

from collections.abc import Callable

from compiler.check import typed_tree as typed
from compiler.check.conversions import coerce, convert, literal
from compiler.check.scope import Scope
from compiler.check.typed_tree import ConversionKind
from compiler.check.vocabulary import done, exactly, type_argument
from compiler.syntax import tree
from compiler.type_system.kinds import INT, NONE, ArrayType, PointerType

MethodRule = Callable[[Scope, tree.Call, typed.Expression], typed.Expression]


def check_pointer_cast(scope: Scope, node: tree.Call, receiver: typed.Expression) -> typed.Expression:
    """pointer.cast(T)."""
    exactly(scope, node, 1)
    item = type_argument(scope, node.arguments[0])
    return convert(ConversionKind.POINTER_CAST, receiver, PointerType(item))


def check_fill(scope: Scope, node: tree.Call, receiver: typed.Expression) -> typed.Expression:
    """array.fill(value): a loop that becomes a memset for bytes."""
    exactly(scope, node, 1)
    assert isinstance(receiver.type, ArrayType)
    span, item = node.span, receiver.type.item
    array = scope.hidden("array", receiver.type, span)
    value = scope.hidden("fill", item, span)
    index = scope.hidden("index", INT, span)
    read = typed.LocalRead(receiver.type, span, array)
    given = coerce(scope, scope.check(node.arguments[0], item), item)
    store = typed.AssignArray(span, read, typed.LocalRead(INT, span, index), typed.LocalRead(item, span, value))
    loop = typed.ForRange(
        span, index, literal(INT, span, 0), typed.ArrayLength(INT, span, read), literal(INT, span, 1), [store], []
    )
    setup: list[typed.Statement] = [
        typed.AssignLocal(span, array, receiver),
        typed.AssignLocal(span, value, given),
        loop,
    ]
    return done_all(scope, node, setup)


def check_copy_from(scope: Scope, node: tree.Call, receiver: typed.Expression) -> typed.Expression:
    """array.copy_from(source): the source may not be longer."""
    exactly(scope, node, 1)
    source = coerce(scope, scope.check(node.arguments[0], receiver.type), receiver.type)
    operation = typed.MachineOperation(literal(INT, node.span, 0).type, node.span, "array_copy", [receiver, source])
    return done(scope, node, typed.Evaluate(node.span, operation))


def done_all(scope: Scope, node: tree.Call, statements: list[typed.Statement]) -> typed.Expression:
    return typed.Sequence(NONE, node.span, statements, literal(NONE, node.span, None))


METHOD_RULES: dict[tuple[type, str], MethodRule] = {
    (PointerType, "cast"): check_pointer_cast,
    (ArrayType, "fill"): check_fill,
    (ArrayType, "copy_from"): check_copy_from,
}
