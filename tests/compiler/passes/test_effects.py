"""Declared effects against what functions do: the chain names every step, and what is allowed is not reported."""

from __future__ import annotations

from compiler.ir import ops
from compiler.ir.builder import FunctionBuilder
from compiler.ir.module import Function, Program
from compiler.ir.ops import Block, Handler, Signature, SymbolAddress
from compiler.ir.types import POINTER, REF, UNIT
from compiler.passes.effects import Effect, Violation, find_violations


def function(program: Program, name: str, line: int) -> tuple[Function, FunctionBuilder]:
    made = Function(name, [], UNIT, f"{name}.py", line, name, "m", source_name=f"m.{name}")
    program.functions[name] = made
    build = FunctionBuilder(made)
    build.position_at(build.block("start"))
    return made, build


def calls(program: Program, name: str, line: int, callee: str) -> Function:
    made, build = function(program, name, line)
    build.line = line + 1
    build.call(callee, (), UNIT)
    build.ret()
    return made


def chain(violation: Violation) -> list[tuple[str, int]]:
    return [(link.source_name, link.line) for link in violation.chain]


def test_an_interrupt_that_allocates_two_calls_down() -> None:
    program = Program()
    calls(program, "handler", 10, "middle").is_interrupt = True
    calls(program, "middle", 20, "bottom")
    _, build = function(program, "bottom", 30)
    build.line = 33
    build.emit(ops.AllocateObject("descriptor", 24, None))
    build.ret()
    (violation,) = find_violations(program)
    assert (violation.marker, violation.effect, violation.reason) == (
        "interrupt",
        Effect.ALLOCATION,
        "it makes an object",
    )
    assert chain(violation) == [("m.handler", 11), ("m.middle", 21), ("m.bottom", 33)]


def test_blocking_spreads_to_callers_only_where_it_is_forbidden() -> None:
    program = Program()
    calls(program, "free", 1, "sleep")
    calls(program, "careful", 5, "sleep").declared_no_block = True
    made, build = function(program, "sleep", 9)
    made.blocks_thread = True
    build.ret()
    (violation,) = find_violations(program)
    assert (violation.symbol, violation.effect) == ("careful", Effect.BLOCKING)
    assert chain(violation) == [("m.careful", 6), ("m.sleep", 9)]


def raising(exception: ops.Value, handled: bool = False) -> list[Violation]:
    program = Program(defects={"ASSERTION": "defect.assertion"}, defect_classes={"descriptor.IndexError"})
    made, build = function(program, "careful", 1)
    made.declared_no_raise = True
    if handled:
        caught = build.local(".caught", REF)
        rest = Block("rest", [ops.Return(ops.Constant(UNIT, None))])
        build.current.handler = Handler(rest, caught)
        made.blocks.append(rest)
    if isinstance(exception, ops.Operation):
        build.emit(exception)
    build.emit(ops.Raise(exception))
    return find_violations(program)


def test_conditions_escape_and_defects_do_not() -> None:
    assert raising(ops.AllocateObject("descriptor.OSError", 32, None))
    assert not raising(ops.AllocateObject("descriptor.IndexError", 32, None))
    assert not raising(SymbolAddress("defect.assertion", REF))
    assert not raising(ops.AllocateObject("descriptor.OSError", 32, None), handled=True)


def indirect(targets: tuple[str, ...] | None) -> list[Violation]:
    program = Program()
    made, build = function(program, "handler", 1)
    made.is_interrupt = True
    build.emit(ops.CallIndirect(SymbolAddress("quiet", POINTER), Signature((), UNIT), (), UNIT, targets))
    build.ret()
    function(program, "quiet", 5)[1].ret()
    return find_violations(program)


def test_an_unknown_function_may_do_anything_a_known_one_only_what_it_does() -> None:
    assert [violation.effect for violation in indirect(None)] == list(Effect)
    assert indirect(("quiet",)) == []
