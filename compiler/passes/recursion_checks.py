"""Functions that can call themselves, directly or around a cycle, test the stack before they use more of it.

    def f(n): return f(n - 1)     becomes     f: check stack limit < frame address else RecursionError; …

Problem: a runaway recursion would end on the guard page, which kills the program without a traceback. Idea: every
cycle of calls passes through a function of a strongly connected component of the call graph, so one comparison at
the entry of those is enough. An indirect call with known targets counts as calls of all of them; one with unknown
targets may reach any function whose address is taken.

Relies on the platform's exported `pyc_stack_limit() -> i64`; a target without it (the kernel) gets no checks. Cost:
a load and a compare per call of a recursive function. The depth is not part of the meaning (DESIGN §2), only the
exception is.
"""

from __future__ import annotations

from compiler.ir import ops
from compiler.ir.module import Function, Program
from compiler.ir.ops import Comparison, Constant, Conversion, Defect
from compiler.ir.types import I32, I64, POINTER

STACK_LIMIT = "pyc_stack_limit"


def run(program: Program) -> None:
    """Insert the checks, in place."""
    if STACK_LIMIT not in program.functions:
        return
    calls = {name: sorted(callees(function, program)) for name, function in program.functions.items()}
    for component in components(calls):
        for name in component:
            if (len(component) > 1 or name in calls[name]) and not is_exempt(program.functions[name]):
                guard(program.functions[name])


def is_exempt(function: Function) -> bool:
    """Exported functions cannot raise; naked ones have no body."""
    return function.exported or function.declared_no_raise or not function.blocks


def callees(function: Function, program: Program) -> set[str]:
    """Functions of the program that this one may call."""
    found: set[str] = set()
    for block in function.blocks:
        for op in block.operations:
            match op:
                case ops.Call(symbol=symbol):
                    found.add(symbol)
                case ops.CallIndirect(targets=None):
                    found.update(name for name, f in program.functions.items() if f.address_taken)
                case ops.CallIndirect(targets=targets):
                    found.update(targets or ())
    return {name for name in found if name in program.functions}


def guard(function: Function) -> None:
    """The test, before anything else in the function."""
    line = function.line
    limit = ops.Call(STACK_LIMIT, (), I64, line=line)
    frame = ops.Intrinsic("llvm.frameaddress.p0", (Constant(I32, 0),), POINTER, line=line)
    here = ops.Convert(Conversion.POINTER_TO_INTEGER, frame, I64, line=line)
    has_room = ops.Compare(Comparison.ULT, limit, here, line=line)
    check = ops.Check(has_room, Defect.RECURSION, line=line)
    function.blocks[0].operations[:0] = [limit, frame, here, has_room, check]


def components(calls: dict[str, list[str]]) -> list[list[str]]:
    """Strongly connected components (Tarjan 1972), without recursion."""
    search = _Search(calls)
    for name in calls:
        if name not in search.index:
            search.explore(name)
    return search.found


class _Search:
    """The state of one search: order of discovery, lowest reachable order, the stack of open nodes."""

    def __init__(self, calls: dict[str, list[str]]) -> None:
        self.calls = calls
        self.index: dict[str, int] = {}
        self.low: dict[str, int] = {}
        self.open: dict[str, None] = {}
        self.found: list[list[str]] = []

    def explore(self, root: str) -> None:
        work = [(root, 0)]
        while work:
            name, position = work.pop()
            if position == 0:
                self.index[name] = self.low[name] = len(self.index)
                self.open[name] = None
            if position < len(self.calls[name]):
                work.append((name, position + 1))
                self.step(name, self.calls[name][position], work)
            else:
                self.close(name, work)

    def step(self, name: str, callee: str, work: list[tuple[str, int]]) -> None:
        if callee not in self.index:
            work.append((callee, 0))
        elif callee in self.open:
            self.low[name] = min(self.low[name], self.index[callee])

    def close(self, name: str, work: list[tuple[str, int]]) -> None:
        if work:
            caller = work[-1][0]
            self.low[caller] = min(self.low[caller], self.low[name])
        if self.low[name] != self.index[name]:
            return
        component: list[str] = []
        while True:
            last, _ = self.open.popitem()
            component.append(last)
            if last == name:
                break
        self.found.append(component)
