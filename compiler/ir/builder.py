"""The only way to append operations: a cursor in one function that stamps line and handler.

The idea: whoever builds IR thinks of values and blocks; source line and exception handler are circumstances, set once
where they change (`at_line`, `handler`) and written into everything built meanwhile.

Contract: `emit` refuses an operation after a terminator; `finish` refuses a block without one. Blocks keep the order in
which they were made (`block`) unless `position_at` is told otherwise; block names are made unique.
"""

from __future__ import annotations

from typing import TypeVar

from compiler.diagnostics.errors import InternalError
from compiler.ir import ops
from compiler.ir.module import Function
from compiler.ir.ops import Block, Comparison, Constant, Handler, IntegerOperator, Local, Operation, Value
from compiler.ir.types import I1, I64, POINTER, REF, UNIT, AggregateRep, IntegerRep, Rep

AnyOperation = TypeVar("AnyOperation", bound=Operation)

NOTHING = Constant(UNIT, None)
NULL_REFERENCE = Constant(REF, None)
NULL_POINTER = Constant(POINTER, None)
TRUE = Constant(I1, 1)
FALSE = Constant(I1, 0)


def integer_constant(value: int, rep: IntegerRep = I64) -> Constant:
    """An integer whose bit pattern must fit the width, signed or unsigned."""
    if not -(1 << (rep.bits - 1)) <= value < 1 << rep.bits:
        raise InternalError("ir", None, None, f"constant {value} does not fit {rep}")
    return Constant(rep, value)


class FunctionBuilder:
    """Appends to one function. Starts without a block: make one with `block` and go there with `position_at`."""

    def __init__(self, function: Function) -> None:
        self.function = function
        self.line = function.line
        self.file: str | None = None
        self.handler: Handler | None = None
        self._block: Block | None = None
        self._names: dict[str, int] = {block.name: 1 for block in function.blocks}
        self._local_names: dict[str, int] = {}

    # --- blocks and locals

    def block(self, name: str, cold: bool = False) -> Block:
        """A new block at the end of the function, protected by the present handler."""
        block = Block(self._unique(self._names, name), handler=self.handler, cold=cold)
        self.function.blocks.append(block)
        return block

    def local(self, name: str, rep: Rep, unbound_defect: str | None = None) -> Local:
        """A new assignable variable; names are made unique for printing."""
        local = Local(self._unique(self._local_names, name), rep, unbound_defect)
        self.function.locals.append(local)
        return local

    def position_at(self, block: Block) -> None:
        """Append to this block from now on; what is built falls under its handler."""
        self._block = block

    @property
    def current(self) -> Block:
        """The block that is being appended to."""
        if self._block is None:
            raise InternalError("ir", self.function.symbol, None, "nothing was positioned")
        return self._block

    @property
    def terminated(self) -> bool:
        """Whether the current block has ended, so that nothing may follow."""
        operations = self.current.operations
        return bool(operations) and operations[-1].is_terminator

    def emit(self, op: AnyOperation) -> AnyOperation:
        """Append; gives the operation back, which is the value."""
        if self.terminated:
            raise InternalError(
                "ir", self.function.symbol, None, f"{type(op).__name__} after the end of {self.current.name}"
            )
        if op.line == 0:
            op.line = self.line
            op.file = self.file
        self.current.operations.append(op)
        return op

    def finish(self) -> Function:
        """Check that every block has its terminator and return the function."""
        for block in self.function.blocks:
            if not block.operations or not block.operations[-1].is_terminator:
                raise InternalError("ir", self.function.symbol, None, f"block {block.name} has no terminator")
        return self.function

    @staticmethod
    def _unique(taken: dict[str, int], name: str) -> str:
        count = taken.get(name, 0)
        taken[name] = count + 1
        if count == 0:
            return name
        return FunctionBuilder._unique(taken, f"{name}.{count}")

    # --- common operations

    def read(self, local: Local) -> ops.ReadLocal:
        return self.emit(ops.ReadLocal(local, local.rep))

    def write(self, local: Local, value: Value) -> ops.WriteLocal:
        return self.emit(ops.WriteLocal(local, value))

    def integer(self, operator: IntegerOperator, left: Value, right: Value) -> ops.Integer:
        return self.emit(ops.Integer(operator, left, right, left.rep))

    def compare(self, comparison: Comparison, left: Value, right: Value) -> ops.Compare:
        return self.emit(ops.Compare(comparison, left, right))

    def load(self, base: Value, offset: int, rep: Rep) -> ops.Load:
        return self.emit(ops.Load(base, offset, rep))

    def store(self, base: Value, offset: int, value: Value, replaces: bool = False) -> ops.Store:
        return self.emit(ops.Store(base, offset, value, replaces))

    def aggregate(self, *parts: Value) -> ops.MakeAggregate:
        return self.emit(ops.MakeAggregate(parts, AggregateRep(tuple(part.rep for part in parts))))

    def extract(self, aggregate: Value, index: int) -> ops.Extract:
        rep = aggregate.rep
        if not isinstance(rep, AggregateRep):
            raise InternalError("ir", self.function.symbol, None, f"{rep} has no parts")
        return self.emit(ops.Extract(aggregate, index, rep.parts[index]))

    def call(self, symbol: str, arguments: tuple[Value, ...], result: Rep) -> ops.Call:
        return self.emit(ops.Call(symbol, arguments, result))

    def jump(self, target: Block) -> ops.Jump:
        return self.emit(ops.Jump(target))

    def branch(self, condition: Value, when_true: Block, when_false: Block, expect: bool | None = None) -> ops.Branch:
        return self.emit(ops.Branch(condition, when_true, when_false, expect))

    def ret(self, value: Value = NOTHING) -> ops.Return:
        return self.emit(ops.Return(value))
