"""Calls: what is being called, and the typed form for each kind of callee."""

from __future__ import annotations

from compiler.check import typed_tree as typed
from compiler.check.annotations import AnnotationReader
from compiler.check.arguments import check_arguments, in_order, infer, match_types
from compiler.check.attributes import member_of, static_target, value_attribute
from compiler.check.builtin_table import BUILTIN_RULES
from compiler.check.construct import construct, construct_enum, construct_struct, exception_arguments
from compiler.check.conversions import coerce, is_error
from compiler.check.declarations import FunctionInfo, MethodKind, ModuleSymbol, ParameterInfo, VocabularySymbol
from compiler.check.empty_lists import settle_by_call
from compiler.check.methods import call_method, find_method, has_method, method_call, upcast_receiver
from compiler.check.names import read_symbol, undefined
from compiler.check.scope import Scope, error_expression
from compiler.check.vocabulary import check_vocabulary_call, make_pointer
from compiler.check.vocabulary_methods import METHOD_RULES
from compiler.check.world import GlobalDeclaration
from compiler.syntax import tree
from compiler.type_system.kinds import (
    NEVER,
    NONE,
    ClassInfo,
    ClassType,
    EnumInfo,
    FunctionPointerType,
    FunctionType,
    OptionalType,
    StructInfo,
    Type,
    TypeVariable,
    contains_variable,
    substitute,
)
from compiler.type_system.object_layout import argument_mapping


def check_call(scope: Scope, node: tree.Call, expected: Type | None) -> typed.Expression:
    """`callee(arguments)`."""
    made = dispatch_call(scope, node, expected)
    return made


def dispatch_call(scope: Scope, node: tree.Call, expected: Type | None) -> typed.Expression:
    match node.function:
        case tree.Name(identifier=name):
            return call_name(scope, node, name, expected)
        case tree.Attribute():
            return call_attribute(scope, node, node.function, expected)
        case tree.Subscript():
            return call_subscript(scope, node, node.function, expected)
    return call_value(scope, node, scope.check(node.function))


def call_name(scope: Scope, node: tree.Call, name: str, expected: Type | None) -> typed.Expression:
    if scope.is_local(name) or name in scope.variables:
        variable = scope.variables.get(name)
        target = static_target(scope, node.function)
        if variable is not None and isinstance(target, ClassInfo):
            return make_instance(scope, node, target, expected)
        return call_value(scope, node, scope.check(node.function))
    symbol = scope.module.symbols.get(name)
    if symbol is not None:
        return call_symbol(scope, node, symbol, expected)
    if name in BUILTIN_RULES:
        return BUILTIN_RULES[name](scope, node, expected)
    if name in scope.world.builtin_classes:
        return make_instance(scope, node, scope.world.builtin_classes[name], expected)
    candidates = [*scope.variables, *scope.module.symbols, *BUILTIN_RULES, *scope.world.builtin_classes]
    raise undefined(scope, name, node.function.span, candidates)


CONVERSIONS = frozenset({"str", "bytes", "list"})
"""Classes whose call converts a value instead of running a constructor."""


def make_instance(scope: Scope, node: tree.Call, info: ClassInfo, expected: Type | None) -> typed.Expression:
    """Class(arguments); the runtime's own modules see the constructors of str, bytes and list."""
    if info.builtin_name in CONVERSIONS and not scope.module.name.startswith("runtime.core."):
        return BUILTIN_RULES[info.builtin_name or ""](scope, node, expected)
    return construct(scope, node, info, expected)


def call_symbol(scope: Scope, node: tree.Call, symbol: object, expected: Type | None) -> typed.Expression:
    match symbol:
        case FunctionInfo():
            return call_function(scope, node, symbol, expected)
        case ClassInfo():
            return make_instance(scope, node, symbol, expected)
        case StructInfo():
            return construct_struct(scope, node, symbol)
        case EnumInfo():
            return construct_enum(scope, node, symbol)
        case VocabularySymbol():
            return check_vocabulary_call(scope, node, symbol.name, expected)
        case GlobalDeclaration():
            return call_value(scope, node, read_symbol(scope, symbol, node.function))
    return call_value(scope, node, scope.check(node.function))


def call_function(scope: Scope, node: tree.Call, info: FunctionInfo, expected: Type | None) -> typed.Expression:
    """A plain function, generic or not."""
    info = text_variant(scope, node, info)
    if info.type_parameters:
        return call_generic(scope, node, info, info.parameters, {}, None, expected)
    instance = scope.world.instance(info)
    arguments = check_arguments(scope, info, info.parameters, [p.type for p in instance.parameters], node)
    return finish_call(scope, node, instance, arguments)


def text_variant(scope: Scope, node: tree.Call, info: FunctionInfo) -> FunctionInfo:
    """A library function that also takes a str has a sibling `name_with_text` for it (sys.exit)."""
    home = scope.world.modules[info.module]
    variant = None if home.is_user else home.symbols.get(f"{info.name}_with_text")
    if isinstance(variant, FunctionInfo) and len(node.arguments) == 1:
        with scope.collecting():
            value = scope.check(node.arguments[0])
        if value.type == scope.world.string:
            return variant
    return info


def finish_call(
    scope: Scope, node: tree.Call, instance: typed.FunctionInstance, arguments: list[typed.Expression]
) -> typed.Expression:
    return typed.CallFunction(instance.result, node.span, instance, arguments)


def call_generic(
    scope: Scope,
    node: tree.Call,
    info: FunctionInfo,
    parameters: list[ParameterInfo],
    given: dict[TypeVariable, Type],
    receiver: typed.Expression | None,
    expected: Type | None,
) -> typed.Expression:
    """A generic function: its type arguments follow from the arguments, or from what is expected of the result."""
    bound, values, mapping = infer(scope, info, parameters, node, given)
    if expected is not None and info.result is not None and any(v not in mapping for v in info.type_parameters):
        match_types(info.result, expected, mapping)
    unknown = [v.name for v in info.type_parameters if v not in mapping]
    if unknown:
        raise scope.fail(
            "E0319", node.span, f"the type argument {', '.join(unknown)} of `{info.name}` is not known here"
        )
    arguments = tuple(mapping[variable] for variable in info.type_parameters)
    instance = scope.world.instance(info, arguments, receiver.type if receiver is not None else None)
    types = [substitute(p.type, mapping) for p in parameters]
    complete = in_order(scope, info, parameters, types, bound, values, node.span)
    if receiver is not None:
        complete = [receiver, *complete]
    return typed.CallFunction(instance.result, node.span, instance, complete)


# --- attributes -----------------------------------------------------------------------------------------------------


def call_attribute(scope: Scope, node: tree.Call, function: tree.Attribute, expected: Type | None) -> typed.Expression:
    if is_super(function.value):
        return call_super(scope, node, function)
    settle_by_call(scope, node, function)
    target = static_target(scope, function.value)
    match target:
        case ModuleSymbol():
            symbol = member_of(scope, target, function.name)
            if symbol is None:
                raise scope.fail("E0202", function.name_span, f"the module `{target.name}` has no `{function.name}`")
            return call_symbol(scope, node, symbol, expected)
        case ClassInfo():
            return call_on_class(scope, node, function, target, expected)
        case StructInfo() | EnumInfo() if function.name in target.methods:
            return call_function(scope, node, target.methods[function.name], expected)
    receiver = scope.check(function.value)
    return call_on_value(scope, node, function, receiver, expected)


def is_super(node: tree.Expression) -> bool:
    return (
        isinstance(node, tree.Call)
        and isinstance(node.function, tree.Name)
        and node.function.identifier == "super"
        and not node.arguments
    )


def call_super(scope: Scope, node: tree.Call, function: tree.Attribute) -> typed.Expression:
    """super().method(…): the base class's version, called directly."""
    instance = scope.instance
    base = scope.owner.base if scope.owner is not None else None
    if instance is None or scope.owner is None or not instance.parameters:
        raise scope.fail("E0329", function.value.span, "super() has a meaning only inside a method")
    info = base.info.find_method(function.name) if base is not None else None
    if info is None and function.name == "__init__":
        return typed.Literal(NONE, node.span, None)
    if info is None:
        raise scope.fail("E0310", function.name_span, f"no base class of `{scope.owner.name}` has `{function.name}`")
    self_variable = instance.parameters[0]
    receiver: typed.Expression = typed.LocalRead(self_variable.type, function.span, self_variable)
    return call_method_info(scope, node, info, receiver, None, direct=True)


def call_on_class(
    scope: Scope, node: tree.Call, function: tree.Attribute, target: ClassInfo, expected: Type | None
) -> typed.Expression:
    """Class.method(…): static and class methods, or a method with its receiver written out."""
    info = target.find_method(function.name)
    if info is None:
        found = next(
            (a.class_variables[function.name] for a in target.ancestors() if function.name in a.class_variables), None
        )
        if isinstance(found, GlobalDeclaration):
            return call_value(scope, node, read_symbol(scope, found, function))
        raise scope.fail("E0321", function.name_span, f"the class `{target.display_name}` has no `{function.name}`")
    receiver = class_receiver(scope, function, target, expected)
    mapping = argument_mapping(receiver)
    if info.kind is MethodKind.METHOD:
        return call_unbound(scope, node, info, expected)
    parameters = info.parameters[1:] if info.kind is MethodKind.CLASS else info.parameters
    instance = scope.world.instance(info, receiver=receiver)
    types = [substitute(p.type, mapping) for p in parameters]
    arguments = check_arguments(scope, info, parameters, types, node)
    if info.kind is MethodKind.CLASS:
        arguments = [typed.Literal(instance.parameters[0].type, node.span, None), *arguments]
    return typed.CallFunction(instance.result, node.span, instance, arguments)


def class_receiver(scope: Scope, function: tree.Attribute, target: ClassInfo, expected: Type | None) -> ClassType:
    if isinstance(function.value, tree.Subscript):
        kind = AnnotationReader(scope.world, scope.module, tuple(scope.type_variables)).read(function.value)
        kind = substitute(kind, scope.type_variables)
        if isinstance(kind, ClassType):
            return kind
    if target.type_parameters and isinstance(expected, ClassType) and expected.info is target:
        return expected
    return ClassType(target, target.type_parameters)


def call_unbound(scope: Scope, node: tree.Call, info: FunctionInfo, expected: Type | None) -> typed.Expression:
    if not node.arguments:
        raise scope.fail("E0311", node.span, f"`{info.name}` lacks its receiver")
    receiver = scope.check(node.arguments[0])
    shorter = tree.Call(node.span, node.function, node.arguments[1:], node.keywords)
    return call_method_info(scope, shorter, info, receiver, expected, direct=True)


def call_on_value(
    scope: Scope, node: tree.Call, function: tree.Attribute, receiver: typed.Expression, expected: Type | None
) -> typed.Expression:
    """value.method(…)."""
    if is_error(receiver):
        for argument in node.arguments:
            scope.check(argument)
        return error_expression(node.span)
    special = vocabulary_method(scope, node, function, receiver)
    if special is not None:
        return special
    info = find_method(scope, receiver.type, function.name)
    if info is not None and info.kind in (MethodKind.METHOD, MethodKind.STATIC, MethodKind.CLASS):
        if info.kind is not MethodKind.METHOD:
            assert isinstance(receiver.type, ClassType)
            return call_on_class(scope, node, function, receiver.type.info, expected)
        return call_method_info(scope, node, info, receiver, expected)
    if isinstance(receiver.type, OptionalType):
        raise scope.fail(
            "E0308",
            function.value.span,
            f"this may be None, which has no `{function.name}`",
            label=f"has type {receiver.type}",
            suggestion="test it with `is None` first",
        )
    return call_value(scope, node, value_attribute(scope, function, receiver))


def vocabulary_method(
    scope: Scope, node: tree.Call, function: tree.Attribute, receiver: typed.Expression
) -> typed.Expression | None:
    """Methods of pointers and arrays."""
    rule = METHOD_RULES.get((type(receiver.type), function.name))
    return None if rule is None else rule(scope, node, receiver)


def call_method_info(
    scope: Scope,
    node: tree.Call,
    info: FunctionInfo,
    receiver: typed.Expression,
    expected: Type | None,
    *,
    direct: bool = False,
) -> typed.Expression:
    place = scope.world.declaring_receiver(info, receiver.type)
    mapping = argument_mapping(place) if isinstance(place, ClassType) else {}
    parameters = info.parameters[1:]
    if is_exception_constructor(scope, info, receiver):
        arguments = exception_arguments(scope, node)
        instance = scope.world.instance(info, receiver=receiver.type)
        return method_call_direct(instance, receiver, arguments, node)
    if info.type_parameters:
        return call_generic(scope, node, info, parameters, mapping, receiver, expected)
    instance = scope.world.instance(info, receiver=receiver.type)
    types = [p.type for p in instance.parameters[1:]]
    assert not any(map(contains_variable, types)) or mapping
    arguments = check_arguments(scope, info, parameters, types, node)
    if direct:
        return method_call_direct(instance, receiver, arguments, node)
    return method_call(scope, info, instance, receiver, arguments, node.span)


def is_exception_constructor(scope: Scope, info: FunctionInfo, receiver: typed.Expression) -> bool:
    """BaseException.__init__ as programs see it: any arguments. The runtime calls it with what it really takes."""
    if info.name != "__init__" or scope.module.name.startswith("runtime.core."):
        return False
    return info.owner is scope.world.builtin_classes["BaseException"]


def method_call_direct(
    instance: typed.FunctionInstance, receiver: typed.Expression, arguments: list[typed.Expression], node: tree.Call
) -> typed.Expression:
    return typed.CallFunction(instance.result, node.span, instance, [upcast_receiver(instance, receiver), *arguments])


# --- values ---------------------------------------------------------------------------------------------------------


def call_subscript(scope: Scope, node: tree.Call, function: tree.Subscript, expected: Type | None) -> typed.Expression:
    """`Ptr[u8](address)`, `Stack[int]()`, or a call of an item."""
    target = static_target(scope, function.value)
    reader = AnnotationReader(scope.world, scope.module, tuple(scope.type_variables))
    symbol = reader.resolve_dotted(function.value)
    is_generic_builtin = (
        isinstance(function.value, tree.Name) and function.value.identifier in {"list", "tuple"} and symbol is None
    )
    if isinstance(symbol, VocabularySymbol) and symbol.name in {"Ptr", "UserPtr"}:
        return make_pointer(scope, node, substitute(reader.read(function), scope.type_variables))
    if isinstance(target, ClassInfo) or is_generic_builtin:
        kind = substitute(reader.read(function), scope.type_variables)
        if isinstance(kind, ClassType):
            return make_instance(scope, node, kind.info, kind)
        return error_expression(node.span)
    return call_value(scope, node, scope.check(function))


def call_value(scope: Scope, node: tree.Call, callee: typed.Expression) -> typed.Expression:
    """A Callable, a function pointer, or an object with `__call__`."""
    match callee.type:
        case FunctionType(parameters, result):
            arguments = positional_arguments(scope, node, parameters)
            return typed.CallValue(result, node.span, callee, arguments)
        case FunctionPointerType(info):
            arguments = positional_arguments(scope, node, info.parameters)
            return typed.CallPointer(info.result, node.span, callee, callee.type, arguments)
    if is_error(callee) or callee.type == NEVER:
        return error_expression(node.span)
    if has_method(scope, callee.type, "__call__"):
        arguments = [scope.check(argument) for argument in node.arguments]
        return call_method(scope, callee, "__call__", arguments, node.span)
    raise scope.fail("E0330", node.function.span, f"a {callee.type} cannot be called")


def positional_arguments(scope: Scope, node: tree.Call, parameters: tuple[Type, ...]) -> list[typed.Expression]:
    if node.keywords or len(node.arguments) != len(parameters):
        raise scope.fail(
            "E0311", node.span, f"this call takes {len(parameters)} positional argument(s), not {len(node.arguments)}"
        )
    return [coerce(scope, scope.check(a, kind), kind) for a, kind in zip(node.arguments, parameters, strict=True)]
