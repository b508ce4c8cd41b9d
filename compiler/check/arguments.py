"""Matches the arguments of a call with parameters: positions, keywords, defaults, types, type arguments of generic
functions."""

from __future__ import annotations

from dataclasses import dataclass

from compiler.check import typed_tree as typed
from compiler.check.constants import constant_of
from compiler.check.conversions import coerce, settle
from compiler.check.declarations import FunctionInfo, ParameterInfo
from compiler.check.scope import Scope
from compiler.diagnostics.diagnostic import Note
from compiler.diagnostics.span import Span
from compiler.diagnostics.suggest import closest
from compiler.syntax import tree
from compiler.type_system.kinds import (
    ERROR,
    ArrayType,
    ClassType,
    FunctionType,
    OptionalType,
    PointerType,
    TableType,
    TupleType,
    Type,
    TypeVariable,
    contains_variable,
    substitute,
)


@dataclass(slots=True)
class Binding:
    """The source of one parameter's value, in the order of the call's text."""

    parameter: int
    node: tree.Expression


def bind(scope: Scope, name: str, parameters: list[ParameterInfo], node: tree.Call, declared: Span) -> list[Binding]:
    """Which argument goes to which parameter; complains about surplus, missing and repeated ones."""
    bound = bind_positional(scope, name, parameters, node, declared)
    for keyword in node.keywords:
        position = keyword_position(scope, name, parameters, keyword, declared)
        if any(binding.parameter == position for binding in bound):
            text = f"`{name}` gets more than one value for `{parameters[position].name}`"
            raise scope.fail("E0327", keyword.span, text, label="given by position already")
        bound.append(Binding(position, keyword.value))
    taken = [binding.parameter for binding in bound]
    missing = [p.name for i, p in enumerate(parameters) if i not in taken and p.default is None]
    if missing:
        names = ", ".join(f"`{name}`" for name in missing)
        raise scope.fail(
            "E0311",
            node.span,
            f"`{name}` lacks {names}",
            label="missing argument",
            notes=(Note("declared here", declared),),
        )
    return bound


def bind_positional(
    scope: Scope, name: str, parameters: list[ParameterInfo], node: tree.Call, declared: Span
) -> list[Binding]:
    room = sum(not p.keyword_only for p in parameters)
    for argument in node.arguments:
        if isinstance(argument, tree.Starred):
            raise scope.fail(
                "E0301", argument.span, "a starred argument is not part of the language yet", label="not supported"
            )
    if len(node.arguments) > room:
        extra = node.arguments[room]
        raise scope.fail(
            "E0311",
            extra.span,
            f"`{name}` takes {room} positional argument(s), not {len(node.arguments)}",
            label="one too many",
            notes=(Note("declared here", declared),),
        )
    return [Binding(position, argument) for position, argument in enumerate(node.arguments)]


def keyword_position(
    scope: Scope, name: str, parameters: list[ParameterInfo], keyword: tree.Keyword, declared: Span
) -> int:
    if keyword.name is None:
        raise scope.fail(
            "E0301", keyword.span, "`**` arguments are not part of the language yet", label="not supported"
        )
    for position, parameter in enumerate(parameters):
        if parameter.name == keyword.name and not parameter.positional_only:
            return position
    hint = closest(keyword.name, [p.name for p in parameters])
    raise scope.fail(
        "E0311",
        keyword.span,
        f"`{name}` has no parameter `{keyword.name}`",
        suggestion=hint,
        notes=(Note("declared here", declared),),
    )


def check_arguments(
    scope: Scope, info: FunctionInfo, parameters: list[ParameterInfo], types: list[Type], node: tree.Call
) -> list[typed.Expression]:
    """The arguments as typed expressions, one per parameter, converted. `types` are the parameters' concrete types."""
    bound = bind(scope, info.name, parameters, node, info.span)
    values: dict[int, typed.Expression] = {}
    for binding in bound:
        wanted = types[binding.parameter]
        values[binding.parameter] = coerce(scope, scope.check(binding.node, wanted), wanted, binding.node.span)
    return in_order(scope, info, parameters, types, bound, values, node.span)


def in_order(
    scope: Scope,
    info: FunctionInfo,
    parameters: list[ParameterInfo],
    types: list[Type],
    bound: list[Binding],
    values: dict[int, typed.Expression],
    span: Span,
) -> list[typed.Expression]:
    """Values by parameter, evaluated in the order of the text: out-of-order keywords go through hidden variables."""
    order = [binding.parameter for binding in bound]
    if order != sorted(order):
        for position in order:
            values[position] = held(scope, values[position])
    complete: list[typed.Expression] = []
    for position, parameter in enumerate(parameters):
        if position not in values:
            values[position] = default_value(scope, info, parameter, types[position], span)
        complete.append(values[position])
    return complete


def held(scope: Scope, value: typed.Expression) -> typed.Expression:
    """Evaluate now, read later."""
    if isinstance(value, typed.Literal):
        return value
    variable = scope.hidden("argument", value.type, value.span)
    scope.emit(typed.AssignLocal(value.span, variable, value))
    return typed.LocalRead(value.type, value.span, variable)


def default_value(
    scope: Scope, info: FunctionInfo, parameter: ParameterInfo, wanted: Type, span: Span
) -> typed.Expression:
    """A left-out argument: the default, checked where it was written. Only immutable defaults exist at this stage."""
    assert parameter.default is not None
    if isinstance(parameter.default, tree.ListDisplay | tree.Call | tree.ListComprehension):
        raise scope.fail(
            "E0328",
            parameter.default.span,
            "a default that is a new object is shared by all calls in Python; it is not part of the language yet",
            suggestion="None, and make the object in the body",
        )
    home = Scope(scope.world, scope.world.modules[info.module], scope.rules)
    return constant_default(scope, coerce(home, home.check(parameter.default, wanted), wanted))


def constant_default(scope: Scope, value: typed.Expression) -> typed.Expression:
    """Python evaluates a default once, where it stands; only a constant may be repeated instead."""
    constant = constant_of(scope, value)
    if constant is None and value.type != ERROR:
        raise scope.fail("E0328", value.span, "a default must be a constant yet", label="evaluated once in Python")
    return value if constant is None else constant


# --- generic functions ----------------------------------------------------------------------------------------------


def infer(
    scope: Scope, info: FunctionInfo, parameters: list[ParameterInfo], node: tree.Call, given: dict[TypeVariable, Type]
) -> tuple[list[Binding], dict[int, typed.Expression], dict[TypeVariable, Type]]:
    """Check the arguments of a generic call left to right and find out what the type variables stand for."""
    bound = bind(scope, info.name, parameters, node, info.span)
    mapping = dict(given)
    values: dict[int, typed.Expression] = {}
    for binding in bound:
        wanted = substitute(parameters[binding.parameter].type, mapping)
        value = scope.check(binding.node, wanted)
        if contains_variable(wanted):
            value = settle(scope, value)
            match_types(wanted, value.type, mapping)
            wanted = substitute(wanted, mapping)
        values[binding.parameter] = coerce(scope, value, wanted, binding.node.span)
    return bound, values, mapping


def match_types(pattern: Type, actual: Type, mapping: dict[TypeVariable, Type]) -> None:
    """Unify a parameter type with an argument type; what does not match is left for the conversion to complain
    about."""
    match pattern, actual:
        case TypeVariable(), _:
            mapping.setdefault(pattern, actual)
        case OptionalType(item), OptionalType(other):
            match_types(item, other, mapping)
        case OptionalType(item), _:
            match_types(item, actual, mapping)
        case (
            (PointerType(item), PointerType(other))
            | (ArrayType(item), ArrayType(other))
            | (TableType(item), TableType(other))
        ):
            match_types(item, other, mapping)
        case TupleType(items), TupleType(others) if len(items) == len(others):
            for item, other in zip(items, others, strict=True):
                match_types(item, other, mapping)
        case ClassType(info, arguments), ClassType(other_info, others) if info is other_info:
            for argument, other in zip(arguments, others, strict=True):
                match_types(argument, other, mapping)
        case FunctionType(parameters, result), FunctionType(other_parameters, other_result):
            for parameter, other in zip(parameters, other_parameters, strict=False):
                match_types(parameter, other, mapping)
            match_types(result, other_result, mapping)
