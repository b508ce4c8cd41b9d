"""Makes a value fit the type that its place wants, where nobody can tell the difference from CPython; otherwise
refuses and says what to write.

Integer constants adapt to the width the context asks for; a value goes into an optional, a subclass instance into its
base class. Nothing else happens silently:
`int` to `float`, `bool` to `int`, one width to another are the programmer's to write.
"""

from __future__ import annotations

from compiler.check import typed_tree as typed
from compiler.check.scope import Scope, error_expression
from compiler.check.typed_tree import ConversionKind
from compiler.diagnostics.span import Span
from compiler.type_system.kinds import (
    BOOL,
    ERROR,
    FLOAT,
    INT,
    NEVER,
    BoolType,
    ClassType,
    EnumType,
    ErrorType,
    FloatType,
    IntegerType,
    NeverType,
    NoneType,
    OptionalType,
    TableType,
    TupleType,
    Type,
    contains_variable,
    optional,
)


def coerce(scope: Scope, value: typed.Expression, target: Type, span: Span | None = None) -> typed.Expression:
    """`value` as a `target`, converted where that is invisible, else a diagnostic."""
    place = span or value.span
    made = try_coerce(scope, value, target)
    if made is not None:
        return made
    report_mismatch(scope, value, target, place)
    return error_expression(place)


def try_coerce(scope: Scope, value: typed.Expression, target: Type) -> typed.Expression | None:
    """As coerce, but None where it cannot be done."""
    source = value.type
    if isinstance(target, IntegerType) and isinstance(value, typed.Literal) and isinstance(source, IntegerType):
        return adapt_constant(scope, value, target)
    if source == target or isinstance(source, ErrorType | NeverType) or isinstance(target, ErrorType):
        return value
    if contains_variable(target) or contains_variable(source):
        return value
    match target:
        case OptionalType(item):
            return to_optional(scope, value, target, item)
        case ClassType() if isinstance(source, ClassType) and is_subclass(scope, source, target):
            return typed.Convert(target, value.span, ConversionKind.UPCAST, value)
        case TupleType(items) if isinstance(value, typed.MakeTuple) and len(items) == len(value.items):
            return coerce_items(scope, value, target)
        case TableType(item) if isinstance(value, typed.MakeTuple):
            return to_table(scope, value, target, item)
        case TableType() if isinstance(source, TableType):
            return None
    return None


def is_subclass(scope: Scope, source: ClassType, target: ClassType) -> bool:
    if target.info.is_object:
        return True
    return source.info.is_subclass_of(target.info) and scope.world.as_ancestor(source, target.info) == target


def adapt_constant(scope: Scope, value: typed.Literal, target: IntegerType) -> typed.Expression | None:
    """A constant in the width the context asks for, if it lies in its range and has no other width of its own."""
    number = value.value
    assert isinstance(number, int)
    if value.type != INT and value.type != target:
        return None
    if not target.low <= number <= target.high:
        scope.error(
            "E0501",
            value.span,
            f"the constant {number} does not fit {target}",
            label=f"{target} holds {target.low} … {target.high}",
        )
        return error_expression(value.span)
    if value.type == INT and (target != INT or is_generic_instance(scope)):
        scope.world.conversions.append((value.span, "same" if target == INT else target.name))
    return typed.Literal(target, value.span, number)


def is_generic_instance(scope: Scope) -> bool:
    """Whether other instances may convert the same place otherwise; then staying an `int` is worth a note as well."""
    instance = scope.instance
    return instance is not None and bool(instance.type_arguments or getattr(instance.receiver, "arguments", ()))


def to_optional(scope: Scope, value: typed.Expression, target: OptionalType, item: Type) -> typed.Expression | None:
    source = value.type
    if isinstance(source, NoneType):
        return typed.Convert(target, value.span, ConversionKind.NONE_TO_OPTIONAL, value)
    if isinstance(source, OptionalType):
        inner, wanted = source.item, item
        if isinstance(inner, ClassType) and isinstance(wanted, ClassType) and is_subclass(scope, inner, wanted):
            return typed.Convert(target, value.span, ConversionKind.OPTIONAL_UPCAST, value)
        return None
    fitted = try_coerce(scope, value, item)
    return None if fitted is None else typed.Convert(target, value.span, ConversionKind.WRAP_OPTIONAL, fitted)


def coerce_items(scope: Scope, value: typed.MakeTuple, target: TupleType) -> typed.Expression | None:
    items = [try_coerce(scope, item, kind) for item, kind in zip(value.items, target.items, strict=True)]
    fitted = [item for item in items if item is not None]
    return typed.MakeTuple(target, value.span, fitted) if len(fitted) == len(items) else None


def to_table(scope: Scope, value: typed.MakeTuple, target: TableType, item: Type) -> typed.Expression | None:
    items = [try_coerce(scope, part, item) for part in value.items]
    fitted = [part for part in items if part is not None]
    return typed.MakeTable(target, value.span, fitted) if len(fitted) == len(items) else None


# --- messages -------------------------------------------------------------------------------------------------------


def report_mismatch(scope: Scope, value: typed.Expression, target: Type, span: Span) -> None:
    source = value.type
    suggestion = conversion_hint(source, target)
    if isinstance(source, OptionalType) and source.item == target:
        scope.error(
            "E0308",
            span,
            f"this may be None, and a {target} is wanted",
            label=f"has type {source}",
            suggestion="test it with `is None` first",
        )
        return
    scope.error("E0307", span, f"expected {target}, found {source}", label=f"has type {source}", suggestion=suggestion)


def conversion_hint(source: Type, target: Type) -> str | None:
    """What to write instead, where one word does it."""
    match source, target:
        case (IntegerType() | BoolType() | EnumType(), IntegerType(name=name)):
            return f"{name}(…)"
        case (IntegerType() | BoolType(), FloatType()):
            return "float(…), or write the constant as 3.0"
    return None


def settle(scope: Scope, value: typed.Expression) -> typed.Expression:
    """A constant without a width becomes an `int`, whose range it must respect."""
    if isinstance(value, typed.Literal) and value.type == INT:
        return adapt_constant(scope, value, INT) or value
    return value


def unify(scope: Scope, left: typed.Expression, right: typed.Expression, expected: Type | None) -> Type | None:
    """The common type of two branches, or None."""
    first, second = left.type, right.type
    if isinstance(expected, IntegerType) and first == second and not isinstance(left, typed.Literal):
        return first
    if expected is not None and not contains_variable(expected):
        return expected
    if isinstance(first, NeverType | ErrorType):
        return second
    if isinstance(second, NeverType | ErrorType) or first == second:
        return first
    if isinstance(left, typed.Literal) and isinstance(first, IntegerType) and isinstance(second, IntegerType):
        return second
    if isinstance(right, typed.Literal) and isinstance(first, IntegerType) and isinstance(second, IntegerType):
        return first
    return unify_types(scope, first, second)


def unify_types(scope: Scope, first: Type, second: Type) -> Type | None:
    if isinstance(first, NoneType):
        return optional(second)
    if isinstance(second, NoneType):
        return optional(first)
    if isinstance(first, OptionalType) or isinstance(second, OptionalType):
        one = first.item if isinstance(first, OptionalType) else first
        other = second.item if isinstance(second, OptionalType) else second
        inner = one if one == other else unify_types(scope, one, other)
        return None if inner is None else optional(inner)
    if isinstance(first, ClassType) and isinstance(second, ClassType):
        for ancestor in first.info.ancestors():
            if second.info.is_subclass_of(ancestor):
                return scope.world.as_ancestor(first, ancestor)
    return None


def convert(kind: ConversionKind, value: typed.Expression, target: Type) -> typed.Expression:
    return typed.Convert(target, value.span, kind, value)


def to_int(value: typed.Expression) -> typed.Expression:
    """Any integer or bool as `int` (checked for u64)."""
    if value.type == INT:
        return value
    if isinstance(value, typed.Literal) and isinstance(value.value, int):
        return typed.Literal(INT, value.span, int(value.value))
    if value.type == BOOL:
        return convert(ConversionKind.BOOL_TO_INTEGER, value, INT)
    return convert(ConversionKind.INTEGER, value, INT)


def to_float(value: typed.Expression) -> typed.Expression:
    """An integer, bool or float as float."""
    if value.type == FLOAT:
        return value
    if isinstance(value, typed.Literal) and isinstance(value.value, int):
        return typed.Literal(FLOAT, value.span, float(value.value))
    if value.type == BOOL:
        return convert(ConversionKind.BOOL_TO_FLOAT, value, FLOAT)
    return convert(ConversionKind.INTEGER_TO_FLOAT, value, FLOAT)


def literal(kind: Type, span: Span, value: int | float | bool | str | bytes | None) -> typed.Literal:
    return typed.Literal(kind, span, value)


def never(span: Span) -> typed.Expression:
    return typed.Literal(NEVER, span, None)


def is_error(value: typed.Expression) -> bool:
    return value.type == ERROR
