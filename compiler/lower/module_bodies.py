"""What runs at import: one function per module, and `pyc_run_program`, which calls them in import order."""

from __future__ import annotations

from compiler.check.typed_tree import ModuleBody
from compiler.ir.builder import NOTHING, FunctionBuilder
from compiler.ir.module import Function
from compiler.ir.types import UNIT
from compiler.lower.context import SUPPORT_UNIT, ProgramLowering
from compiler.lower.functions import FunctionLowering, finish

RUN_PROGRAM = "pyc_run_program"


def lower_bodies(context: ProgramLowering) -> None:
    """The runtime's start code calls the result; it gets the exception that leaves a body."""
    symbols = [lower_body(context, body) for body in context.typed.bodies]
    function = Function(RUN_PROGRAM, [], UNIT, "<runtime>", 0, RUN_PROGRAM, SUPPORT_UNIT, source_name=RUN_PROGRAM)
    context.add_function(function)
    builder = FunctionBuilder(function)
    builder.position_at(builder.block("entry"))
    for symbol in symbols:
        builder.call(symbol, (), UNIT)
    builder.ret(NOTHING)
    builder.finish()


def lower_body(context: ProgramLowering, body: ModuleBody) -> str:
    name = f"module.{body.module}"
    file = context.options.file_of.get(body.module, body.file)
    function = Function(name, [], UNIT, file, 1, "<module>", body.module, source_name=body.module, no_inline=True)
    context.add_function(function)
    context.unit = body.module
    lowering = FunctionLowering(context, function)
    lowering.builder.position_at(lowering.builder.block("entry"))
    lowering.statements(body.statements)
    finish(lowering, False)
    return name
