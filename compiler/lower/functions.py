"""One function: its variables, its way through statements and expressions, its attributes.

`FunctionLowering` is what every family of expressions gets: `value(node)` lowers an expression, `builder` appends,
`home` finds a variable's place. Code behind a point that cannot be passed goes into a block that nothing leads to,
which the first pass removes; so no family has to ask whether control still arrives.
"""

from __future__ import annotations

from compiler.check.typed_tree import Expression, FunctionInstance, Statement, Typed, Variable
from compiler.diagnostics.errors import InternalError
from compiler.diagnostics.span import Span
from compiler.ir import ops
from compiler.ir.builder import NOTHING, FunctionBuilder
from compiler.ir.module import Function
from compiler.ir.ops import Block, Handler, Local, Parameter, Value
from compiler.ir.types import UNIT, Rep
from compiler.lower import defects, thunks
from compiler.lower.context import ProgramLowering, convention
from compiler.lower.expressions import lower_expression
from compiler.lower.region import Scope
from compiler.lower.statements import lower_statement
from compiler.type_system.kinds import NeverType, Type
from compiler.type_system.representation import representation


class FunctionLowering:
    """The state of one function."""

    def __init__(self, context: ProgramLowering, function: Function) -> None:
        self.context = context
        self.function = function
        self.builder = FunctionBuilder(function)
        self.homes: dict[Variable, Local | Parameter] = {}
        self.scopes: list[Scope] = []
        self.handled: list[Local] = []
        """The exceptions being handled here, innermost last."""

    # --- expressions and statements

    def value(self, node: Expression) -> Value:
        """Lower an expression under its own line."""
        builder = self.builder
        line, file = builder.line, builder.file
        self.at(node.span)
        result = lower_expression(self, node)
        builder.line, builder.file = line, file
        return result

    def statements(self, body: list[Statement]) -> None:
        """Lower statements until control cannot go on."""
        for statement in body:
            if self.builder.terminated:
                return
            self.at(statement.span)
            lower_statement(self, statement)

    def at(self, span: Span) -> None:
        """What follows stands in this line."""
        if span.line:
            self.builder.line = span.line
            self.builder.file = span.file if span.file != self.function.file else None

    def fail(self, node: Typed | None, message: str) -> InternalError:
        return InternalError("lower", self.function.symbol, node.span if node is not None else None, message)

    # --- variables

    def home(self, variable: Variable) -> Local | Parameter:
        """The place of a variable, made at its first mention."""
        found = self.homes.get(variable)
        if found is None:
            defect = None
            if not variable.surely_assigned and not variable.name.startswith("."):
                defect = defects.unbound_local(self.context, variable.name)
            found = self.homes[variable] = self.builder.local(variable.name, representation(variable.type), defect)
        return found

    def assign(self, variable: Variable, value: Value) -> None:
        place = self.home(variable)
        if isinstance(place, Parameter):
            raise self.fail(None, f"parameter {variable.name} is assigned but was not announced")
        self.builder.write(place, value)

    def read(self, variable: Variable) -> Value:
        place = self.home(variable)
        return place if isinstance(place, Parameter) else self.builder.read(place)

    def temporary(self, name: str, rep: Rep) -> Local:
        """A variable of the compiler: dies with its last use."""
        return self.builder.local(f".{name}", rep)

    # --- blocks

    def go_to(self, block: Block) -> None:
        """Continue in the block, from here too if control arrives."""
        if not self.builder.terminated:
            self.builder.jump(block)
        self.builder.position_at(block)

    def jump_unless_ended(self, block: Block) -> None:
        if not self.builder.terminated:
            self.builder.jump(block)

    def end_here(self) -> None:
        """Control does not come to this point; what is still built goes nowhere."""
        if not self.builder.terminated:
            self.builder.emit(ops.Unreachable())
        self.builder.position_at(self.builder.block("dead", cold=True))

    def under(self, handler: Handler | None, name: str) -> None:
        """Continue in a new block whose failures go to this handler."""
        self.builder.handler = handler
        block = self.builder.block(name, cold=self.builder.current.cold)
        self.go_to(block)


def lower_instance(context: ProgramLowering, instance: FunctionInstance) -> None:
    """Lower one function of the typed program; those defined elsewhere are only declared."""
    markers = instance.markers
    if markers.external is not None:
        context.callee(instance)
        return
    function = context.add_function(declare(context, instance))
    if instance.naked_text is not None:
        function.assembly = instance.naked_text
        function.may_raise = False
        return
    context.unit = function.unit
    lowering = FunctionLowering(context, function)
    builder = lowering.builder
    builder.position_at(builder.block("entry"))
    for variable, parameter in zip(instance.parameters, function.parameters, strict=True):
        lowering.homes[variable] = parameter
        if variable.is_reassigned:
            place = builder.local(variable.name, parameter.rep)
            builder.write(place, parameter)
            lowering.homes[variable] = place
    lowering.statements(instance.body)
    finish(lowering, isinstance(instance.result, NeverType))


def finish(lowering: FunctionLowering, never_returns: bool) -> None:
    """End the last block: a function that falls off its end returns nothing."""
    builder = lowering.builder
    if not builder.terminated:
        if never_returns or lowering.function.result != UNIT:
            builder.emit(ops.Unreachable())
        else:
            builder.ret(NOTHING)
    for block in lowering.function.blocks:
        if not block.operations or not block.operations[-1].is_terminator:
            block.operations.append(ops.Unreachable())
    builder.finish()


def result_representation(kind: Type) -> Rep:
    return UNIT if isinstance(kind, NeverType) else representation(kind)


def declare(context: ProgramLowering, instance: FunctionInstance) -> Function:
    """The function with everything but its blocks."""
    info, markers = instance.info, instance.markers
    exported = markers.export is not None
    return Function(
        symbol=instance.symbol,
        parameters=[Parameter(variable.name, representation(variable.type)) for variable in instance.parameters],
        result=result_representation(instance.result),
        file=context.options.file_of.get(info.module, info.span.file),
        line=info.span.line,
        display_name=instance.display_name,
        unit=info.module,
        may_raise=not exported,
        convention=convention(instance),
        exported=exported,
        inline=markers.inline,
        no_inline=markers.no_inline,
        declared_no_raise=markers.no_raise or markers.interrupt or exported,
        is_interrupt=markers.interrupt,
        declared_no_alloc=markers.no_alloc or markers.interrupt,
        declared_no_block=markers.no_block or markers.interrupt,
        section=markers.section,
        never_returns=isinstance(instance.result, NeverType),
        source_name=info.qualified_name,
    )


def mark_address_taken(context: ProgramLowering) -> None:
    """Functions called through a table or a value keep the signature that such calls expect."""
    thunks.define_thunks(context)
    for symbol in sorted(context.address_taken):
        function = context.program.functions.get(symbol)
        if function is not None:
            function.address_taken = True
