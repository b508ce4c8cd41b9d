"""Locals that may be read before they are assigned: Python raises, so the compiled program must.

Problem: `if c: x = 1` … `print(x)` raises UnboundLocalError when c was false. Where assignment is certain nothing is
checked; where it is not, a hidden flag travels with the local and the read raises the local's static exception:

    before   v = read x                   after   f = read .assigned.x
                                                  branch f, fine, unbound      unbound: raise static exception
                                          fine:   v = read x

Idea: definite assignment, forward, intersection at joins; a handler is entered with what held at the start of each
protected block (less what the block clears), which is a little less than the truth and so only adds checks.
Relies on: handlers are still implicit. Cost: only functions that have locals with `unbound_defect` are looked at.
"""

from __future__ import annotations

from compiler.ir import ops
from compiler.ir.flow import reachable
from compiler.ir.module import Function, Program
from compiler.ir.operands import successors
from compiler.ir.ops import Block, Constant, Local, Operation, SymbolAddress
from compiler.ir.types import I1, REF


def run(program: Program) -> None:
    """Add the checks of every function."""
    for function in program.functions.values():
        watched = [local for local in function.locals if local.unbound_defect is not None]
        if watched and function.blocks:
            _check_function(function, watched)


def _check_function(function: Function, watched: list[Local]) -> None:
    bits = {local: 1 << index for index, local in enumerate(watched)}
    at_start = _assigned_at_start(function, bits)
    uncertain: dict[Local, Local] = {}
    for block in list(function.blocks):
        if block in at_start:
            _find_uncertain(block, at_start[block], bits, uncertain, function)
    if uncertain:
        for block in list(function.blocks):
            _insert(function, block, at_start.get(block), bits, uncertain)
        entry = function.blocks[0]
        entry.operations[:0] = [ops.WriteLocal(flag, Constant(I1, 0)) for flag in uncertain.values()]


def _assigned_at_start(function: Function, bits: dict[Local, int]) -> dict[Block, int]:
    """Per reachable block the locals that are certainly assigned."""
    everything = (1 << len(bits)) - 1
    order = reachable(function.blocks)
    found = dict.fromkeys(order, everything)
    found[order[0]] = 0
    pending = list(reversed(order))
    while pending:
        block = pending.pop()
        mask = found[block]
        at_failure = mask
        for op in block.operations:
            mask = _after(op, mask, bits)
            at_failure &= mask
        targets = [(successor, mask) for successor in successors(block.operations[-1])]
        if block.handler is not None:
            targets.append((block.handler.block, at_failure))
        for target, value in targets:
            if found[target] & ~value:
                found[target] &= value
                pending.append(target)
    return found


def _after(op: Operation, mask: int, bits: dict[Local, int]) -> int:
    if type(op) is ops.WriteLocal:
        return mask | bits.get(op.local, 0)
    if type(op) is ops.ClearLocal:
        return mask & ~bits.get(op.local, 0)
    return mask


def _find_uncertain(
    block: Block, mask: int, bits: dict[Local, int], uncertain: dict[Local, Local], function: Function
) -> None:
    """Give a flag to every local that is read here without certainty."""
    for op in block.operations:
        if type(op) is ops.ReadLocal and bits.get(op.local, 0) & ~mask and op.local not in uncertain:
            flag = Local(f".assigned.{op.local.name}", I1)
            uncertain[op.local] = flag
            function.locals.append(flag)
        mask = _after(op, mask, bits)


def _insert(
    function: Function, block: Block, mask: int | None, bits: dict[Local, int], uncertain: dict[Local, Local]
) -> None:
    """Split the block at every uncertain read, and keep the flags."""
    operations, block.operations = block.operations, []
    current = block
    for op in operations:
        if type(op) is ops.ReadLocal and mask is not None and bits.get(op.local, 0) & ~mask:
            current = _check_read(function, current, op, uncertain[op.local])
            mask |= bits[op.local]
        current.operations.append(op)
        if isinstance(op, ops.WriteLocal | ops.ClearLocal) and op.local in uncertain:
            value = Constant(I1, int(isinstance(op, ops.WriteLocal)))
            current.operations.append(ops.WriteLocal(uncertain[op.local], value, line=op.line, file=op.file))
        if mask is not None:
            mask = _after(op, mask, bits)


def _check_read(function: Function, block: Block, op: ops.ReadLocal, flag: Local) -> Block:
    """End the block with the test of the flag; gives the block that goes on."""
    number = len(function.blocks)
    fine = Block(f"assigned.{number}", handler=block.handler, cold=block.cold)
    unbound = Block(f"unbound.{number}", handler=block.handler, cold=True)
    function.blocks.insert(function.blocks.index(block) + 1, fine)
    function.blocks.append(unbound)
    test = ops.ReadLocal(flag, I1, line=op.line, file=op.file)
    block.operations += [test, ops.Branch(test, fine, unbound, True, line=op.line, file=op.file)]
    exception = SymbolAddress(op.local.unbound_defect or "", REF)
    unbound.operations.append(ops.Raise(exception, True, line=op.line, file=op.file))
    return fine
