"""Subscripts and slices as values."""

from __future__ import annotations

from compiler.check import typed_tree as typed
from compiler.check.conversions import is_error, literal, settle, to_int
from compiler.check.methods import call_method, find_method, has_method
from compiler.check.scope import Scope, error_expression
from compiler.syntax import tree
from compiler.type_system.kinds import (
    BOOL,
    INT,
    ArrayType,
    BoolType,
    EnumType,
    IntegerType,
    OptionalType,
    PointerType,
    TableType,
    TupleType,
    Type,
)

MAXIMUM = INT.high


def check_subscript(scope: Scope, node: tree.Subscript, expected: Type | None) -> typed.Expression:
    """`value[index]` or `value[a:b]`."""
    value = scope.check(node.value)
    if is_error(value):
        return value
    if isinstance(value.type, OptionalType):
        raise scope.fail(
            "E0308", node.value.span, "this may be None, which has no items", suggestion="test it with `is None` first"
        )
    if isinstance(node.index, tree.Slice):
        return check_slice(scope, node, value, node.index)
    match value.type:
        case TupleType(items):
            return tuple_item(scope, node, value, items)
        case ArrayType(item) | TableType(item):
            return typed.ArrayRead(item, node.span, value, check_index(scope, node.index))
        case PointerType(item, is_user):
            if is_user:
                raise scope.fail("E0322", node.span, "user memory is only copied, never followed", label="a UserPtr")
            return typed.PointerRead(item, node.span, value, check_index(scope, node.index))
    if has_method(scope, value.type, "__getitem__"):
        index = scope.check(node.index)
        if isinstance(index.type, IntegerType) and takes_int(scope, value):
            index = to_int(settle(scope, index))
        return call_method(scope, value, "__getitem__", [index], node.span)
    raise scope.fail("E0314", node.span, f"{value.type} has no items")


def takes_int(scope: Scope, value: typed.Expression) -> bool:
    info = find_method(scope, value.type, "__getitem__")
    return info is not None and len(info.parameters) > 1 and info.parameters[1].type == INT


def check_index(scope: Scope, node: tree.Expression) -> typed.Expression:
    """An index: any integer."""
    index = settle(scope, scope.check(node))
    if isinstance(index.type, BoolType):
        return to_int(index)
    if isinstance(index.type, EnumType) and index.type.info.is_integer:
        return typed.EnumValue(INT, index.span, index)
    if not isinstance(index.type, IntegerType) and not is_error(index):
        raise scope.fail("E0307", node.span, f"an index is an integer, not {index.type}")
    return index


def tuple_item(
    scope: Scope, node: tree.Subscript, value: typed.Expression, items: tuple[Type, ...]
) -> typed.Expression:
    index = scope.check(node.index)
    if not isinstance(index, typed.Literal) or not isinstance(index.value, int):
        raise scope.fail(
            "E0323", node.index.span, "the index into a tuple must be a constant: its items have different types"
        )
    position = index.value + len(items) if index.value < 0 else index.value
    if not 0 <= position < len(items):
        raise scope.fail("E0324", node.index.span, f"tuple index out of range: it has {len(items)} item(s)")
    return typed.TupleItem(items[position], node.span, value, position)


def check_slice(scope: Scope, node: tree.Subscript, value: typed.Expression, part: tree.Slice) -> typed.Expression:
    start = bound(scope, part.lower, 0)
    stop = bound(scope, part.upper, MAXIMUM)
    if is_error(start) or is_error(stop):
        return error_expression(node.span)
    if isinstance(value.type, ArrayType):
        if part.step is not None:
            raise scope.fail("E0301", part.span, "a view of an array with a step is not part of the language")
        return typed.ArraySlice(value.type, node.span, value, start, stop)
    if part.step is not None and has_method(scope, value.type, "__getslicestep__"):
        step = to_int(settle(scope, scope.check(part.step)))
        flags = [literal(BOOL, node.span, part.lower is not None), literal(BOOL, node.span, part.upper is not None)]
        return call_method(scope, value, "__getslicestep__", [start, stop, step, *flags], node.span)
    if part.step is None and has_method(scope, value.type, "__getslice__"):
        return call_method(scope, value, "__getslice__", [start, stop], node.span)
    raise scope.fail("E0314", node.span, f"{value.type} cannot be sliced like this")


def bound(scope: Scope, node: tree.Expression | None, default: int) -> typed.Expression:
    if node is None or (isinstance(node, tree.Constant) and node.value is None):
        return literal(INT, node.span if node is not None else scope.module.module.span, default)
    return to_int(check_index(scope, node))
