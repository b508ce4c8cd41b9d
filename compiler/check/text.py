"""Text of values: str(), repr(), format(), f-strings, concatenation."""

from __future__ import annotations

from compiler.check import typed_tree as typed
from compiler.check.conversions import coerce, convert, is_error, literal, settle, to_float, to_int
from compiler.check.list_building import make_list
from compiler.check.methods import call_method, call_runtime, find_method, has_method
from compiler.check.scope import Scope, error_expression
from compiler.check.typed_tree import ConversionKind
from compiler.diagnostics.span import Span
from compiler.syntax import tree
from compiler.type_system.kinds import (
    BOOL,
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
    StructType,
    TableType,
    TupleType,
    Type,
    substitute,
)
from compiler.type_system.object_layout import argument_mapping


def text_of(scope: Scope, value: typed.Expression, span: Span) -> typed.Expression:
    """str(value)."""
    kind = value.type
    if scope.world.is_builtin(kind, "str"):
        return value
    if isinstance(kind, OptionalType):
        return of_optional(scope, value, span, text_of)
    if isinstance(kind, EnumType) and kind.info.is_integer:
        return repr_of(scope, typed.EnumValue(INT, span, value), span)
    if isinstance(kind, EnumType):
        return enum_text(scope, value, kind, span)
    if isinstance(kind, ClassType) and has_method(scope, kind, "__str__"):
        return call_method(scope, value, "__str__", [], span)
    return repr_of(scope, value, span)


def repr_of(scope: Scope, value: typed.Expression, span: Span) -> typed.Expression:
    """repr(value)."""
    string = scope.world.string
    match value.type:
        case ErrorType():
            return error_expression(span)
        case IntegerType():
            return integer_text(scope, settle(scope, value), span)
        case BoolType():
            return typed.Conditional(string, span, value, literal(string, span, "True"), literal(string, span, "False"))
        case FloatType():
            return call_runtime(scope, "float_text", "float_to_string", [value], span)
        case NoneType():
            return typed.Sequence(string, span, [typed.Evaluate(span, value)], literal(string, span, "None"))
        case OptionalType():
            return of_optional(scope, value, span, repr_of)
        case TupleType(items):
            return tuple_text(scope, value, items, span)
        case EnumType() as kind:
            return enum_repr(scope, value, kind, span)
        case AddressType():
            return integer_text(scope, convert(ConversionKind.ADDRESS_TO_INTEGER, value, U64), span)
        case ClassType(info) if info.find_method("__repr__") is not None:
            return call_method(scope, value, "__repr__", [], span)
        case ClassType(info) if info.dataclass_options is not None and info.dataclass_options.get("repr", True):
            return dataclass_repr(scope, value, span)
        case ClassType(info):
            return default_repr(scope, value, info.qualified_name, span)
        case TableType() | ArrayType() | StructType():
            raise scope.fail("E0332", span, f"the text of a {value.type} is not part of the language yet")
    raise scope.fail("E0332", span, f"a {value.type} has no text")


def integer_text(scope: Scope, value: typed.Expression, span: Span) -> typed.Expression:
    if value.type == U64:
        return call_runtime(scope, "integers", "unsigned_to_string", [value], span)
    return call_runtime(scope, "integers", "int_to_string", [to_int(value)], span)


def of_optional(scope: Scope, value: typed.Expression, span: Span, inner: object) -> typed.Expression:
    """'None', or the text of the value inside."""
    assert callable(inner) and isinstance(value.type, OptionalType)
    string = scope.world.string
    held = scope.hidden("value", value.type, span)
    read = typed.LocalRead(value.type, span, held)
    unwrapped = typed.Convert(value.type.item, span, ConversionKind.UNWRAP_OPTIONAL, read)
    none = literal(string, span, "None")
    choice = typed.Conditional(string, span, typed.IsNone(BOOL, span, read), none, inner(scope, unwrapped, span))
    return typed.Sequence(string, span, [typed.AssignLocal(span, held, value)], choice)


def tuple_text(scope: Scope, value: typed.Expression, items: tuple[Type, ...], span: Span) -> typed.Expression:
    """(a, b), (a,) or ()."""
    string = scope.world.string
    held = scope.hidden("tuple", value.type, span)
    read = typed.LocalRead(value.type, span, held)
    parts: list[typed.Expression] = [literal(string, span, "(")]
    for index, kind in enumerate(items):
        if index:
            parts.append(literal(string, span, ", "))
        parts.append(repr_of(scope, typed.TupleItem(kind, span, read, index), span))
    parts.append(literal(string, span, ",)" if len(items) == 1 else ")"))
    return typed.Sequence(string, span, [typed.AssignLocal(span, held, value)], concatenated(scope, parts, span))


def enum_text(scope: Scope, value: typed.Expression, kind: EnumType, span: Span) -> typed.Expression:
    """`Color.RED`."""
    if "__str__" in kind.info.methods:
        return call_method(scope, value, "__str__", [], span)
    string = scope.world.string
    return concatenated(scope, [literal(string, span, f"{kind.info.name}."), typed.EnumName(string, span, value)], span)


def enum_repr(scope: Scope, value: typed.Expression, kind: EnumType, span: Span) -> typed.Expression:
    """`<Color.RED: 1>`."""
    string = scope.world.string
    held = scope.hidden("member", kind, span)
    read = typed.LocalRead(kind, span, held)
    value_type: Type = INT if kind.info.values and isinstance(kind.info.values[0], int) else string
    parts: list[typed.Expression] = [
        literal(string, span, f"<{kind.info.name}."),
        typed.EnumName(string, span, read),
        literal(string, span, ": "),
        repr_of(scope, typed.EnumValue(value_type, span, read), span),
        literal(string, span, ">"),
    ]
    return typed.Sequence(string, span, [typed.AssignLocal(span, held, value)], concatenated(scope, parts, span))


def dataclass_repr(scope: Scope, value: typed.Expression, span: Span) -> typed.Expression:
    """`Point(x=1, y=2)`."""
    assert isinstance(value.type, ClassType)
    string, kind = scope.world.string, value.type
    held = scope.hidden("object", kind, span)
    read = typed.LocalRead(kind, span, held)
    parts: list[typed.Expression] = [literal(string, span, f"{kind.info.name}(")]
    for ancestor in reversed(kind.info.ancestors()):
        place = scope.world.as_ancestor(kind, ancestor)
        for field in ancestor.fields.values():
            separator = ", " if len(parts) > 1 else ""
            parts.append(literal(string, span, f"{separator}{field.name}="))
            field_type = substitute(field.type, argument_mapping(place))
            parts.append(repr_of(scope, typed.FieldRead(field_type, span, read, field, place), span))
    parts.append(literal(string, span, ")"))
    return typed.Sequence(string, span, [typed.AssignLocal(span, held, value)], concatenated(scope, parts, span))


def default_repr(scope: Scope, value: typed.Expression, name: str, span: Span) -> typed.Expression:
    """`<module.Class object at 0x…>`."""
    string = scope.world.string
    address = typed.ObjectAddress(U64, span, value)
    number = call_runtime(scope, "format_specs", "format_unsigned", [address, literal(string, span, "#x")], span)
    return concatenated(scope, [literal(string, span, f"<{name} object at "), number, literal(string, span, ">")], span)


# --- concatenation --------------------------------------------------------------------------------------------------


def concatenated(scope: Scope, parts: list[typed.Expression], span: Span) -> typed.Expression:
    """The parts joined into one new string with one copy."""
    string = scope.world.string
    merged = merge_literals(string, parts)
    if not merged:
        return literal(string, span, "")
    if len(merged) == 1:
        return merged[0]
    names = {2: "concatenate", 3: "concatenate3", 4: "concatenate4"}
    if len(merged) in names:
        return call_runtime(scope, "strings", names[len(merged)], merged, span)

    return call_runtime(scope, "strings", "join_parts", [make_list(scope, string, merged, span)], span)


def merge_literals(string: Type, parts: list[typed.Expression]) -> list[typed.Expression]:
    merged: list[typed.Expression] = []
    for part in parts:
        last = merged[-1] if merged else None
        if isinstance(part, typed.Literal) and isinstance(last, typed.Literal):
            merged[-1] = literal(string, last.span, str(last.value) + str(part.value))
        elif not (isinstance(part, typed.Literal) and part.value == ""):
            merged.append(part)
    return merged


# --- formatting -----------------------------------------------------------------------------------------------------


def check_formatted_string(scope: Scope, node: tree.FormattedString, expected: Type | None) -> typed.Expression:
    """An f-string."""
    parts = [format_part(scope, part) for part in node.parts]
    return concatenated(scope, parts, node.span)


def format_part(scope: Scope, part: tree.Expression) -> typed.Expression:
    if isinstance(part, tree.Constant):
        return literal(scope.world.string, part.span, str(part.value))
    assert isinstance(part, tree.FormattedValue)
    value = settle(scope, scope.check(part.value))
    if is_error(value):
        return error_expression(part.span)
    if part.conversion is tree.Conversion.REPR:
        value = repr_of(scope, value, part.span)
    elif part.conversion is tree.Conversion.STR:
        value = text_of(scope, value, part.span)
    elif part.conversion is tree.Conversion.ASCII:
        raise scope.fail("E0301", part.span, "`!a` is not part of the language yet", label="not supported")
    if part.specification is None or not part.specification.parts:
        return plain_format(scope, value, part.span)
    return formatted(scope, value, check_formatted_string(scope, part.specification, None), part.value.span)


def plain_format(scope: Scope, value: typed.Expression, span: Span) -> typed.Expression:
    """format(value, '')."""
    if has_method(scope, value.type, "__format__"):
        if scope.world.is_builtin(value.type, "str"):
            return value
        return call_method(scope, value, "__format__", [literal(scope.world.string, span, "")], span)
    return text_of(scope, value, span)


def formatted(scope: Scope, value: typed.Expression, specification: typed.Expression, span: Span) -> typed.Expression:
    """format(value, specification)."""
    match value.type:
        case IntegerType() if wants_float(specification):
            return formatted(scope, to_float(value), specification, span)
        case IntegerType() if value.type == U64:
            return call_runtime(scope, "format_specs", "format_unsigned", [value, specification], span)
        case IntegerType():
            return call_runtime(scope, "format_specs", "format_int", [to_int(value), specification], span)
        case BoolType():
            if isinstance(specification, typed.Literal) and specification.value:
                return call_runtime(scope, "format_specs", "format_int", [to_int(value), specification], span)
            raise scope.fail("E0332", span, "the format specification of a bool is a constant", suggestion="int(…)")
        case FloatType():
            return call_runtime(scope, "float_format", "format_float", [value, specification], span)
        case AddressType():
            return formatted(scope, convert(ConversionKind.ADDRESS_TO_INTEGER, value, U64), specification, span)
        case EnumType(info) if info.is_integer:
            return formatted(scope, typed.EnumValue(INT, span, value), specification, span)
    if scope.world.is_builtin(value.type, "str"):
        return call_runtime(scope, "format_specs", "format_string", [value, specification], span)
    if find_method(scope, value.type, "__format__") is not None:
        return call_method(scope, value, "__format__", [specification], span)
    raise scope.fail("E0332", span, f"a {value.type} takes no format specification", suggestion="format str(…) of it")


def wants_float(specification: typed.Expression) -> bool:
    """A constant specification whose code is one of float's: an int is formatted as a float then."""
    text = specification.value if isinstance(specification, typed.Literal) else None
    return isinstance(text, str) and text[-1:] in tuple("eEfFgG%")


def as_string(scope: Scope, value: typed.Expression) -> typed.Expression:
    return coerce(scope, value, scope.world.string)
