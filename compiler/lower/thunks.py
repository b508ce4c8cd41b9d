"""Functions whose machine signature is not the one their address is used with get a thunk between.

A Callable value and a vtable slot are called as {result, exception}; an exported, naked or external function
returns its result alone, so the value is `value.NAME`, which calls it. `function_address(f)` is called from
assembly or hardware, which know no exception: an ordinary function is reached through `address.NAME`, where a
failure panics.
"""

from __future__ import annotations

from compiler.check.typed_tree import FunctionInstance
from compiler.ir.builder import FunctionBuilder
from compiler.ir.module import Function
from compiler.ir.ops import Convention, Parameter
from compiler.ir.types import UNIT
from compiler.lower.context import ProgramLowering, convention
from compiler.type_system.kinds import NeverType
from compiler.type_system.representation import representation


def has_plain_signature(function: FunctionInstance) -> bool:
    """Whether the machine result is the result alone."""
    markers = function.markers
    return markers.export is not None or markers.external is not None or function.naked_text is not None


def value_symbol(context: ProgramLowering, function: FunctionInstance) -> str:
    """The code address of a Callable value or vtable slot."""
    if not has_plain_signature(function):
        context.address_taken.add(function.symbol)
        return function.symbol
    return _request(context, function, f"value.{function.symbol}", True)


def address_symbol(context: ProgramLowering, function: FunctionInstance) -> str:
    """The code address that assembly and hardware call."""
    if has_plain_signature(function):
        return context.callee(function)
    return _request(context, function, f"address.{function.symbol}", False)


def _request(context: ProgramLowering, function: FunctionInstance, symbol: str, for_value: bool) -> str:
    context.callee(function)
    context.thunks.setdefault(symbol, (function, for_value))
    return symbol


def define_thunks(context: ProgramLowering) -> None:
    for symbol, (target, for_value) in context.thunks.items():
        context.add_function(_thunk(target, symbol, for_value))
        context.address_taken.add(symbol)


def _thunk(target: FunctionInstance, symbol: str, for_value: bool) -> Function:
    result = UNIT if isinstance(target.result, NeverType) else representation(target.result)
    function = Function(
        symbol=symbol,
        parameters=[Parameter(variable.name, representation(variable.type)) for variable in target.parameters],
        result=result,
        file=target.info.span.file,
        line=target.info.span.line,
        display_name=target.display_name,
        unit=target.info.module,
        may_raise=for_value,
        convention=Convention.SYSTEM_V if for_value else convention(target),
        declared_no_raise=not for_value,
        source_name=target.info.qualified_name,
    )
    builder = FunctionBuilder(function)
    builder.position_at(builder.block("entry"))
    builder.ret(builder.call(target.symbol, tuple(function.parameters), result))
    return builder.finish()
