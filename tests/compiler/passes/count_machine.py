"""A machine that runs IR on fake objects and notices every mistake with counts.

It runs the same function before the passes (failures implicit, memory collected by Python) and after them (failures are
edges, counts explicit). Fake objects have real counts: touching a dead one, releasing it twice, or keeping one for ever
is a CountError. What a program decides by itself (which way a branch goes, whether a call fails) comes from a list of
decisions, so that both runs decide alike.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from compiler.ir import ops
from compiler.ir.module import Function, Program
from compiler.ir.ops import Block, Operation
from compiler.ir.types import AggregateRep, ReferenceRep, Rep, is_managed


class CountError(AssertionError):
    """A use after the end, a double release, or a leak."""


class OutOfSteps(Exception):
    """The program loops longer than a test wants to wait."""


@dataclass(eq=False)
class FakeObject:
    number: int
    count: int = 1
    fields: dict[int, Any] = field(default_factory=dict)
    dead: bool = False

    def __repr__(self) -> str:
        return f"object {self.number}"


@dataclass(frozen=True)
class FakePointer:
    target: FakeObject | None
    offset: int = 0


@dataclass(frozen=True)
class Ended:
    """How a function ended: with a value or with an exception."""

    value: Any
    exception: FakeObject | None = None


def null_of(rep: Rep) -> Any:
    match rep:
        case AggregateRep(parts):
            return tuple(null_of(part) for part in parts)
        case ReferenceRep():
            return None
    return 0


class Machine:
    """Runs one program. `counted`: Retain and Release are explicit; otherwise counts do not matter."""

    def __init__(self, program: Program, decisions: list[int], counted: bool, steps: int = 2000) -> None:
        self.program = program
        self.decisions = list(decisions)
        self.counted = counted
        self.steps = steps
        self.heap: list[FakeObject] = []
        self.immortal: dict[str, FakeObject] = {}
        self.failures: dict[Operation, FakeObject | None] = {}

    # --- objects

    def new(self) -> FakeObject:
        made = FakeObject(len(self.heap))
        self.heap.append(made)
        return made

    def arguments(self) -> list[FakeObject]:
        """Two objects with a field each, the second's chained."""
        first, second, third, fourth, fifth = (self.new() for _ in range(5))
        first.fields[16] = third
        second.fields[16] = fourth
        fourth.fields[16] = fifth
        return [first, second]

    def decide(self, ways: int) -> int:
        return self.decisions.pop(0) % ways if self.decisions else 0

    def touch(self, value: Any) -> Any:
        """Every reference that is looked at must be alive."""
        match value:
            case FakeObject() if value.dead:
                raise CountError(f"{value} is used after its end")
            case tuple():
                for part in value:
                    self.touch(part)
            case FakePointer(target):
                self.touch(target)
        return value

    def retain(self, value: Any) -> None:
        match value:
            case FakeObject():
                self.touch(value)
                if value.count > 0:
                    value.count += 1
            case tuple():
                for part in value:
                    self.retain(part)

    def release(self, value: Any) -> None:
        match value:
            case FakeObject():
                self.touch(value)
                if value.count > 0:
                    value.count -= 1
                    if value.count == 0:
                        value.dead = True
                        for part in value.fields.values():
                            self.release(part)
            case tuple():
                for part in value:
                    self.release(part)

    # --- running

    def run(self, symbol: str, arguments: list[Any]) -> Ended:
        function = self.program.functions.get(symbol)
        if function is None:
            return self.builtin(symbol, arguments)
        frame = _Frame(self, function, arguments)
        return frame.run()

    def builtin(self, symbol: str, arguments: list[Any]) -> Ended:
        """The outside world: functions of `external`."""
        for argument in arguments:
            self.touch(argument)
        match symbol:
            case "decide":
                return Ended(self.decide(2))
            case "make" | "make_pair":
                if self.decide(4) == 3:
                    return Ended(None, self.new())
                return Ended(self.new() if symbol == "make" else (self.new(), 7))
            case "clobber":
                target, value, _ = arguments
                if target is not None:
                    self.replace(target, 16, value, take_over=False)
                for argument in arguments:
                    self.touch(argument)
                return Ended((), self.new()) if self.decide(5) == 4 else Ended(())
        raise AssertionError(symbol)

    def replace(self, target: FakeObject, offset: int, value: Any, take_over: bool) -> None:
        if self.counted and not take_over:
            self.retain(value)
        old = target.fields.get(offset)
        target.fields[offset] = value
        if self.counted:
            self.release(old)


class _Frame:
    def __init__(self, machine: Machine, function: Function, arguments: list[Any]) -> None:
        self.machine = machine
        self.function = function
        self.values: dict[Any, Any] = dict(zip(function.parameters, arguments, strict=True))
        self.locals: dict[ops.Local, Any] = {local: null_of(local.rep) for local in function.locals}
        self.failed: dict[Operation, FakeObject | None] = {}

    def get(self, value: ops.Value) -> Any:
        match value:
            case ops.Constant(rep, number):
                return null_of(rep) if number is None else number
            case ops.SymbolAddress(symbol):
                return self.machine.immortal.setdefault(symbol, FakeObject(-1, count=-1))
            case ops.Undefined(rep):
                return null_of(rep)
        return self.values[value]

    def run(self) -> Ended:
        block = self.function.blocks[0]
        while True:
            following = self.block(block)
            if isinstance(following, Ended):
                return following
            block = following

    def block(self, block: Block) -> Block | Ended:
        for op in block.operations:
            self.machine.steps -= 1
            if self.machine.steps < 0:
                raise OutOfSteps
            exception = self.step(op)
            if op.is_terminator:
                return self.end(op, block)
            if exception is not None:
                if self.machine.counted:
                    self.failed[op] = exception
                else:
                    return self.fail(block, exception)
        raise AssertionError("no terminator")

    def fail(self, block: Block, exception: Any) -> Block | Ended:
        """Failures are still implicit: to the handler, or out of the function."""
        if block.handler is None:
            return Ended(None, exception)
        self.locals[block.handler.local] = exception
        return block.handler.block

    def end(self, op: Operation, block: Block) -> Block | Ended:
        match op:
            case ops.Jump(target):
                return target
            case ops.Branch(condition, when_true, when_false):
                return when_true if self.get(condition) else when_false
            case ops.BranchFailure(operation, when_failed, when_fine):
                return when_failed if operation in self.failed else when_fine
            case ops.Return(value):
                return Ended(self.machine.touch(self.get(value)))
            case ops.ReturnFailure(exception):
                return Ended(None, self.machine.touch(self.get(exception)))
            case ops.Raise(exception):
                return self.fail(block, self.get(exception))
        raise AssertionError(op)

    def step(self, op: Operation) -> FakeObject | None:
        """Run one operation; gives the exception it ended with."""
        machine = self.machine
        match op:
            case ops.ReadLocal(local):
                self.values[op] = self.locals[local]
            case ops.WriteLocal(local, value):
                self.locals[local] = self.get(value)
            case ops.ClearLocal(local):
                self.locals[local] = null_of(local.rep)
            case ops.AllocateObject():
                self.values[op] = machine.new()
            case ops.MakeAggregate(parts):
                self.values[op] = tuple(machine.touch(self.get(part)) for part in parts)
            case ops.Extract(aggregate, index):
                self.values[op] = machine.touch(self.get(aggregate))[index]
            case ops.Convert(_, value):
                self.values[op] = FakePointer(machine.touch(self.get(value)))
            case ops.Offset(base, _, _, constant):
                pointer = self.get(base)
                old = pointer if isinstance(pointer, FakePointer) else FakePointer(machine.touch(pointer))
                self.values[op] = FakePointer(old.target, old.offset + constant)
            case ops.Failure(operation):
                self.values[op] = self.failed.pop(operation)
            case ops.Retain(value):
                machine.retain(self.get(value))
            case ops.Release(value):
                machine.release(self.get(value))
            case ops.PushTraceback(exception):
                machine.touch(self.get(exception))
            case ops.Load() | ops.Store() | ops.Take():
                self.memory(op)
            case ops.Call(symbol, arguments):
                return self.call(op, symbol, [machine.touch(self.get(argument)) for argument in arguments])
        return None

    def memory(self, op: ops.Load | ops.Store | ops.Take) -> None:
        base = self.get(op.base)
        target, offset = (base.target, base.offset) if isinstance(base, FakePointer) else (base, 0)
        self.machine.touch(target)
        offset += op.offset
        if isinstance(op, ops.Store):
            value = self.machine.touch(self.get(op.value))
            if target is None:
                if self.machine.counted and is_managed(op.value.rep):
                    self.machine.release(value)
                return
            target.fields[offset] = value
            return
        self.values[op] = null_of(op.rep) if target is None else target.fields.get(offset, null_of(op.rep))
        if isinstance(op, ops.Take) and target is not None:
            target.fields[offset] = null_of(op.rep)

    def call(self, op: ops.Call, symbol: str, arguments: list[Any]) -> FakeObject | None:
        ended = self.machine.run(symbol, arguments)
        self.values[op] = ended.value
        return ended.exception


def run_counted(program: Program, decisions: list[int]) -> tuple[Ended, list[FakeObject]]:
    """Run after the passes, then give back what the caller owns; everything must be gone at the end."""
    machine = Machine(program, decisions, counted=True)
    arguments = machine.arguments()
    ended = machine.run("subject", list(arguments))
    shape = _shape(ended, machine.heap)
    machine.release(ended.value if ended.exception is None else ended.exception)
    for argument in arguments:
        machine.touch(argument)
        machine.release(argument)
    cyclic = {target.number for target in machine.heap if _reaches_itself(target)}
    for made in machine.heap:
        if not made.dead and not _held_by_cycle(made, machine.heap, cyclic):
            raise CountError(f"{made} is never released (count {made.count})")
    return ended, shape


def run_collected(program: Program, decisions: list[int]) -> list[Any]:
    """Run before the passes; gives what can be seen of the result."""
    machine = Machine(program, decisions, counted=False)
    return _shape(machine.run("subject", machine.arguments()), machine.heap)


def _shape(ended: Ended, heap: list[FakeObject]) -> list[Any]:
    """What a caller can see: the result and the fields of everything reachable from it and from the arguments."""
    seen: list[Any] = [repr(ended.value), repr(ended.exception)]
    pending = [ended.value, ended.exception, *heap[:2]]
    visited: set[int] = set()
    while pending:
        value = pending.pop(0)
        if isinstance(value, tuple):
            pending += value
        if isinstance(value, FakeObject) and id(value) not in visited:
            visited.add(id(value))
            # a field that was never set and one that is null again are the same
            filled = sorted((offset, part) for offset, part in value.fields.items() if part is not None)
            seen.append((value.number, [(offset, repr(part)) for offset, part in filled]))
            pending += [part for _, part in filled]
    return seen


def _targets(made: FakeObject) -> list[FakeObject]:
    return [value for value in made.fields.values() if isinstance(value, FakeObject)]


def _reaches_itself(made: FakeObject) -> bool:
    pending, seen = _targets(made), set()
    while pending:
        target = pending.pop()
        if target is made:
            return True
        if id(target) not in seen:
            seen.add(id(target))
            pending += _targets(target)
    return False


def _held_by_cycle(made: FakeObject, heap: list[FakeObject], cyclic: set[int]) -> bool:
    """Whether the count that is left comes from objects that live in a cycle; then it must agree with the
    references."""
    references = sum(_targets(other).count(made) for other in heap if not other.dead)
    if made.count != references:
        raise CountError(f"{made} has count {made.count} and {references} references")
    pending, seen = [made], set()
    while pending:
        target = pending.pop()
        if target.number in cyclic:
            return True
        for other in heap:
            if not other.dead and target in _targets(other) and id(other) not in seen:
                seen.add(id(other))
                pending.append(other)
    return False
