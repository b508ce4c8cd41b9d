"""Comparisons, identity and membership, alone and in chains (each operand evaluated once)."""

from __future__ import annotations

from compiler.check import typed_tree as typed
from compiler.check.conversions import convert, is_error, literal, settle, to_float, to_int, try_coerce
from compiler.check.methods import call_method, call_runtime, find_method, has_method, takes
from compiler.check.narrowing import path_of
from compiler.check.operators import is_constant, is_number, unenumerate
from compiler.check.scope import Scope, error_expression
from compiler.check.typed_tree import ComparisonOperator, ConversionKind
from compiler.diagnostics.span import Span
from compiler.syntax import tree
from compiler.type_system.kinds import (
    BOOL,
    INT,
    U64,
    AddressType,
    BoolType,
    ClassType,
    EnumType,
    FloatType,
    IntegerType,
    NoneType,
    OptionalType,
    PointerType,
    TupleType,
    Type,
    substitute,
)
from compiler.type_system.object_layout import argument_mapping

Op = tree.ComparisonOperator
ORDER = {
    Op.EQUAL: ComparisonOperator.EQUAL,
    Op.NOT_EQUAL: ComparisonOperator.NOT_EQUAL,
    Op.LESS: ComparisonOperator.LESS,
    Op.LESS_EQUAL: ComparisonOperator.LESS_EQUAL,
    Op.GREATER: ComparisonOperator.GREATER,
    Op.GREATER_EQUAL: ComparisonOperator.GREATER_EQUAL,
}
METHODS = {Op.LESS: "__lt__", Op.LESS_EQUAL: "__le__", Op.GREATER: "__gt__", Op.GREATER_EQUAL: "__ge__"}
REFLECTED = {Op.LESS: "__gt__", Op.LESS_EQUAL: "__ge__", Op.GREATER: "__lt__", Op.GREATER_EQUAL: "__le__"}


def check_comparison(scope: Scope, node: tree.Comparison, expected: Type | None) -> typed.Expression:
    """`a < b <= c`: the middle operands are held in hidden variables."""
    left = scope.check(node.first)
    if len(node.operators) == 1:
        return compare_nodes(scope, node.operators[0], left, node.first, node.rest[0], node.span)
    return check_chain(scope, left, node)


def check_chain(scope: Scope, left: typed.Expression, node: tree.Comparison) -> typed.Expression:
    result: typed.Expression | None = None
    setups: list[tuple[list[typed.Statement], typed.Expression]] = []
    statements: list[typed.Statement] = []
    left = kept_side(scope, settle(scope, left), statements)
    for operator, operand_node in zip(node.operators, node.rest, strict=True):
        right = settle(scope, scope.check(operand_node))
        if operand_node is not node.rest[-1]:
            right = kept_side(scope, right, statements)
        setups.append((statements, compare(scope, operator, left, right, node.span)))
        left, statements = right, []
    for statements, test in reversed(setups):
        both = test if result is None else typed.ShortCircuit(BOOL, node.span, True, test, result)
        result = typed.Sequence(BOOL, node.span, statements, both) if statements else both
    assert result is not None
    return result


def kept_side(scope: Scope, value: typed.Expression, statements: list[typed.Statement]) -> typed.Expression:
    """A side of a chain held in a hidden variable, so that it is evaluated once and in its turn."""
    if isinstance(value, typed.Literal):
        return value
    held = scope.hidden("side", value.type, value.span)
    statements.append(typed.AssignLocal(value.span, held, value))
    return typed.LocalRead(value.type, value.span, held)


def compare_nodes(
    scope: Scope,
    operator: Op,
    left: typed.Expression,
    left_node: tree.Expression,
    right_node: tree.Expression,
    span: Span,
) -> typed.Expression:
    """One comparison whose right side may need the left side's type (displays, None, ranges)."""
    if operator in (Op.IN, Op.NOT_IN):
        member = check_membership(scope, left, right_node, span)
        return typed.Not(BOOL, span, member) if operator is Op.NOT_IN else member
    if isinstance(right_node, tree.Constant) and right_node.value is None:
        return compare_none(scope, operator, left, left_node, span)
    right = scope.check(right_node, left.type)
    return compare(scope, operator, left, right, span)


def compare_none(
    scope: Scope, operator: Op, left: typed.Expression, left_node: tree.Expression, span: Span
) -> typed.Expression:
    """`x is None` on the variable as declared, not as narrowed."""
    wide = undo_narrowing(scope, left, left_node)
    if isinstance(wide.type, OptionalType):
        test: typed.Expression = typed.IsNone(BOOL, span, wide)
    else:
        is_none = isinstance(wide.type, NoneType)
        test = typed.Sequence(BOOL, span, [typed.Evaluate(span, wide)], literal(BOOL, span, is_none))
    return typed.Not(BOOL, span, test) if operator in (Op.IS_NOT, Op.NOT_EQUAL) else test


def undo_narrowing(scope: Scope, value: typed.Expression, node: tree.Expression) -> typed.Expression:
    if (
        isinstance(value, typed.Convert)
        and value.kind.name.startswith(("UNWRAP", "DOWNCAST"))
        and path_of(scope, node) is not None
    ):
        return undo_narrowing(scope, value.operand, node)
    return value


def compare(
    scope: Scope, operator: Op, left: typed.Expression, right: typed.Expression, span: Span
) -> typed.Expression:
    """Two checked operands."""
    if is_error(left) or is_error(right):
        return error_expression(span)
    if operator in (Op.IS, Op.IS_NOT):
        same = identity(scope, left, right, span)
        return typed.Not(BOOL, span, same) if operator is Op.IS_NOT else same
    if operator in (Op.IN, Op.NOT_IN):
        inside = contains(scope, left, right, span)
        return typed.Not(BOOL, span, inside) if operator is Op.NOT_IN else inside
    if operator is Op.NOT_EQUAL and not is_number(left.type):
        return typed.Not(BOOL, span, equal(scope, left, right, span))
    if operator is Op.EQUAL:
        return equal(scope, left, right, span)
    return ordered(scope, operator, left, right, span)


def scalar_compare(
    scope: Scope, operator: Op, left: typed.Expression, right: typed.Expression, span: Span
) -> typed.Expression:
    """Numbers, compared as Python compares them."""
    left, right = unenumerate(left), unenumerate(right)
    if isinstance(left.type, FloatType) or isinstance(right.type, FloatType):
        return float_compare(scope, operator, left, right, span)
    if left.type == BOOL and right.type == BOOL and operator in (Op.EQUAL, Op.NOT_EQUAL):
        return typed.Compare(BOOL, span, ORDER[operator], left, right)
    left = to_int(left) if isinstance(left.type, BoolType) else left
    right = to_int(right) if isinstance(right.type, BoolType) else right
    left, right = constant_near(scope, left, right), constant_near(scope, right, left)
    return typed.Compare(BOOL, span, ORDER[operator], left, right)


MIRRORED = {
    Op.EQUAL: Op.EQUAL,
    Op.NOT_EQUAL: Op.NOT_EQUAL,
    Op.LESS: Op.GREATER,
    Op.LESS_EQUAL: Op.GREATER_EQUAL,
    Op.GREATER: Op.LESS,
    Op.GREATER_EQUAL: Op.LESS_EQUAL,
}
ORDER_FUNCTIONS = {
    Op.EQUAL: "int_equals_float",
    Op.NOT_EQUAL: "int_equals_float",
    Op.LESS: "int_less_than_float",
    Op.LESS_EQUAL: "int_at_most_float",
    Op.GREATER: "int_greater_than_float",
    Op.GREATER_EQUAL: "int_at_least_float",
}
EXACT_IN_FLOAT = 1 << 53


def float_compare(
    scope: Scope, operator: Op, left: typed.Expression, right: typed.Expression, span: Span
) -> typed.Expression:
    """With a float: an integer that a float may not hold exactly is compared by its value, as CPython does."""
    if is_exact_in_float(left) and is_exact_in_float(right):
        return typed.Compare(BOOL, span, ORDER[operator], to_float(left), to_float(right))
    if isinstance(left.type, FloatType):
        statements: list[typed.Statement] = []
        held, _, _ = opened(scope, left, statements)
        test = float_compare(scope, MIRRORED[operator], right, held, span)
        return typed.Sequence(BOOL, span, statements, test)
    test = call_runtime(scope, "floats", ORDER_FUNCTIONS[operator], [to_int(settle(scope, left)), right], span)
    return typed.Not(BOOL, span, test) if operator is Op.NOT_EQUAL else test


def is_exact_in_float(value: typed.Expression) -> bool:
    """Whether turning the value into a float loses nothing."""
    if isinstance(value, typed.Literal) and isinstance(value.value, int):
        return abs(value.value) <= EXACT_IN_FLOAT
    return not isinstance(value.type, IntegerType) or value.type.bits <= 32


def constant_near(scope: Scope, value: typed.Expression, other: typed.Expression) -> typed.Expression:
    """A constant takes the other side's width where it fits; one that fits no `int` is a u64."""
    if not is_constant(value) or value.type != INT:
        return value
    assert isinstance(value, typed.Literal) and isinstance(value.value, int)
    width = other.type
    if isinstance(width, IntegerType) and width.low <= value.value <= width.high:
        return literal(width, value.span, value.value)
    if INT.high < value.value <= U64.high:
        return literal(U64, value.span, value.value)
    return settle(scope, value)


def equal(scope: Scope, left: typed.Expression, right: typed.Expression, span: Span) -> typed.Expression:
    one, other = left.type, right.type
    if is_number(one) and is_number(other):
        return scalar_compare(scope, Op.EQUAL, left, right, span)
    if isinstance(one, OptionalType) or isinstance(other, OptionalType):
        return optional_equal(scope, left, right, span)
    if isinstance(one, NoneType) and isinstance(other, NoneType):
        return literal(BOOL, span, True)
    if isinstance(one, PointerType | AddressType | EnumType) and one == other:
        return typed.Compare(BOOL, span, ComparisonOperator.EQUAL, left, right)
    if isinstance(one, TupleType) and isinstance(other, TupleType) and len(one.items) == len(other.items):
        return tuple_equal(scope, left, right, span)
    if has_method(scope, one, "__eq__"):
        return equal_by_method(scope, left, right, span)
    by_fields = dataclass_equal(scope, left, right, span)
    if by_fields is not None:
        return by_fields
    if isinstance(one, ClassType) and one.info.overriders("__eq__"):
        raise scope.fail("E0314", span, f"subclasses of {one} define `__eq__`, so {one} must define it too")
    if isinstance(one, ClassType) and isinstance(other, ClassType):
        return identity(scope, left, right, span)
    raise scope.fail("E0314", span, f"`==` between {one} and {other} is always False; that is hardly meant")


def equal_by_method(scope: Scope, left: typed.Expression, right: typed.Expression, span: Span) -> typed.Expression:
    info = find_method(scope, left.type, "__eq__")
    assert info is not None
    wanted = scope.world.instance(info, receiver=left.type).parameters[1].type
    if try_coerce(scope, right, wanted) is None:
        raise scope.fail(
            "E0314", span, f"`==` between {left.type} and {right.type} is always False; that is hardly meant"
        )
    return call_method(scope, left, "__eq__", [right], span)


def optional_equal(scope: Scope, left: typed.Expression, right: typed.Expression, span: Span) -> typed.Expression:
    """None equals only None."""
    statements: list[typed.Statement] = []
    _, one_none, one_value = opened(scope, left, statements)
    _, other_none, other_value = opened(scope, right, statements)
    both_values = equal(scope, one_value, other_value, span)
    if one_none is None or other_none is None:
        some_none = one_none if one_none is not None else other_none
        assert some_none is not None
        test: typed.Expression = typed.ShortCircuit(BOOL, span, True, typed.Not(BOOL, span, some_none), both_values)
    else:
        either = typed.ShortCircuit(BOOL, span, False, one_none, other_none)
        both_none = typed.ShortCircuit(BOOL, span, True, one_none, other_none)
        test = typed.Conditional(BOOL, span, either, both_none, both_values)
    return typed.Sequence(BOOL, span, statements, test)


def opened(
    scope: Scope, value: typed.Expression, statements: list[typed.Statement]
) -> tuple[typed.Expression, typed.Expression | None, typed.Expression]:
    """Hold a value in a hidden variable: (read, its None test or nothing, the value inside)."""
    span = value.span
    value = settle(scope, value)
    held = scope.hidden("side", value.type, span)
    statements.append(typed.AssignLocal(span, held, value))
    read = typed.LocalRead(value.type, span, held)
    if not isinstance(value.type, OptionalType):
        return read, None, value if isinstance(value, typed.Literal) else read
    return (
        read,
        typed.IsNone(BOOL, span, read),
        typed.Convert(value.type.item, span, ConversionKind.UNWRAP_OPTIONAL, read),
    )


def dataclass_equal(
    scope: Scope, left: typed.Expression, right: typed.Expression, span: Span
) -> typed.Expression | None:
    """What `@dataclass` makes of `==`: the fields in order, for instances of one class. None for other classes."""
    one = left.type
    if not isinstance(one, ClassType) or one.info.dataclass_options is None:
        return None
    if not one.info.dataclass_options.get("eq", True):
        return None
    if one != right.type or one.info.subclasses:
        raise scope.fail(
            "E0314", span, f"`==` of the dataclass {one} beside another class is not part of the language yet"
        )
    statements: list[typed.Statement] = []
    first, _, _ = opened(scope, left, statements)
    second, _, _ = opened(scope, right, statements)
    test: typed.Expression = literal(BOOL, span, True)
    for ancestor in one.info.ancestors():
        place = scope.world.as_ancestor(one, ancestor)
        for field in reversed(ancestor.fields.values()):
            kind = substitute(field.type, argument_mapping(place))
            a = typed.FieldRead(kind, span, first, field, place)
            b = typed.FieldRead(kind, span, second, field, place)
            test = typed.ShortCircuit(BOOL, span, True, equal(scope, a, b, span), test)
    return typed.Sequence(BOOL, span, statements, test)


def tuple_equal(scope: Scope, left: typed.Expression, right: typed.Expression, span: Span) -> typed.Expression:
    statements: list[typed.Statement] = []
    one, _, _ = opened(scope, left, statements)
    other, _, _ = opened(scope, right, statements)
    assert isinstance(one.type, TupleType) and isinstance(other.type, TupleType)
    test: typed.Expression = literal(BOOL, span, True)
    for index in reversed(range(len(one.type.items))):
        a = typed.TupleItem(one.type.items[index], span, one, index)
        b = typed.TupleItem(other.type.items[index], span, other, index)
        test = typed.ShortCircuit(BOOL, span, True, equal(scope, a, b, span), test)
    return typed.Sequence(BOOL, span, statements, test)


def ordered(
    scope: Scope, operator: Op, left: typed.Expression, right: typed.Expression, span: Span
) -> typed.Expression:
    one, other = left.type, right.type
    if is_number(one) and is_number(other):
        return scalar_compare(scope, operator, left, right, span)
    if isinstance(one, PointerType | AddressType) and one == other:
        return typed.Compare(BOOL, span, ORDER[operator], left, right)
    if isinstance(one, TupleType) and isinstance(other, TupleType):
        return tuple_order(scope, operator, left, right, span)
    if operator in METHODS and takes(scope, one, METHODS[operator], right):
        return call_method(scope, left, METHODS[operator], [right], span)
    if operator in REFLECTED and takes(scope, other, REFLECTED[operator], left):
        return call_method(scope, right, REFLECTED[operator], [left], span)
    raise scope.fail("E0314", span, f"`{operator.value}` is not defined for {one} and {other}")


def tuple_order(
    scope: Scope, operator: Op, left: typed.Expression, right: typed.Expression, span: Span
) -> typed.Expression:
    """Lexicographic: the first unequal pair decides, else the lengths."""
    statements: list[typed.Statement] = []
    one, _, _ = opened(scope, left, statements)
    other, _, _ = opened(scope, right, statements)
    assert isinstance(one.type, TupleType) and isinstance(other.type, TupleType)
    sizes = (len(one.type.items), len(other.type.items))
    by_length = {Op.LESS: sizes[0] < sizes[1], Op.LESS_EQUAL: sizes[0] <= sizes[1], Op.GREATER: sizes[0] > sizes[1]}
    test: typed.Expression = literal(BOOL, span, by_length.get(operator, sizes[0] >= sizes[1]))
    for index in reversed(range(min(sizes))):
        a = typed.TupleItem(one.type.items[index], span, one, index)
        b = typed.TupleItem(other.type.items[index], span, other, index)
        same = equal(scope, a, b, span)
        test = typed.Conditional(BOOL, span, same, test, ordered(scope, operator, a, b, span))
    return typed.Sequence(BOOL, span, statements, test)


def identity(scope: Scope, left: typed.Expression, right: typed.Expression, span: Span) -> typed.Expression:
    one, other = left.type, right.type
    if isinstance(one, EnumType | BoolType) and one == other:
        return typed.Compare(BOOL, span, ComparisonOperator.EQUAL, left, right)
    if is_object(scope, one) and is_object(scope, other):
        return typed.SameObject(BOOL, span, left, right)
    raise scope.fail(
        "E0315", span, f"`is` compares objects, and {one} and {other} have no identity", suggestion="compare with `==`"
    )


def is_object(scope: Scope, kind: Type) -> bool:
    """Whether the identity of values of this type is CPython's: that of str and bytes depends on what it caches."""
    plain = kind.item if isinstance(kind, OptionalType) else kind
    return isinstance(plain, ClassType) and plain.info.builtin_name not in ("str", "bytes")


# --- membership -----------------------------------------------------------------------------------------------------


def check_membership(scope: Scope, left: typed.Expression, right_node: tree.Expression, span: Span) -> typed.Expression:
    """`x in right`."""
    if isinstance(right_node, tree.TupleDisplay | tree.ListDisplay | tree.SetDisplay):
        return member_of_display(scope, left, right_node.elements, span)
    if isinstance(right_node, tree.Call) and is_range_call(scope, right_node):
        return member_of_range(scope, left, right_node, span)
    return contains(scope, left, scope.check(right_node), span)


def is_range_call(scope: Scope, node: tree.Call) -> bool:
    return (
        isinstance(node.function, tree.Name)
        and node.function.identifier == "range"
        and "range" not in scope.module.symbols
        and not scope.is_local("range")
        and len(node.arguments) in (1, 2)
        and not node.keywords
    )


def member_of_display(
    scope: Scope, left: typed.Expression, elements: tuple[tree.Expression, ...], span: Span
) -> typed.Expression:
    statements: list[typed.Statement] = []
    held, _, inside = opened(scope, left, statements)
    subject = inside if isinstance(inside, typed.Literal) else held
    test: typed.Expression = literal(BOOL, span, False)
    for element in reversed(elements):
        if isinstance(element, tree.Constant) and element.value is None:
            part = compare_none(scope, Op.IS, subject, element, span)
        else:
            part = compare(scope, Op.EQUAL, subject, scope.check(element, left.type), span)
        test = typed.ShortCircuit(BOOL, span, False, part, test)
    return typed.Sequence(BOOL, span, statements, test)


def member_of_range(scope: Scope, left: typed.Expression, node: tree.Call, span: Span) -> typed.Expression:
    """start <= x < stop."""
    statements: list[typed.Statement] = []
    held, _, inside = opened(scope, left, statements)
    subject = inside if isinstance(inside, typed.Literal) else held
    bounds = [scope.check(argument) for argument in node.arguments]
    start = bounds[0] if len(bounds) == 2 else literal(INT, span, 0)
    above = compare(scope, Op.LESS_EQUAL, start, subject, span)
    below = compare(scope, Op.LESS, subject, bounds[-1], span)
    return typed.Sequence(BOOL, span, statements, typed.ShortCircuit(BOOL, span, True, above, below))


def contains(scope: Scope, left: typed.Expression, right: typed.Expression, span: Span) -> typed.Expression:
    if scope.world.is_builtin(right.type, "bytes") and isinstance(left.type, IntegerType | BoolType):
        return contains_octet(scope, left, right, span)
    if has_method(scope, right.type, "__contains__"):
        statements: list[typed.Statement] = []
        held, _, inside = opened(scope, left, statements)
        subject = inside if isinstance(inside, typed.Literal) else held
        if isinstance(subject.type, IntegerType) and not isinstance(subject, typed.Literal) and subject.type != INT:
            subject = fit_member(scope, subject, right)
        if takes(scope, right.type, "__contains__", subject):
            call = call_method(scope, right, "__contains__", [subject], span)
            return typed.Sequence(BOOL, span, statements, call)
    raise scope.fail("E0314", span, f"`in` is not defined for {left.type} and {right.type}")


def contains_octet(scope: Scope, left: typed.Expression, right: typed.Expression, span: Span) -> typed.Expression:
    """`65 in data`."""
    statements: list[typed.Statement] = []
    held, _, inside = opened(scope, left, statements)
    subject = to_int(inside if isinstance(inside, typed.Literal) else held)
    return typed.Sequence(BOOL, span, statements, call_method(scope, right, "contains_octet", [subject], span))


def fit_member(scope: Scope, subject: typed.Expression, container: typed.Expression) -> typed.Expression:
    """A fixed width looked up among ints is compared as an int."""
    if isinstance(container.type, ClassType) and container.type.arguments == (INT,):
        return convert(ConversionKind.INTEGER, subject, INT)
    return subject
