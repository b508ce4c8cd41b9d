"""Calls: direct, through a vtable, through a Callable value, through a declared function pointer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.check import typed_tree as typed
from compiler.ir import ops
from compiler.ir.builder import NULL_REFERENCE
from compiler.ir.ops import Convention, Conversion, Signature, SymbolAddress, Value
from compiler.ir.types import I64, POINTER, UNIT, Rep
from compiler.lower import thunks
from compiler.lower.context import method_key
from compiler.type_system.kinds import ClassInfo, ClassType, FunctionType, NeverType, Type
from compiler.type_system.object_layout import DESCRIPTOR_OFFSET, VTABLE_START
from compiler.type_system.representation import representation

if TYPE_CHECKING:
    from compiler.lower.functions import FunctionLowering


def result_of(kind: Type) -> Rep:
    return UNIT if isinstance(kind, NeverType) else representation(kind)


def arguments_of(lowering: FunctionLowering, nodes: list[typed.Expression]) -> tuple[Value, ...]:
    return tuple([lowering.value(node) for node in nodes])


def lower_call(lowering: FunctionLowering, node: typed.CallFunction) -> Value:
    arguments = arguments_of(lowering, node.arguments)
    return call_function(lowering, node.function, arguments)


def call_function(lowering: FunctionLowering, function: typed.FunctionInstance, arguments: tuple[Value, ...]) -> Value:
    """A direct call; after a function that never returns nothing follows."""
    never = isinstance(function.result, NeverType)
    symbol = lowering.context.callee(function)
    result = lowering.builder.emit(ops.Call(symbol, arguments, result_of(function.result), never))
    if never:
        lowering.end_here()
    return ops.Constant(UNIT, None) if never else result


def lower_virtual_call(lowering: FunctionLowering, node: typed.CallVirtual) -> Value:
    """The code address stands in the class's vtable, at one place for the whole hierarchy."""
    owner = node.function.info.owner
    if not isinstance(owner, ClassInfo):
        raise lowering.fail(node, "a virtual call of something that is no method")
    arguments = arguments_of(lowering, node.arguments)
    slot = lowering.context.virtual_slot(owner, method_key(node.function.info))
    builder = lowering.builder
    descriptor = builder.emit(ops.Load(arguments[0], DESCRIPTOR_OFFSET, POINTER, invariant=True))
    code = builder.emit(ops.Load(descriptor, VTABLE_START + 8 * slot, POINTER, invariant=True))
    parameters = tuple(representation(variable.type) for variable in node.function.parameters)
    signature = Signature(parameters, result_of(node.function.result))
    result = builder.emit(ops.CallIndirect(code, signature, arguments, signature.result))
    receiver = node.arguments[0].type
    static_class = receiver.info if isinstance(receiver, ClassType) else owner
    lowering.context.virtual_calls.append((result, static_class, method_key(node.function.info)))
    return ended(lowering, result, node.type)


def lower_value_call(lowering: FunctionLowering, node: typed.CallValue) -> Value:
    """A Callable value is {code, environment}; the environment is null and not passed."""
    kind = node.callee.type
    if not isinstance(kind, FunctionType):
        raise lowering.fail(node, f"{kind} cannot be called")
    callee = lowering.value(node.callee)
    arguments = arguments_of(lowering, node.arguments)
    parameters = tuple(representation(parameter) for parameter in kind.parameters)
    code = lowering.builder.extract(callee, 0)
    return indirect(lowering, code, Signature(parameters, result_of(kind.result)), arguments, node.type)


def lower_pointer_call(lowering: FunctionLowering, node: typed.CallPointer) -> Value:
    """Firmware and assembly return their result alone."""
    callee = lowering.value(node.callee)
    arguments = arguments_of(lowering, node.arguments)
    info = node.pointer.info
    parameters = tuple(representation(parameter) for parameter in info.parameters)
    convention = Convention.MICROSOFT_X64 if info.is_microsoft_x64 else Convention.SYSTEM_V
    signature = Signature(parameters, result_of(info.result), False, convention)
    return indirect(lowering, callee, signature, arguments, node.type)


def indirect(
    lowering: FunctionLowering, code: Value, signature: Signature, arguments: tuple[Value, ...], kind: Type
) -> Value:
    return ended(lowering, lowering.builder.emit(ops.CallIndirect(code, signature, arguments, signature.result)), kind)


def ended(lowering: FunctionLowering, result: Value, kind: Type) -> Value:
    """Nothing follows a call that never returns."""
    if isinstance(kind, NeverType):
        lowering.end_here()
        return ops.Constant(UNIT, None)
    return result


def lower_function_value(lowering: FunctionLowering, node: typed.FunctionValue) -> Value:
    symbol = thunks.value_symbol(lowering.context, node.function)
    return lowering.builder.aggregate(SymbolAddress(symbol), NULL_REFERENCE)


def lower_function_address(lowering: FunctionLowering, node: typed.FunctionAddress) -> Value:
    symbol = thunks.address_symbol(lowering.context, node.function)
    return lowering.builder.emit(ops.Convert(Conversion.POINTER_TO_INTEGER, SymbolAddress(symbol), I64))
