"""Leaving: return, break, continue run what stands between here and there (finally bodies, exits of context managers).

Each exit gets its own copy of that code: the ways out differ in what they do afterwards. A copy that itself
returns ends the exit, as in Python.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.check import typed_tree as typed
from compiler.ir.builder import NOTHING
from compiler.ir.types import UNIT
from compiler.lower.region import Scope
from compiler.type_system.kinds import NeverType

if TYPE_CHECKING:
    from compiler.lower.functions import FunctionLowering


def lower_return(lowering: FunctionLowering, node: typed.Return) -> None:
    builder = lowering.builder
    value = lowering.value(node.value) if node.value is not None else NOTHING
    if node.value is not None and isinstance(node.value.type, NeverType):
        lowering.end_here()
        return
    if lowering.function.result == UNIT:
        value = NOTHING
    if any(scope.leave is not None for scope in lowering.scopes):
        kept = lowering.temporary("result", lowering.function.result)
        builder.write(kept, value)
        if not leave_scopes(lowering, 0):
            return
        value = builder.read(kept)
    builder.ret(value)


def leave_scopes(lowering: FunctionLowering, remaining: int) -> bool:
    """Run the exits of all scopes above `remaining`, innermost first, each under the handler outside of its scope.
    False when one of them ended control itself."""
    scopes, handled, handler = lowering.scopes, lowering.handled, lowering.builder.handler
    for position in range(len(scopes) - 1, remaining - 1, -1):
        scope = scopes[position]
        lowering.scopes = scopes[:position]
        lowering.handled = handled[: scope.handled]
        if scope.leave is None:
            continue
        lowering.under(scope.outer, "leave")
        scope.leave()
        if lowering.builder.terminated:
            break
    lowering.scopes, lowering.handled, lowering.builder.handler = scopes, handled, handler
    return not lowering.builder.terminated


def innermost_loop(lowering: FunctionLowering) -> tuple[int, Scope]:
    for position in range(len(lowering.scopes) - 1, -1, -1):
        scope = lowering.scopes[position]
        if scope.break_block is not None:
            return position, scope
    raise lowering.fail(None, "break or continue outside of a loop")


def lower_break(lowering: FunctionLowering, _: typed.Break) -> None:
    position, loop = innermost_loop(lowering)
    if leave_scopes(lowering, position + 1) and loop.break_block is not None:
        lowering.builder.jump(loop.break_block)


def lower_continue(lowering: FunctionLowering, _: typed.Continue) -> None:
    position, loop = innermost_loop(lowering)
    if leave_scopes(lowering, position + 1) and loop.continue_block is not None:
        lowering.builder.jump(loop.continue_block)
