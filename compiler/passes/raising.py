"""Which functions may raise: the smallest answer over the closed call graph.

Problem: lowering marks every function as one that may raise, so every call would be tested. A function raises only if
something in it can fail outside its handlers; whether a call can fail is the same question about the callee.

Before:  f: call g (may_raise)   g: add i64     After: g.may_raise = f.may_raise = False, the call is a plain call.

Relies on: handlers are still implicit (before error_returns). `address_taken` functions keep the signature their
callers through a value expect; exported and `declared_no_raise` functions never raise (a failure there panics).
"""

from __future__ import annotations

from compiler.ir import ops
from compiler.ir.module import Function, Program
from compiler.ir.operands import can_fail


def run(program: Program) -> None:
    """Set `may_raise` of every function."""
    callers: dict[str, list[Function]] = {}
    raising: list[Function] = []
    for function in program.functions.values():
        if _fixed(function):
            continue
        if _collect(function, program, callers):
            raising.append(function)
    for function in program.functions.values():
        if function.exported or (function.declared_no_raise and not function.address_taken) or not _fixed(function):
            function.may_raise = False
    for function in program.functions.values():
        if function.may_raise:
            raising.append(function)
    _spread(raising, callers)


def _fixed(function: Function) -> bool:
    """Functions whose signature is not ours to infer."""
    return function.exported or function.declared_no_raise or function.address_taken or function.assembly is not None


def _collect(function: Function, program: Program, callers: dict[str, list[Function]]) -> bool:
    """Note the function at each callee whose failure would leave it; true if it raises by itself."""
    by_itself = False
    for block in function.blocks:
        if block.handler is not None:
            continue
        for op in block.operations:
            if not op.may_raise:
                continue
            if isinstance(op, ops.Call) and op.symbol in program.functions:
                callers.setdefault(op.symbol, []).append(function)
            elif not by_itself and can_fail(op, program):
                by_itself = True
    return by_itself


def _spread(raising: list[Function], callers: dict[str, list[Function]]) -> None:
    """Everything that calls a raising function without a handler raises."""
    pending = list(raising)
    for function in pending:
        function.may_raise = True
    while pending:
        function = pending.pop()
        for caller in callers.get(function.symbol, ()):
            if not caller.may_raise:
                caller.may_raise = True
                pending.append(caller)
