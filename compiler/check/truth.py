"""Truth values: `if x`, `not x`, `and`, `or`, as Python tests them."""

from __future__ import annotations

from compiler.check import typed_tree as typed
from compiler.check.conversions import coerce, literal, settle, unify
from compiler.check.methods import call_method, has_method
from compiler.check.narrowing import facts_of
from compiler.check.scope import Scope
from compiler.check.typed_tree import ComparisonOperator, ConversionKind
from compiler.syntax import tree
from compiler.type_system.kinds import (
    BOOL,
    FLOAT,
    INT,
    U64,
    AddressType,
    ArrayType,
    BoolType,
    ClassType,
    EnumType,
    ErrorType,
    FloatType,
    IntegerType,
    NoneType,
    OptionalType,
    PointerType,
    TableType,
    TupleType,
    Type,
)


def truth(scope: Scope, value: typed.Expression) -> typed.Expression:
    """bool(value)."""
    span = value.span
    match value.type:
        case BoolType() | ErrorType():
            return value
        case IntegerType() as kind:
            if isinstance(value, typed.Literal):
                return literal(BOOL, span, bool(value.value))
            return typed.Compare(BOOL, span, ComparisonOperator.NOT_EQUAL, value, literal(kind, span, 0))
        case FloatType():
            return typed.Compare(BOOL, span, ComparisonOperator.NOT_EQUAL, value, literal(FLOAT, span, 0.0))
        case NoneType():
            return typed.Sequence(BOOL, span, [typed.Evaluate(span, value)], literal(BOOL, span, False))
        case OptionalType():
            return optional_truth(scope, value)
        case PointerType() | AddressType():
            is_pointer = isinstance(value.type, PointerType)
            how = ConversionKind.POINTER_TO_INTEGER if is_pointer else ConversionKind.ADDRESS_TO_INTEGER
            number = typed.Convert(U64, span, how, value)
            return typed.Compare(BOOL, span, ComparisonOperator.NOT_EQUAL, number, literal(U64, span, 0))
        case TupleType(items):
            return typed.Sequence(BOOL, span, [typed.Evaluate(span, value)], literal(BOOL, span, bool(items)))
        case ArrayType() | TableType():
            length = typed.ArrayLength(INT, span, value)
            return typed.Compare(BOOL, span, ComparisonOperator.NOT_EQUAL, length, literal(INT, span, 0))
        case ClassType():
            return object_truth(scope, value)
        case EnumType(info):
            if info.is_integer:
                member = typed.EnumValue(INT, span, value)
                return typed.Compare(BOOL, span, ComparisonOperator.NOT_EQUAL, member, literal(INT, span, 0))
    return typed.Sequence(BOOL, span, [typed.Evaluate(span, value)], literal(BOOL, span, True))


def object_truth(scope: Scope, value: typed.Expression) -> typed.Expression:
    """`__bool__`, else a length that is not 0, else true."""
    span = value.span
    if has_method(scope, value.type, "__bool__"):
        return call_method(scope, value, "__bool__", [], span)
    if has_method(scope, value.type, "__len__"):
        length = call_method(scope, value, "__len__", [], span)
        return typed.Compare(BOOL, span, ComparisonOperator.NOT_EQUAL, length, literal(INT, span, 0))
    return typed.Sequence(BOOL, span, [typed.Evaluate(span, value)], literal(BOOL, span, True))


def optional_truth(scope: Scope, value: typed.Expression) -> typed.Expression:
    """Not None, and true in itself."""
    assert isinstance(value.type, OptionalType)
    item, span = value.type.item, value.span
    if isinstance(item, ClassType) and not (has_method(scope, item, "__bool__") or has_method(scope, item, "__len__")):
        return typed.Not(BOOL, span, typed.IsNone(BOOL, span, value))
    held = scope.hidden("value", value.type, span)
    read = typed.LocalRead(value.type, span, held)
    inner = typed.Convert(item, span, ConversionKind.UNWRAP_OPTIONAL, read)
    test = typed.ShortCircuit(
        BOOL, span, True, typed.Not(BOOL, span, typed.IsNone(BOOL, span, read)), truth(scope, inner)
    )
    return typed.Sequence(BOOL, span, [typed.AssignLocal(span, held, value)], test)


def check_condition(scope: Scope, node: tree.Expression) -> typed.Expression:
    """The truth value of an expression in a condition."""
    if isinstance(node, tree.BooleanOperation):
        return check_boolean(scope, node, BOOL, as_condition=True)
    return truth(scope, scope.check(node))


def check_boolean(
    scope: Scope, node: tree.BooleanOperation, expected: Type | None, *, as_condition: bool = False
) -> typed.Expression:
    """`a and b and c`: right to left nesting, each part checked under what the parts before have shown."""
    return check_boolean_parts(scope, node.operator is tree.BooleanOperator.AND, node.values, expected, as_condition)


def check_boolean_parts(
    scope: Scope, is_and: bool, values: tuple[tree.Expression, ...], expected: Type | None, as_condition: bool
) -> typed.Expression:
    first, rest = values[0], values[1:]
    left = check_condition(scope, first) if as_condition else scope.check(first, expected)
    if not rest:
        return left
    when_true, when_false = facts_of(scope, first)
    with scope.branch(when_true if is_and else when_false):
        right = check_boolean_parts(scope, is_and, rest, expected, as_condition)
    span = first.span.to(values[-1].span)
    if left.type == BOOL and right.type == BOOL:
        return typed.ShortCircuit(BOOL, span, is_and, left, right)
    return select_value(scope, is_and, left, right, expected, tree.BooleanOperation(span, tree.BooleanOperator.AND, ()))


def select_value(
    scope: Scope,
    is_and: bool,
    left: typed.Expression,
    right: typed.Expression,
    expected: Type | None,
    node: tree.Expression,
) -> typed.Expression:
    """`a or b` as a value: a when it decides, else b."""
    span = node.span
    left, right = settle(scope, left), settle(scope, right)
    held = scope.hidden("left", left.type, span)
    read: typed.Expression = typed.LocalRead(left.type, span, held)
    kept = read
    if isinstance(left.type, OptionalType) and not is_and:
        kept = typed.Convert(left.type.item, span, ConversionKind.UNWRAP_OPTIONAL, read)
    kind = unify(scope, kept, right, expected)
    if kind is None:
        raise scope.fail("E0309", span, f"the two sides have different types: {left.type} and {right.type}")
    kept, right = coerce(scope, kept, kind), coerce(scope, right, kind)
    test = truth(scope, read)
    choice = (
        typed.Conditional(kind, span, test, right, kept) if is_and else typed.Conditional(kind, span, test, kept, right)
    )
    return typed.Sequence(kind, span, [typed.AssignLocal(span, held, left)], choice)
