"""Which functions and items belong to which unit, and which bodies of other units a unit should see.

Problem: units are compiled apart, so LLVM could not inline `len(x)` or a list's index across them. Small functions, and
those marked `@inline`, are therefore printed in every unit that calls them as `available_externally`: LLVM may inline
them there and never emits them; their own unit does.

A function is worth showing when it is marked, or small: at most `SMALL` operations outside cold blocks and no call that
is hot. What a shown body calls is shown too, up to `DEPTH` steps, so that layers of small functions vanish together.
"""

from __future__ import annotations

from compiler.ir import ops
from compiler.ir.module import DataItem, Function, Program

SMALL = 24
"""Operations; about what LLVM's own inliner takes without further reason."""
DEPTH = 3


class UnitPlan:
    """The division of one program into units."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.functions: dict[str, list[Function]] = {}
        self.items: dict[str, list[DataItem]] = {}
        for function in program.functions.values():
            self.functions.setdefault(function.unit, []).append(function)
        for item in program.data.values():
            self.items.setdefault(item.unit, []).append(item)
        self.names = list(dict.fromkeys([*self.functions, *self.items]))
        self._shown: dict[str, bool] = {}
        self._callees: dict[str, tuple[str, ...]] = {}

    def foreign_bodies(self, unit: str) -> list[Function]:
        """Functions of other units that this one should see, in order of first use."""
        found: dict[str, Function] = {}
        wave = self.functions.get(unit, [])
        for _ in range(DEPTH):
            following: list[Function] = []
            for function in wave:
                for symbol in self._called(function):
                    callee = self.program.functions.get(symbol)
                    if callee is None or callee.unit == unit or symbol in found or not self._worth_showing(callee):
                        continue
                    found[symbol] = callee
                    following.append(callee)
            wave = following
        return list(found.values())

    def _called(self, function: Function) -> tuple[str, ...]:
        """Functions called by name, each once."""
        known = self._callees.get(function.symbol)
        if known is None:
            calls = [op.symbol for block in function.blocks for op in block.operations if type(op) is ops.Call]
            known = self._callees[function.symbol] = tuple(dict.fromkeys(calls))
        return known

    def _worth_showing(self, function: Function) -> bool:
        known = self._shown.get(function.symbol)
        if known is None:
            known = self._shown[function.symbol] = _worth_showing(function)
        return known


def _worth_showing(function: Function) -> bool:
    if function.assembly is not None or function.no_inline or function.section is not None or function.is_interrupt:
        return False
    if function.inline:
        return True
    size = 0
    for block in function.blocks:
        if block.cold:
            continue
        size += len(block.operations)
        if size > SMALL or any(isinstance(op, ops.Call | ops.CallIndirect) for op in block.operations):
            return False
    return True
