"""What every well-formed function satisfies, by level; run on request after lowering and after every pass.

The rules read as the definition of the language in between: blocks end in exactly one terminator; an operand is defined
before it is used, on every path; representations agree; locals belong to the function; each level admits its own
operations.

    LOWERED            handlers implicit; none of the operations that passes insert
    FAILURES_EXPLICIT  no handlers; an operation that can fail stands right before its BranchFailure; no Check, no Raise
    COUNTS_EXPLICIT    also Retain and Release; no store replaces

A violation is the compiler's fault: VerifyError is an InternalError that names stage, function and operation.
"""

from __future__ import annotations

from enum import IntEnum

from compiler.diagnostics.errors import InternalError
from compiler.ir import ops
from compiler.ir.flow import immediate_dominators, reachable
from compiler.ir.module import Function, Program
from compiler.ir.operands import can_fail, can_overflow_division, operands, successors
from compiler.ir.operation_rules import rule_violation
from compiler.ir.ops import Block, Operation


class Level(IntEnum):
    """How much is explicit."""

    LOWERED = 0
    FAILURES_EXPLICIT = 1
    COUNTS_EXPLICIT = 2


class VerifyError(InternalError):
    """A function is not what its level promises."""


_FROM: dict[type[Operation], Level] = {
    ops.BranchFailure: Level.FAILURES_EXPLICIT,
    ops.Failure: Level.FAILURES_EXPLICIT,
    ops.PushTraceback: Level.FAILURES_EXPLICIT,
    ops.ReturnFailure: Level.FAILURES_EXPLICIT,
    ops.Panic: Level.FAILURES_EXPLICIT,
    ops.Retain: Level.COUNTS_EXPLICIT,
    ops.Release: Level.COUNTS_EXPLICIT,
}
_UNTIL: dict[type[Operation], Level] = {ops.Check: Level.LOWERED, ops.Raise: Level.LOWERED}


def verify_program(program: Program, level: Level, stage: str) -> None:
    """Check every function that has blocks."""
    for function in program.functions.values():
        if function.assembly is None:
            _Verifier(function, program, level, stage).verify()


def verify(function: Function, program: Program, level: Level = Level.LOWERED, stage: str = "ir") -> None:
    """Check one function; raises VerifyError."""
    _Verifier(function, program, level, stage).verify()


class _Verifier:
    def __init__(self, function: Function, program: Program, level: Level, stage: str) -> None:
        self.function = function
        self.program = program
        self.level = level
        self.stage = stage
        self.known = set(function.blocks)
        self.locals = set(function.locals)
        self.parameters = set(function.parameters)
        self.place: dict[Operation, tuple[Block, int]] = {}

    def fail(self, message: str, block: Block | None = None, op: Operation | None = None) -> VerifyError:
        where = f"block {block.name}: " if block is not None else ""
        what = f"{type(op).__name__} (line {op.line}): " if op is not None else ""
        return VerifyError(self.stage, self.function.symbol, None, f"{where}{what}{message}")

    def verify(self) -> None:
        if not self.function.blocks:
            raise self.fail("neither blocks nor assembly")
        for block in self.function.blocks:
            self._block(block)
        self._dominance()

    def _block(self, block: Block) -> None:
        if not block.operations or not block.operations[-1].is_terminator:
            raise self.fail("no terminator at the end", block)
        if block.handler is not None:
            if self.level > Level.LOWERED:
                raise self.fail("a handler is left", block)
            if block.handler.block not in self.known or block.handler.local not in self.locals:
                raise self.fail("the handler belongs to another function", block)
        for index, op in enumerate(block.operations):
            if op in self.place:
                raise self.fail("stands twice", block, op)
            self.place[op] = (block, index)
            if op.is_terminator and index != len(block.operations) - 1:
                raise self.fail("a terminator in the middle", block, op)
            self._operation(op, block, index)

    def _operation(self, op: Operation, block: Block, index: int) -> None:
        kind = type(op)
        if _FROM.get(kind, Level.LOWERED) > self.level or _UNTIL.get(kind, Level.COUNTS_EXPLICIT) < self.level:
            raise self.fail(f"not allowed at level {self.level.name}", block, op)
        for successor in successors(op):
            if successor not in self.known:
                raise self.fail(f"leads to {successor.name}, which is not in the function", block, op)
        if isinstance(op, ops.ReadLocal | ops.WriteLocal | ops.ClearLocal) and op.local not in self.locals:
            raise self.fail(f"local {op.local.name} belongs to another function", block, op)
        violation = rule_violation(op, self.function, self.program)
        if violation is not None:
            raise self.fail(violation, block, op)
        if self.level > Level.LOWERED:
            self._explicit(op, block, index)

    def _explicit(self, op: Operation, block: Block, index: int) -> None:
        """Failures are edges: what can fail is followed by its branch, and the branch follows what can fail."""
        if isinstance(op, ops.BranchFailure):
            if index == 0 or block.operations[index - 1] is not op.operation or not op.operation.may_raise:
                raise self.fail("does not follow the operation that fails", block, op)
        elif op.may_raise and self._needs_branch(op):
            following = block.operations[index + 1]
            if not isinstance(following, ops.BranchFailure) or following.operation is not op:
                raise self.fail("can fail, but no branch follows", block, op)
        if self.level == Level.COUNTS_EXPLICIT and isinstance(op, ops.Store) and op.replaces:
            raise self.fail("still replaces", block, op)

    def _needs_branch(self, op: Operation) -> bool:
        if isinstance(op, ops.FloorDivide):
            return can_overflow_division(op)
        return can_fail(op, self.program)

    def _dominance(self) -> None:
        order = reachable(self.function.blocks)
        parent = immediate_dominators(order)
        depth = {order[0]: 0}
        for block in order[1:]:
            depth[block] = depth[parent[block]] + 1
        for block in order:
            for index, op in enumerate(block.operations):
                for value in operands(op):
                    if isinstance(value, Operation):
                        self._defined(value, block, index, op, parent, depth)
                    elif isinstance(value, ops.Parameter) and value not in self.parameters:
                        raise self.fail(f"parameter {value.name} belongs to another function", block, op)
                if isinstance(op, ops.Failure):
                    self._failed_side(op, block, parent, depth)

    def _defined(
        self,
        value: Operation,
        block: Block,
        index: int,
        op: Operation,
        parent: dict[Block, Block],
        depth: dict[Block, int],
    ) -> None:
        home = self.place.get(value)
        if home is None:
            raise self.fail(f"uses a {type(value).__name__} that is not in the function", block, op)
        if home[0] is block:
            if home[1] >= index:
                raise self.fail(f"uses a {type(value).__name__} before it is computed", block, op)
        elif not _dominates(self._available_from(value, home[0]), block, parent, depth):
            raise self.fail(
                f"uses a {type(value).__name__} of block {home[0].name}, which does not come first", block, op
            )

    @staticmethod
    def _available_from(value: Operation, home: Block) -> Block:
        """The result of an operation that can fail exists only where it was fine."""
        end = home.operations[-1]
        return end.when_fine if isinstance(end, ops.BranchFailure) and end.operation is value else home

    def _failed_side(self, op: ops.Failure, block: Block, parent: dict[Block, Block], depth: dict[Block, int]) -> None:
        home = self.place.get(op.operation)
        end = home[0].operations[-1] if home is not None else None
        if not isinstance(end, ops.BranchFailure) or end.operation is not op.operation:
            raise self.fail("has no branch that fails", block, op)
        if not _dominates(end.when_failed, block, parent, depth):
            raise self.fail("stands where the operation has not failed", block, op)


def _dominates(above: Block, block: Block, parent: dict[Block, Block], depth: dict[Block, int]) -> bool:
    """Whether every way to `block` leads through `above`."""
    target = depth.get(above)
    if target is None:
        return False
    while depth[block] > target:
        block = parent[block]
    return block is above
