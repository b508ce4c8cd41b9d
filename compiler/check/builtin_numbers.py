"""Builtin functions on numbers: int, float, abs, divmod, pow, min, max, sum, round, hex, oct, bin."""

from __future__ import annotations

from collections.abc import Callable

from compiler.check import typed_tree as typed
from compiler.check.arguments import held
from compiler.check.collecting import as_list
from compiler.check.comparisons import compare
from compiler.check.conversions import coerce, convert, is_error, literal, settle, to_float, to_int, unify
from compiler.check.methods import call_method, call_runtime, has_method
from compiler.check.operators import binary, unenumerate
from compiler.check.scope import Scope
from compiler.check.typed_tree import ComparisonOperator, ConversionKind
from compiler.syntax import tree
from compiler.type_system.kinds import (
    BOOL,
    FLOAT,
    INT,
    U64,
    AddressType,
    BoolType,
    ClassType,
    EnumType,
    FloatType,
    IntegerType,
    OptionalType,
    TupleType,
    Type,
)

BuiltinRule = Callable[[Scope, tree.Call, Type | None], typed.Expression]


def arguments_of(scope: Scope, node: tree.Call, low: int, high: int, name: str) -> list[typed.Expression]:
    if node.keywords or not low <= len(node.arguments) <= high:
        wanted = str(low) if low == high else f"{low} to {high}"
        raise scope.fail("E0311", node.span, f"`{name}` takes {wanted} positional argument(s) here")
    return [scope.check(argument) for argument in node.arguments]


def check_int(scope: Scope, node: tree.Call, expected: Type | None) -> typed.Expression:
    """int(x), int(text), int(text, base)."""
    base = base_argument(scope, node)
    plain = tree.Call(node.span, node.function, node.arguments, ()) if base is not None else node
    values = arguments_of(scope, plain, 0, 2, "int")
    if not values:
        return literal(INT, node.span, 0)
    if len(values) == 2:
        base = values[1]
    return integer_of(scope, node, values[0], base)


def base_argument(scope: Scope, node: tree.Call) -> typed.Expression | None:
    if len(node.keywords) == 1 and node.keywords[0].name == "base":
        return scope.check(node.keywords[0].value)
    return None


def integer_of(
    scope: Scope, node: tree.Call, value: typed.Expression, base: typed.Expression | None
) -> typed.Expression:
    match value.type:
        case IntegerType() | BoolType():
            if value.type not in (INT, BOOL):
                scope.world.conversions.append((node.span, INT.name))
            number = to_int(settle(scope, value))
            return literal(INT, node.span, number.value) if isinstance(number, typed.Literal) else number
        case FloatType():
            if scope.module.name == "runtime.core.floats":  # float_to_int itself: the value is known to fit
                return typed.MachineOperation(INT, node.span, "float_to_int", [value])
            return call_runtime(scope, "floats", "float_to_int", [value], node.span)
        case AddressType():
            return to_int(convert(ConversionKind.ADDRESS_TO_INTEGER, value, U64))
        case EnumType(info) if info.is_integer:
            return typed.EnumValue(INT, node.span, value)
    if scope.world.is_builtin(value.type, "str"):
        number = to_int(base) if base is not None else literal(INT, node.span, 10)
        return call_runtime(scope, "integer_parsing", "parse_int", [value, number], node.span)
    if has_method(scope, value.type, "__int__"):
        return call_method(scope, value, "__int__", [], node.span)
    raise scope.fail("E0307", node.span, f"int() of a {value.type} is not defined")


def check_float(scope: Scope, node: tree.Call, expected: Type | None) -> typed.Expression:
    values = arguments_of(scope, node, 0, 1, "float")
    if scope.world.is_kernel:
        raise scope.fail("E0312", node.span, "floating point is not available in the kernel")
    if not values:
        return literal(FLOAT, node.span, 0.0)
    value = unenumerate(settle(scope, values[0]))
    if isinstance(value.type, IntegerType | BoolType | FloatType):
        return to_float(value)
    if scope.world.is_builtin(value.type, "str"):
        return call_runtime(scope, "float_parsing", "parse_float", [value], node.span)
    raise scope.fail("E0307", node.span, f"float() of a {value.type} is not defined")


def check_abs(scope: Scope, node: tree.Call, expected: Type | None) -> typed.Expression:
    (value,) = arguments_of(scope, node, 1, 1, "abs")
    value = settle(scope, value)
    if isinstance(value.type, BoolType):
        value = to_int(value)
    if not isinstance(value.type, IntegerType | FloatType):
        if has_method(scope, value.type, "__abs__"):
            return call_method(scope, value, "__abs__", [], node.span)
        raise scope.fail("E0314", node.span, f"abs() of a {value.type} is not defined")
    if isinstance(value.type, FloatType):
        return typed.MachineOperation(FLOAT, node.span, "float_abs", [value])
    kept = scope.hidden("value", value.type, node.span)
    read = typed.LocalRead(value.type, node.span, kept)
    negative = typed.Compare(BOOL, node.span, ComparisonOperator.LESS, read, literal(value.type, node.span, 0))
    choice = typed.Conditional(value.type, node.span, negative, typed.Negate(value.type, node.span, read), read)
    return typed.Sequence(value.type, node.span, [typed.AssignLocal(node.span, kept, value)], choice)


def check_divmod(scope: Scope, node: tree.Call, expected: Type | None) -> typed.Expression:
    left, right = (settle(scope, v) for v in arguments_of(scope, node, 2, 2, "divmod"))
    left, right = held(scope, left), held(scope, right)
    quotient = binary(scope, tree.BinaryOperator.FLOOR_DIVIDE, left, right, node.span)
    remainder = binary(scope, tree.BinaryOperator.MODULO, left, right, node.span)
    return typed.MakeTuple(TupleType((quotient.type, remainder.type)), node.span, [quotient, remainder])


def check_pow(scope: Scope, node: tree.Call, expected: Type | None) -> typed.Expression:
    values = [settle(scope, v) for v in arguments_of(scope, node, 2, 3, "pow")]
    if len(values) == 2:
        return binary(scope, tree.BinaryOperator.POWER, values[0], values[1], node.span)
    scope.world.conversions.append((node.span, INT.name))
    return call_runtime(scope, "integers", "power_modulo", [to_int(v) for v in values], node.span)


def check_round(scope: Scope, node: tree.Call, expected: Type | None) -> typed.Expression:
    values = arguments_of(scope, node, 1, 2, "round")
    value = settle(scope, values[0])
    if isinstance(value.type, IntegerType) and len(values) == 1:
        if value.type != INT:
            scope.world.conversions.append((node.span, value.type.name))
        return value
    if isinstance(value.type, FloatType) and len(values) == 1:
        return call_runtime(scope, "floats", "round_to_int", [value], node.span)
    raise scope.fail(
        "E0301", node.span, "`round` to a number of digits is not part of the language yet", label="not supported"
    )


def check_minimum(scope: Scope, node: tree.Call, expected: Type | None) -> typed.Expression:
    return extreme(scope, node, "min", tree.ComparisonOperator.LESS, expected)


def check_maximum(scope: Scope, node: tree.Call, expected: Type | None) -> typed.Expression:
    return extreme(scope, node, "max", tree.ComparisonOperator.GREATER, expected)


def extreme(
    scope: Scope, node: tree.Call, name: str, operator: tree.ComparisonOperator, expected: Type | None
) -> typed.Expression:
    """min/max of several values (the first one wins ties), or of a list."""
    if node.keywords:
        raise scope.fail(
            "E0301", node.keywords[0].span, f"`{node.keywords[0].name}=` of {name} is not part of the language yet"
        )
    if len(node.arguments) == 1:
        return extreme_of_list(scope, node, name)
    if not node.arguments:
        raise scope.fail("E0311", node.span, f"`{name}` takes at least one argument")
    return extreme_of_values(scope, node, operator, expected)


def extreme_of_list(scope: Scope, node: tree.Call, name: str) -> typed.Expression:
    items = as_list(scope, node.arguments[0])
    assert isinstance(items.type, ClassType)
    function = "minimum_of" if name == "min" else "maximum_of"
    return call_runtime(scope, "builtins", function, [items], node.span, items.type.arguments[0])


def extreme_of_values(
    scope: Scope, node: tree.Call, operator: tree.ComparisonOperator, expected: Type | None
) -> typed.Expression:
    wanted = expected.item if isinstance(expected, OptionalType) else expected
    values = [scope.check(argument, wanted) for argument in node.arguments]
    kind = values[0].type
    for value in values[1:]:
        common = unify(
            scope, typed.Literal(kind, node.span, None) if kind != values[0].type else values[0], value, None
        )
        if common is None:
            raise scope.fail("E0309", value.span, f"the arguments have different types: {kind} and {value.type}")
        kind = common
    best = scope.hidden("best", kind, node.span)
    first = settle(scope, coerce(scope, values[0], kind))
    statements: list[typed.Statement] = [typed.AssignLocal(node.span, best, first)]
    read = typed.LocalRead(kind, node.span, best)
    for value in values[1:]:
        candidate = scope.hidden("candidate", kind, node.span)
        candidate_read = typed.LocalRead(kind, node.span, candidate)
        statements.append(typed.AssignLocal(node.span, candidate, settle(scope, coerce(scope, value, kind))))
        test = compare(scope, operator, candidate_read, read, node.span)
        statements.append(typed.If(node.span, test, [typed.AssignLocal(node.span, best, candidate_read)], []))
    return typed.Sequence(kind, node.span, statements, read)


def check_sum(scope: Scope, node: tree.Call, expected: Type | None) -> typed.Expression:
    if len(node.arguments) != 1 or node.keywords:
        raise scope.fail(
            "E0301", node.span, "`sum` with a start value is not part of the language yet", label="not supported"
        )
    items = as_list(scope, node.arguments[0])
    if is_error(items):
        return items
    assert isinstance(items.type, ClassType)
    (kind,) = items.type.arguments
    if not isinstance(kind, IntegerType | FloatType):
        raise scope.fail("E0314", node.span, f"`sum` adds numbers, and these are {kind}")
    held = scope.hidden("items", items.type, node.span)
    read = typed.LocalRead(items.type, node.span, held)
    added = call_runtime(scope, "builtins", "sum_of", [read], node.span, kind)
    nothing = literal(kind, node.span, 0.0 if isinstance(kind, FloatType) else 0)
    some = call_method(scope, read, "__len__", [], node.span)
    is_empty = typed.Compare(BOOL, node.span, ComparisonOperator.EQUAL, some, literal(INT, node.span, 0))
    choice = typed.Conditional(kind, node.span, is_empty, nothing, added)
    return typed.Sequence(kind, node.span, [typed.AssignLocal(node.span, held, items)], choice)


def base_text(name: str, unsigned: str) -> BuiltinRule:
    def rule(scope: Scope, node: tree.Call, expected: Type | None) -> typed.Expression:
        (value,) = arguments_of(scope, node, 1, 1, name)
        value = settle(scope, value)
        if value.type == U64:
            return call_runtime(scope, "integers", unsigned, [value], node.span)
        return call_runtime(scope, "integers", f"{name}_string", [to_int(value)], node.span)

    return rule


NUMBER_RULES: dict[str, BuiltinRule] = {
    "int": check_int,
    "float": check_float,
    "abs": check_abs,
    "divmod": check_divmod,
    "pow": check_pow,
    "round": check_round,
    "min": check_minimum,
    "max": check_maximum,
    "sum": check_sum,
    "hex": base_text("hex", "unsigned_hex_string"),
    "oct": base_text("oct", "unsigned_oct_string"),
    "bin": base_text("bin", "unsigned_bin_string"),
}
