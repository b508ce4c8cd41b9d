"""What runs at import: one function per module, and `pyc_run_program`, which calls them in import order."""

from __future__ import annotations

from compiler.check.typed_tree import ModuleBody
from compiler.ir.builder import NOTHING, FunctionBuilder
from compiler.ir.module import DataItem, DataSection, Function
from compiler.ir.ops import Comparison, Constant, SymbolAddress
from compiler.ir.types import I8, UNIT
from compiler.lower.context import SUPPORT_UNIT, ProgramLowering, body_symbol
from compiler.lower.functions import FunctionLowering, finish

RUN_PROGRAM = "pyc_run_program"


def lower_bodies(context: ProgramLowering) -> None:
    """The runtime's start code calls the result; it gets the exception that leaves a body."""
    for body in context.typed.bodies:
        lower_body(context, body)
    function = Function(RUN_PROGRAM, [], UNIT, "<runtime>", 0, RUN_PROGRAM, SUPPORT_UNIT, source_name=RUN_PROGRAM)
    context.add_function(function)
    builder = FunctionBuilder(function)
    builder.position_at(builder.block("entry"))
    for module in (*context.typed.started_first, context.typed.main_module):
        if body_symbol(module) in context.program.functions:
            builder.call(body_symbol(module), (), UNIT)
    builder.ret(NOTHING)
    builder.finish()


def lower_body(context: ProgramLowering, body: ModuleBody) -> None:
    """The function of a module's body: a second call finds it started and returns."""
    name = body_symbol(body.module)
    file = context.options.file_of.get(body.module, body.file)
    function = Function(name, [], UNIT, file, 1, "<module>", body.module, source_name=body.module, no_inline=True)
    context.add_function(function)
    context.unit = body.module
    lowering = FunctionLowering(context, function)
    builder = lowering.builder
    builder.position_at(builder.block("entry"))
    if body.module in context.imported_modules:
        return_if_started(lowering, f"{name}.started")
    lowering.statements(body.statements)
    finish(lowering, False)


def return_if_started(lowering: FunctionLowering, symbol: str) -> None:
    context, builder = lowering.context, lowering.builder
    context.add_data(DataItem(symbol, context.unit, DataSection.ZERO, 1, size=1))
    started = builder.compare(Comparison.NE, builder.load(SymbolAddress(symbol), 0, I8), Constant(I8, 0))
    known, first = builder.block("started"), builder.block("first")
    builder.branch(started, known, first)
    builder.position_at(known)
    builder.ret(NOTHING)
    builder.position_at(first)
    builder.store(SymbolAddress(symbol), 0, Constant(I8, 1), replaces=False)
