"""Functions that lowering itself needs, written in the language in between and made once per program.

    pyc.is_instance(descriptor, target) -> i1      walks the chain of bases
    pyc.set_context(exception, handled)            what CPython does when an exception leaves a handler: `__context__`
    pyc.set_cause(exception, cause)                `raise … from …`
Static exceptions are immortal and shared, so neither context nor cause is noted in them.
"""

from __future__ import annotations

from collections.abc import Callable

from compiler.ir import ops
from compiler.ir.builder import NULL_POINTER, NULL_REFERENCE, TRUE, FunctionBuilder, integer_constant
from compiler.ir.module import Function
from compiler.ir.ops import Comparison, Parameter, Value
from compiler.ir.types import I1, I64, POINTER, REF, UNIT, Rep
from compiler.lower.context import SUPPORT_UNIT, ProgramLowering
from compiler.type_system.object_layout import BASE_SLOT, COUNT_OFFSET

IS_INSTANCE, SET_CONTEXT, SET_CAUSE = "pyc.is_instance", "pyc.set_context", "pyc.set_cause"


def is_instance(context: ProgramLowering) -> str:
    parameters = [Parameter("descriptor", POINTER), Parameter("target", POINTER)]
    return _once(context, IS_INSTANCE, parameters, I1, _is_instance)


def set_context(context: ProgramLowering) -> str:
    parameters = [Parameter("exception", REF), Parameter("handled", REF)]
    return _once(context, SET_CONTEXT, parameters, UNIT, _set_context)


def set_cause(context: ProgramLowering) -> str:
    parameters = [Parameter("exception", REF), Parameter("cause", REF)]
    return _once(context, SET_CAUSE, parameters, UNIT, _set_cause)


def _once(
    context: ProgramLowering,
    symbol: str,
    parameters: list[Parameter],
    result: Rep,
    build: Callable[[ProgramLowering, FunctionBuilder], None],
) -> str:
    if symbol not in context.program.functions:
        function = Function(symbol, parameters, result, "<runtime>", 0, symbol, SUPPORT_UNIT, source_name=symbol)
        context.add_function(function)
        builder = FunctionBuilder(function)
        builder.position_at(builder.block("entry"))
        build(context, builder)
        builder.finish()
    return symbol


def _is_instance(_: ProgramLowering, builder: FunctionBuilder) -> None:
    descriptor, target = builder.function.parameters
    current = builder.local(".current", POINTER)
    builder.write(current, descriptor)
    head, differs, found, following = (builder.block(n) for n in ("head", "differs", "found", "following"))
    missing = builder.block("missing")
    builder.jump(head)
    builder.position_at(head)
    builder.branch(builder.compare(Comparison.EQ, builder.read(current), target), found, differs)
    builder.position_at(differs)
    base = builder.load(builder.read(current), BASE_SLOT, POINTER)
    builder.write(current, base)
    builder.branch(builder.compare(Comparison.EQ, base, NULL_POINTER), missing, following)
    builder.position_at(following)
    builder.jump(head)
    for block, answer in ((found, 1), (missing, 0)):
        builder.position_at(block)
        builder.ret(ops.Constant(I1, answer))


def _set_cause(context: ProgramLowering, builder: FunctionBuilder) -> None:
    exception, cause = builder.function.parameters
    done, mortal = builder.block("done"), builder.block("mortal")
    builder.branch(_is_immortal(builder, exception), done, mortal)
    builder.position_at(mortal)
    builder.store(exception, context.exception_field("cause").offset, cause, replaces=True)
    builder.store(exception, context.exception_field("suppress_context").offset, TRUE)
    builder.jump(done)
    builder.position_at(done)
    builder.ret()


def _set_context(context: ProgramLowering, builder: FunctionBuilder) -> None:
    """Put `handled` at the end of the exception's chain of contexts, unless the two chains meet already (that
    would close a ring, which counts never free)."""
    exception, handled = builder.function.parameters
    offset = context.exception_field("context").offset
    outer, inner = builder.local(".tail", REF), builder.local(".other", REF)
    done, next_tail, last = builder.block("done"), builder.block("tail"), builder.block("last")
    builder.write(outer, exception)
    builder.jump(next_tail)
    builder.position_at(next_tail)
    _leave_if(builder, builder.compare(Comparison.EQ, builder.read(outer), handled), done)
    _leave_if(builder, _is_immortal(builder, builder.read(outer)), done)
    following = builder.load(builder.read(outer), offset, REF)
    advance = builder.block("advance")
    builder.branch(builder.compare(Comparison.EQ, following, NULL_REFERENCE), last, advance)
    builder.position_at(advance)
    builder.write(outer, builder.load(builder.read(outer), offset, REF))
    builder.jump(next_tail)
    builder.position_at(last)
    builder.write(inner, handled)
    search, attach = builder.block("search"), builder.block("attach")
    builder.jump(search)
    builder.position_at(search)
    _leave_if(builder, builder.compare(Comparison.EQ, builder.read(inner), builder.read(outer)), done)
    before = builder.load(builder.read(inner), offset, REF)
    onward = builder.block("onward")
    builder.branch(builder.compare(Comparison.EQ, before, NULL_REFERENCE), attach, onward)
    builder.position_at(onward)
    builder.write(inner, builder.load(builder.read(inner), offset, REF))
    builder.jump(search)
    builder.position_at(attach)
    builder.store(builder.read(outer), offset, handled, replaces=True)
    builder.jump(done)
    builder.position_at(done)
    builder.ret()


def _is_immortal(builder: FunctionBuilder, value: Value) -> Value:
    return builder.compare(Comparison.SLT, builder.load(value, COUNT_OFFSET, I64), integer_constant(0))


def _leave_if(builder: FunctionBuilder, condition: Value, target: ops.Block) -> None:
    stay = builder.block("stay")
    builder.branch(condition, target, stay)
    builder.position_at(stay)
