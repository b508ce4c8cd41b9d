"""Call cycles are found as strongly connected components, and functions in them test the stack first."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from compiler.ir import ops
from compiler.ir.builder import NOTHING, FunctionBuilder
from compiler.ir.module import Function, Program
from compiler.ir.types import I64, UNIT
from compiler.passes import recursion_checks

GRAPHS = st.integers(1, 8).flatmap(
    lambda size: st.fixed_dictionaries(
        {str(i): st.lists(st.integers(0, size - 1).map(str), max_size=4, unique=True) for i in range(size)}
    )
)


def reachable(calls: dict[str, list[str]], start: str) -> set[str]:
    found: set[str] = set()
    pending = list(calls[start])
    while pending:
        name = pending.pop()
        if name not in found:
            found.add(name)
            pending += calls[name]
    return found


@given(GRAPHS)
def test_components_are_mutual_reachability(calls: dict[str, list[str]]) -> None:
    component_of = {name: set(part) for part in recursion_checks.components(calls) for name in part}
    assert set(component_of) == set(calls)
    for one in calls:
        for other in calls:
            mutual = one == other or (other in reachable(calls, one) and one in reachable(calls, other))
            assert (other in component_of[one]) == mutual


def function(symbol: str, *callees: str) -> Function:
    made = Function(symbol, [], UNIT, "f.py", 1, symbol, "unit")
    builder = FunctionBuilder(made)
    builder.position_at(builder.block("entry"))
    for callee in callees:
        builder.emit(ops.Call(callee, (), UNIT))
    builder.ret(NOTHING)
    builder.finish()
    return made


def program_of(*functions: Function, with_limit: bool = True) -> Program:
    program = Program()
    for one in functions:
        program.functions[one.symbol] = one
    if with_limit:
        program.functions["pyc_stack_limit"] = Function(
            "pyc_stack_limit", [], I64, "f.py", 1, "limit", "unit", exported=True
        )
    return program


def is_guarded(one: Function) -> bool:
    return any(isinstance(op, ops.Check) for op in one.blocks[0].operations)


def test_functions_in_cycles_are_guarded_and_others_are_not() -> None:
    even, odd, leaf, self_call = (
        function("even", "odd"),
        function("odd", "even", "leaf"),
        function("leaf"),
        function("me", "me"),
    )
    recursion_checks.run(program_of(even, odd, leaf, self_call))
    assert [is_guarded(one) for one in (even, odd, leaf, self_call)] == [True, True, False, True]


def test_a_target_without_a_limit_gets_no_checks() -> None:
    me = function("me", "me")
    recursion_checks.run(program_of(me, with_limit=False))
    assert not is_guarded(me)


def test_an_unknown_indirect_call_may_reach_what_has_its_address_taken() -> None:
    caller = function("caller")
    caller.address_taken = True
    signature = ops.Signature((), UNIT)
    indirect = ops.CallIndirect(ops.SymbolAddress("caller"), signature, (), UNIT)
    caller.blocks[0].operations.insert(0, indirect)
    recursion_checks.run(program_of(caller))
    assert is_guarded(caller)
