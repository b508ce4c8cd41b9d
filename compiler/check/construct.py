"""Making instances: classes, dataclasses, exceptions, structs, enum members by value."""

from __future__ import annotations

from compiler.check import typed_tree as typed
from compiler.check.arguments import bind, check_arguments, constant_default, held, in_order, infer
from compiler.check.comparisons import equal
from compiler.check.conversions import coerce, is_error, literal, settle, to_int, try_coerce
from compiler.check.declarations import FunctionInfo, ParameterInfo
from compiler.check.methods import call_runtime
from compiler.check.scope import Scope
from compiler.check.text import concatenated, repr_of, text_of
from compiler.check.typed_tree import ConversionKind
from compiler.diagnostics.span import Span
from compiler.syntax import tree
from compiler.type_system.kinds import (
    INT,
    NONE,
    ClassInfo,
    ClassType,
    EnumInfo,
    EnumType,
    FieldInfo,
    IntegerType,
    OptionalType,
    StructFieldInfo,
    StructInfo,
    StructType,
    TupleType,
    Type,
    TypeVariable,
    substitute,
)
from compiler.type_system.object_layout import argument_mapping


def construct(scope: Scope, node: tree.Call, info: ClassInfo, expected: Type | None) -> typed.Expression:
    """Class(arguments)."""
    refuse_abstract(scope, node, info)
    if scope.world.is_exception(ClassType(info)):
        special = construct_exception(scope, node, info)
        if special is not None:
            return special
    constructor = info.find_method("__init__")
    if constructor is None:
        if node.arguments or node.keywords:
            raise scope.fail("E0311", node.span, f"`{info.name}` has no `__init__`, so it takes no arguments")
        return made(scope, class_with(info, expected), None, [], node.span)
    if info.type_parameters:
        return construct_generic(scope, node, info, constructor, expected)
    kind = ClassType(info)
    instance = scope.world.instance(constructor, receiver=kind)
    types = [p.type for p in instance.parameters[1:]]
    arguments = check_arguments(scope, named_after(constructor, info), constructor.parameters[1:], types, node)
    return made(scope, kind, instance, arguments, node.span)


def named_after(constructor: FunctionInfo, info: ClassInfo) -> FunctionInfo:
    """The constructor under the class's name, for messages."""
    shown = FunctionInfo(info.name, constructor.module, constructor.span, constructor.definition, constructor.owner)
    shown.parameters = constructor.parameters
    return shown


def refuse_abstract(scope: Scope, node: tree.Call, info: ClassInfo) -> None:
    names = {name for ancestor in info.ancestors() for name, method in ancestor.methods.items() if method.is_abstract}
    missing = [name for name in sorted(names) if (found := info.find_method(name)) is not None and found.is_abstract]
    if missing:
        raise scope.fail(
            "E0331", node.span, f"`{info.name}` is abstract: it does not define {', '.join(f'`{n}`' for n in missing)}"
        )


def class_with(info: ClassInfo, expected: Type | None) -> ClassType:
    if isinstance(expected, OptionalType):
        expected = expected.item
    if info.type_parameters and isinstance(expected, ClassType) and expected.info is info:
        return expected
    return ClassType(info, info.type_parameters)


def construct_generic(
    scope: Scope, node: tree.Call, info: ClassInfo, constructor: FunctionInfo, expected: Type | None
) -> typed.Expression:
    """Type arguments from what is expected, else from the constructor's arguments."""
    known: dict[TypeVariable, Type] = {}
    wanted = class_with(info, expected)
    if wanted.arguments != info.type_parameters:
        known = argument_mapping(wanted)
    parameters = constructor.parameters[1:]
    bound, values, mapping = infer(scope, constructor, parameters, node, known)
    missing = [variable.name for variable in info.type_parameters if variable not in mapping]
    if missing:
        raise scope.fail(
            "E0319",
            node.span,
            f"the type argument {', '.join(missing)} of `{info.name}` is not known here",
            suggestion=f"{info.name}[int](…)",
        )
    kind = ClassType(info, tuple(mapping[variable] for variable in info.type_parameters))
    instance = scope.world.instance(constructor, receiver=kind)
    types = [substitute(p.type, mapping) for p in parameters]
    arguments = in_order(scope, constructor, parameters, types, bound, values, node.span)
    return made(scope, kind, instance, arguments, node.span)


def made(
    scope: Scope,
    kind: ClassType,
    instance: typed.FunctionInstance | None,
    arguments: list[typed.Expression],
    span: Span,
) -> typed.Expression:
    scope.world.note_constructed(kind)
    return typed.Construct(kind, span, instance, arguments, field_defaults(scope, kind))


def field_defaults(scope: Scope, kind: ClassType) -> list[tuple[FieldInfo, ClassType, typed.Expression]]:
    """The class body's values of fields that a dataclass constructor does not set itself."""
    found: list[tuple[FieldInfo, ClassType, typed.Expression]] = []
    for ancestor in reversed(kind.info.ancestors()):
        if ancestor.dataclass_options is not None:
            continue
        place = scope.world.as_ancestor(kind, ancestor)
        for field in ancestor.fields.values():
            if field.default is not None:
                found.append((field, place, field_default(scope, field, ancestor, place)))
    return found


def field_default(scope: Scope, field: FieldInfo, owner: ClassInfo, place: ClassType) -> typed.Expression:
    home = Scope(scope.world, scope.world.modules[owner.module], scope.rules)
    wanted = substitute(field.type, argument_mapping(place))
    if field.default is not None and isinstance(field.default, tree.ListDisplay):
        scope.error(
            "E0328",
            field.default.span,
            "a mutable value in a class body is shared by all instances in Python",
            label="set it in `__init__`",
        )
    assert field.default is not None
    return constant_default(scope, coerce(home, home.check(field.default, wanted), wanted))


# --- exceptions -----------------------------------------------------------------------------------------------------


def construct_exception(scope: Scope, node: tree.Call, info: ClassInfo) -> typed.Expression | None:
    """Exceptions without a constructor of their own take any arguments, as BaseException does."""
    constructor = info.find_method("__init__")
    if info.builtin_name == "OSError" and not scope.module.name.startswith("runtime.core."):
        return construct_system_error(scope, node)
    if constructor is None or constructor.owner is not scope.world.builtin_classes["BaseException"]:
        return None
    kind = ClassType(info)
    instance = scope.world.instance(constructor, receiver=kind)
    return made(scope, kind, instance, exception_arguments(scope, node), node.span)


def construct_system_error(scope: Scope, node: tree.Call) -> typed.Expression | None:
    """OSError(number, text[, file name]): CPython makes the subclass that belongs to the number."""
    if node.keywords or not 2 <= len(node.arguments) <= 3:
        raise scope.fail("E0311", node.span, "OSError takes an error number, a text and perhaps a file name here")
    arguments = [settle(scope, scope.check(argument)) for argument in node.arguments]
    if len(arguments) == 2:
        arguments.append(literal(NONE, node.span, None))
    return call_runtime(scope, "os_errors", "os_error_with_text", arguments, node.span)


def exception_arguments(scope: Scope, node: tree.Call) -> list[typed.Expression]:
    """(message, representation) as the runtime's BaseException stores them."""
    text = OptionalType(scope.world.string)
    if node.keywords:
        raise scope.fail("E0311", node.span, "an exception without a constructor of its own takes no keyword arguments")
    values = [settle(scope, scope.check(argument)) for argument in node.arguments]
    none = literal(NONE, node.span, None)
    if not values:
        return [coerce(scope, none, text), coerce(scope, none, text)]
    if len(values) == 1 and values[0].type == scope.world.string:
        return [coerce(scope, values[0], text), coerce(scope, none, text)]
    return [coerce(scope, part, text) for part in described_arguments(scope, values, node.span)]


def described_arguments(scope: Scope, values: list[typed.Expression], span: Span) -> list[typed.Expression]:
    kept = [held(scope, value) for value in values]
    if len(kept) == 1:
        return [text_of(scope, kept[0], span), repr_of(scope, kept[0], span)]

    whole = typed.MakeTuple(TupleType(tuple(value.type for value in kept)), span, kept)
    separated: list[typed.Expression] = []
    for value in kept:
        separated.extend([repr_of(scope, value, span), literal(scope.world.string, span, ", ")])
    return [repr_of(scope, whole, span), concatenated(scope, separated[:-1], span)]


# --- structs and enums ----------------------------------------------------------------------------------------------


def construct_struct(scope: Scope, node: tree.Call, info: StructInfo) -> typed.Expression:
    """S(a, b): a new struct on the heap with its plain members set."""
    plain = [f for f in info.fields.values() if f.length is None and not f.is_inline_struct and not f.is_padding]
    parameters = [ParameterInfo(f.name, f.type, f.span) for f in plain]
    bound = bind(scope, info.name, parameters, node, info.span)
    values: list[tuple[StructFieldInfo, typed.Expression]] = []
    for binding in bound:
        field = plain[binding.parameter]
        values.append((field, coerce(scope, scope.check(binding.node, field.type), field.type)))
    return typed.MakeStruct(StructType(info), node.span, info, values)


def construct_enum(scope: Scope, node: tree.Call, info: EnumInfo) -> typed.Expression:
    """E(value): the member with this value, or ValueError as CPython words it."""
    if len(node.arguments) != 1 or node.keywords:
        raise scope.fail("E0311", node.span, f"`{info.name}` takes the value of a member")
    value = settle(scope, scope.check(node.arguments[0]))
    if is_error(value):
        return value
    if isinstance(value.type, IntegerType):
        value = to_int(value)
    return member_lookup(scope, node, info, value)


def member_lookup(scope: Scope, node: tree.Call, info: EnumInfo, value: typed.Expression) -> typed.Expression:
    span = node.span
    kept = held(scope, value)
    kind = EnumType(info)
    wanted = info.values[0] if info.values else 0
    sample = literal(INT if isinstance(wanted, int) else scope.world.string, span, wanted)
    if try_coerce(scope, kept, sample.type) is None:
        raise scope.fail(
            "E0307", node.arguments[0].span, f"the values of {info.name} are {sample.type}, this is {value.type}"
        )
    message = concatenated(
        scope, [repr_of(scope, kept, span), literal(scope.world.string, span, f" is not a valid {info.name}")], span
    )
    error = scope.world.builtin("ValueError")
    constructor = error.info.find_method("__init__")
    assert constructor is not None
    text = OptionalType(scope.world.string)
    arguments = [coerce(scope, message, text), coerce(scope, literal(NONE, span, None), text)]
    exception = made(scope, error, scope.world.instance(constructor, receiver=error), arguments, span)
    result = scope.hidden("member", kind, span)
    chain: list[typed.Statement] = [typed.Raise(span, exception, None, False)]
    for position in reversed(range(len(info.members))):
        test = equal(scope, kept, literal(sample.type, span, info.values[position]), span)
        assign = typed.AssignLocal(span, result, typed.EnumMember(kind, span, position))
        chain = [typed.If(span, test, [assign], chain)]
    return typed.Sequence(kind, span, chain, typed.LocalRead(kind, span, result))


def unwrap(value: typed.Expression, kind: Type) -> typed.Expression:
    return typed.Convert(kind, value.span, ConversionKind.UNWRAP_OPTIONAL, value)
