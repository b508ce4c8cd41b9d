"""Methods by name: whether a type has one, and a call of it with typed arguments (operators and protocols of the
language end up here)."""

from __future__ import annotations

from compiler.check import typed_tree as typed
from compiler.check.conversions import coerce, is_error, try_coerce
from compiler.check.declarations import FunctionInfo, MethodKind
from compiler.check.scope import Scope
from compiler.check.typed_tree import ConversionKind
from compiler.check.world import MissingRuntime
from compiler.diagnostics.span import Span
from compiler.type_system.kinds import ClassInfo, ClassType, EnumType, OptionalType, StructType, Type


def find_method(scope: Scope, kind: Type, name: str) -> FunctionInfo | None:
    """The method a value of this type answers to."""
    match kind:
        case ClassType(info):
            return info.find_method(name)
        case StructType(struct):
            return struct.methods.get(name)
        case EnumType(enum):
            return enum.methods.get(name)
    return None


def has_method(scope: Scope, kind: Type, name: str) -> bool:
    return find_method(scope, kind, name) is not None


def takes(scope: Scope, receiver: Type, name: str, argument: typed.Expression) -> bool:
    """Whether the type has this operator method and it takes the argument; what may be None is judged by the call."""
    info = find_method(scope, receiver, name)
    if info is None:
        return False
    parameters = scope.world.instance(info, receiver=receiver).parameters
    if len(parameters) != 2 or is_error(argument) or isinstance(argument.type, OptionalType):
        return True
    return try_coerce(scope, argument, parameters[1].type) is not None


def call_method(
    scope: Scope, receiver: typed.Expression, name: str, arguments: list[typed.Expression], span: Span
) -> typed.Expression:
    """receiver.name(*arguments) with positional arguments that are converted to the parameters' types."""
    info = find_method(scope, receiver.type, name)
    if info is None:
        raise scope.fail("E0310", span, f"{receiver.type} has no method `{name}`")
    instance = scope.world.instance(info, receiver=receiver.type)
    wanted = instance.parameters[1:]
    if len(arguments) != len(wanted):
        raise scope.fail("E0311", span, f"`{name}` takes {len(wanted)} argument(s) here, not {len(arguments)}")
    fitted = [coerce(scope, argument, parameter.type) for argument, parameter in zip(arguments, wanted, strict=True)]
    return method_call(scope, info, instance, receiver, fitted, span)


def method_call(
    scope: Scope,
    info: FunctionInfo,
    instance: typed.FunctionInstance,
    receiver: typed.Expression,
    arguments: list[typed.Expression],
    span: Span,
) -> typed.Expression:
    """The call itself: direct where no subclass overrides the method, else through the vtable."""
    self_value = upcast_receiver(instance, receiver)
    result = instance.result
    if needs_dispatch(receiver.type, info):
        assert isinstance(receiver.type, ClassType)
        owner = dispatch_owner(receiver.type, info.name)
        root = owner.methods[info.name]
        declared = scope.world.instance(root, receiver=receiver.type)
        scope.world.note_virtual(owner, info.name, declared)
        return typed.CallVirtual(result, span, declared, [upcast_receiver(declared, receiver), *arguments])
    return typed.CallFunction(result, span, instance, [self_value, *arguments])


def needs_dispatch(kind: Type, info: FunctionInfo) -> bool:
    """Whether a descendant of the static class has a version of its own."""
    if not isinstance(kind, ClassType) or info.kind in (MethodKind.STATIC, MethodKind.CLASS):
        return False
    return info.is_abstract or bool(kind.info.overriders(info.name))


def dispatch_owner(kind: ClassType, name: str) -> ClassInfo:
    """The topmost class that declares the method: it owns the vtable slot."""
    owners = [ancestor for ancestor in kind.info.ancestors() if name in ancestor.methods]
    return owners[-1]


def upcast_receiver(instance: typed.FunctionInstance, receiver: typed.Expression) -> typed.Expression:
    wanted = instance.parameters[0].type if instance.parameters else receiver.type
    if wanted == receiver.type or not isinstance(receiver.type, ClassType):
        return receiver
    return typed.Convert(wanted, receiver.span, ConversionKind.UPCAST, receiver)


def call_runtime(
    scope: Scope, module: str, name: str, arguments: list[typed.Expression], span: Span, *types: Type
) -> typed.Expression:
    """A call of a runtime.core function."""
    try:
        instance = scope.world.runtime_function(module, name, *types)
    except MissingRuntime:
        raise scope.fail("E0301", span, f"this needs `{name}`, which is not part of the language yet") from None
    fitted = [coerce(scope, a, p.type) for a, p in zip(arguments, instance.parameters, strict=True)]
    return typed.CallFunction(instance.result, span, instance, fitted)
