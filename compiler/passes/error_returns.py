"""Failures become edges: after this pass nothing goes to a handler by itself.

Problem: lowering builds as if nothing could fail. Here each operation that can fail ends its block:

    before    x = call g(a)             after    x = call g(a)
              …                                  branch_failure x, failed, fine
                                        failed:  e = failure x; push_traceback e; return_failure e     (cold)
                                        fine:    …

With a handler the cold block writes the exception to the handler's local and jumps there. A function that cannot return
a failure (exported, `@no_raise`) panics. A check fails with a static exception object (`Program.defects`), so the cold
blocks of checks are shared where line, defect and way out agree; the block of a call holds that call's exception and is
its own.

Traceback entries: a check and `Raise(fresh=True)` start one, a failing call adds to it, a re-raise adds nothing
(CPython keeps the entry that the frame got when the exception first passed through it).

Relies on: passes/raising.py has settled every signature. Cost: one walk; blocks grow with the number of failing
operations.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from compiler.diagnostics.errors import InternalError
from compiler.ir import ops
from compiler.ir.module import Function, Program
from compiler.ir.operands import can_divide_by_zero, can_fail, can_overflow_division
from compiler.ir.ops import Block, Constant, Defect, Handler, Operation, SymbolAddress, Value
from compiler.ir.types import REF


def run(program: Program) -> None:
    """Rewrite every function that has blocks."""
    for function in program.functions.values():
        if function.blocks:
            _Rewriter(function, program).rewrite()


@dataclass(slots=True)
class _Rewriter:
    """State of one function: the blocks made so far and the cold ones that can be shared."""

    function: Function
    program: Program
    finished: list[Block] = field(default_factory=list)
    cold: list[Block] = field(default_factory=list)
    shared: dict[tuple[str, int, str | None, Block | None], Block] = field(default_factory=dict)
    current: Block = field(init=False)
    handler: Handler | None = None
    count: int = 0

    def rewrite(self) -> None:
        for block in self.function.blocks:
            self._block(block)
        self.function.blocks = self.finished + self.cold

    def _block(self, block: Block) -> None:
        """Distribute the operations of one block over as many as it has failing operations."""
        operations, block.operations = block.operations, []
        self.handler, block.handler = block.handler, None
        self.current = block
        self.finished.append(block)
        for op in operations:
            if op.may_raise:
                self._failing(op)
            else:
                self.current.operations.append(op)

    def _failing(self, op: Operation) -> None:
        match op:
            case ops.Raise(exception, fresh):
                self._leave(self.current, exception, op, fresh)
                self.current.cold = self.current.cold or self.current is not self.finished[0]
            case ops.Check(condition, defect):
                if not (isinstance(condition, Constant) and condition.value):
                    self._branch_on(condition, defect, op)
            case ops.FloorDivide():
                self._divide(op)
            case _ if can_fail(op, self.program):
                failed = (
                    self._failed_call(op)
                    if isinstance(op, ops.Call | ops.CallIndirect)
                    else self._defect(_DEFECTS[type(op)](op), op)
                )
                self._end_block(op, failed)
            case _:
                self.current.operations.append(op)

    def _divide(self, op: ops.FloorDivide) -> None:
        if can_divide_by_zero(op):
            nonzero = ops.Compare(ops.Comparison.NE, op.right, Constant(op.right.rep, 0), line=op.line, file=op.file)
            self.current.operations.append(nonzero)
            self._branch_on(nonzero, op.zero_defect, op)
        if can_overflow_division(op):
            self._end_block(op, self._defect(Defect.OVERFLOW, op))
        else:
            self.current.operations.append(op)

    def _branch_on(self, condition: Value, defect: Defect, op: Operation) -> None:
        """Go on only where the condition holds."""
        fine = self._next_block()
        failed = self._defect(defect, op)
        self.current.operations.append(ops.Branch(condition, fine, failed, True, line=op.line, file=op.file))
        self.current = fine

    def _end_block(self, op: Operation, failed: Block) -> None:
        fine = self._next_block()
        self.current.operations.append(op)
        self.current.operations.append(ops.BranchFailure(op, failed, fine, line=op.line, file=op.file))
        self.current = fine

    def _next_block(self) -> Block:
        self.count += 1
        block = Block(f"fine.{self.count}", cold=self.current.cold)
        self.finished.append(block)
        return block

    def _cold_block(self, name: str) -> Block:
        self.count += 1
        block = Block(f"{name}.{self.count}", cold=True)
        self.cold.append(block)
        return block

    def _failed_call(self, op: Operation) -> Block:
        block = self._cold_block("failed")
        failure = ops.Failure(op, line=op.line, file=op.file)
        block.operations.append(failure)
        block.operations.append(ops.PushTraceback(failure, False, line=op.line, file=op.file))
        self._leave(block, failure, op, None)
        return block

    def _defect(self, defect: Defect, op: Operation) -> Block:
        """The cold block that raises this defect for this line, made once."""
        target = self.handler.block if self.handler is not None else None
        key = (defect.name, op.line, op.file, target)
        block = self.shared.get(key)
        if block is None:
            symbol = self.program.defects.get(defect.name)
            if symbol is None:
                raise InternalError("passes", self.function.symbol, None, f"no object for defect {defect.name}")
            block = self.shared[key] = self._cold_block(defect.name.lower())
            self._leave(block, SymbolAddress(symbol, REF), op, True)
        return block

    def _leave(self, block: Block, exception: Value, at: Operation, fresh: bool | None) -> None:
        """End a block with an exception; `fresh` True starts a traceback here, otherwise nothing is noted."""
        line, file = at.line, at.file
        if fresh:
            block.operations.append(ops.PushTraceback(exception, True, line=line, file=file))
        if self.handler is not None:
            block.operations.append(ops.WriteLocal(self.handler.local, exception, line=line, file=file))
            block.operations.append(ops.Jump(self.handler.block, line=line, file=file))
        elif self.function.declared_no_raise or not self.function.may_raise:
            block.operations.append(ops.Panic(exception, line=line, file=file))
        else:
            block.operations.append(ops.ReturnFailure(exception, line=line, file=file))


_DEFECTS: dict[type[Operation], Callable[[Any], Defect]] = {
    ops.CheckedInteger: lambda op: Defect.OVERFLOW,
    ops.RangeCheck: lambda op: Defect.OVERFLOW,
    ops.IndexCheck: lambda op: op.defect,
    ops.AllocateObject: lambda op: Defect.OUT_OF_MEMORY,
}
