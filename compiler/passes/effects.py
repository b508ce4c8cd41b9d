"""What functions do besides computing (raise conditions, allocate, block), and which declarations that breaks.

Problem: an interrupt handler that allocates or sleeps works until it does not. The compiler knows every call, so it can
tell, and it can show the chain of calls that leads there.

Idea: an effect starts where an operation has it (an explicit `Raise`, an `AllocateObject`, a function marked as
blocking, a call of an unknown function) and spreads to callers, breadth first, so the chain kept for each function is a
shortest one.

Rules and their limits:
  * Conditions are what `Raise` starts (`fresh`); defects (static exception objects, and objects of
  `Program.defect_classes`)
    do not count: they panic at the edge of a `@no_raise` function. A failure inside a `try` counts as handled: the
    re-raise at the end of `except OSError` or `finally` starts nothing.
  * A failing allocation is reported as an allocation, not as a condition.
  * An indirect call whose `targets` are unknown has all effects.

Runs on the lowered form (handlers implicit); gives data, prints nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from compiler.ir import ops
from compiler.ir.module import Function, Program
from compiler.ir.ops import Block, Operation, SymbolAddress


class Effect(Enum):
    """What a function may do; the value completes “… may”."""

    CONDITION = "raise an exception"
    ALLOCATION = "allocate memory"
    BLOCKING = "block the thread"


@dataclass(frozen=True, slots=True)
class Link:
    """One step of a chain: this function, at this line, does what the next link says."""

    source_name: str
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Violation:
    """A declaration that does not hold. `marker` is the decorator's name; the last link is where it happens."""

    marker: str
    effect: Effect
    symbol: str
    chain: tuple[Link, ...]
    reason: str
    """What happens at the end of the chain."""


@dataclass(frozen=True, slots=True)
class _Cause:
    """Why a function has an effect: an operation of its own, or a callee."""

    at: Operation | None
    callee: Function | None
    reason: str


Causes = dict[str, _Cause]
_ALLOCATOR = "pyc_allocate"


def find_violations(program: Program) -> list[Violation]:
    """Every broken declaration, in the order of functions."""
    known = {effect: _spread(effect, program) for effect in Effect}
    found: list[Violation] = []
    for function in program.functions.values():
        for marker, effect in _declared(function):
            if function.symbol in known[effect]:
                found.append(_violation(marker, effect, function, known[effect]))
    return found


def _declared(function: Function) -> list[tuple[str, Effect]]:
    """What the function promises not to do, with the decorator that says so."""
    if function.is_interrupt:
        return [("interrupt", effect) for effect in Effect]
    promises = [
        (function.declared_no_raise, "no_raise", Effect.CONDITION),
        (function.declared_no_alloc, "no_alloc", Effect.ALLOCATION),
        (function.declared_no_block, "no_block", Effect.BLOCKING),
    ]
    return [(marker, effect) for declared, marker, effect in promises if declared]


def _spread(effect: Effect, program: Program) -> Causes:
    """Per function that has the effect, the first cause found on a shortest way."""
    causes: Causes = {}
    callers: dict[str, list[tuple[Function, Operation]]] = {}
    wave: list[Function] = []
    for function in program.functions.values():
        cause = _own_cause(effect, function, program, callers)
        if cause is not None:
            causes[function.symbol] = cause
            wave.append(function)
    while wave:
        following: list[Function] = []
        for callee in wave:
            for caller, op in callers.get(callee.symbol, ()):
                if caller.symbol not in causes:
                    causes[caller.symbol] = _Cause(op, callee, "")
                    following.append(caller)
        wave = following
    return causes


def _own_cause(
    effect: Effect, function: Function, program: Program, callers: dict[str, list[tuple[Function, Operation]]]
) -> _Cause | None:
    """The first operation that has the effect by itself; calls are entered in `callers`."""
    found: _Cause | None = None
    if effect is Effect.BLOCKING and function.blocks_thread:
        found = _Cause(None, None, "it blocks the thread")
    if effect is Effect.ALLOCATION and function.symbol == _ALLOCATOR:
        found = _Cause(None, None, "it is the allocator")
    defects = set(program.defects.values())
    for block in function.blocks:
        if effect is Effect.CONDITION and block.handler is not None:
            continue
        for op in block.operations:
            for symbol in _callees(op):
                callers.setdefault(symbol, []).append((function, op))
            if found is None:
                found = _cause(effect, op, block, program, defects)
    return found


def _callees(op: Operation) -> tuple[str, ...]:
    if isinstance(op, ops.Call):
        return (op.symbol,)
    if isinstance(op, ops.CallIndirect) and op.targets is not None:
        return op.targets
    return ()


def _cause(effect: Effect, op: Operation, block: Block, program: Program, defects: set[str]) -> _Cause | None:
    match op:
        case ops.CallIndirect(targets=None, signature=signature):
            if effect is not Effect.CONDITION or signature.may_raise:
                return _Cause(op, None, "it calls a function that is known only at run time")
        case ops.AllocateObject() if effect is Effect.ALLOCATION:
            return _Cause(op, None, "it makes an object")
        case ops.Raise(exception, True) if effect is Effect.CONDITION and not _is_defect(exception, program, defects):
            return _Cause(op, None, "it raises an exception")
    return None


def _is_defect(exception: ops.Value, program: Program, defects: set[str]) -> bool:
    match exception:
        case SymbolAddress(symbol):
            return symbol in defects
        case ops.AllocateObject(descriptor):
            return descriptor in program.defect_classes
    return False


def _violation(marker: str, effect: Effect, function: Function, causes: Causes) -> Violation:
    chain: list[Link] = []
    current: Function | None = function
    reason = ""
    while current is not None:
        cause = causes[current.symbol]
        line = cause.at.line if cause.at is not None and cause.at.line else current.line
        file = cause.at.file if cause.at is not None and cause.at.file is not None else current.file
        chain.append(Link(current.source_name or current.display_name, file, line))
        reason, current = cause.reason, cause.callee
    return Violation(marker, effect, function.symbol, tuple(chain), reason)
