"""Counts become explicit: after this pass `Retain` and `Release` are the only operations that change them.

The design is mypyc's (transform/refcount.py), a late pass over explicit edges: parameters are borrowed, results are
owned, an owned value is released right after its last use, and a last use that consumes it moves it.

    before   x = call make()              after   x = call make()
             store self+16, x, replaces           old = load self+16
                                                  store self+16, x          (moved)
                                                  release old

Invariant while rewriting: a bit of `Ownership.held` is held exactly where it is live. So
  * it is released where it dies: after the operation, or on the edge to the block that does not need it;
  * an operation that consumes it elsewhere than at its last use gets a retained copy.
A value borrowed from memory is not counted at all unless it is live across an operation that may change memory (a call
of a function that stores references, a replacing store): then it is retained where it is read and is held from there
on. Arguments count as live during the call. A value borrowed from a local is retained only when the local is written
while it is live.

Relies on: dropping an object changes no memory that a live object can see (there are no user finalisers), so a release
in between invalidates nothing as long as the object behind the value is held. Values are not released on the way to
`Panic`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from compiler.ir import ops
from compiler.ir.flow import block_successors, predecessors, reachable
from compiler.ir.module import Function, Program
from compiler.ir.operands import replace_successor, stolen
from compiler.ir.ops import Block, Local, Operation, Value
from compiler.ir.types import AggregateRep
from compiler.passes.ownership import Liveness, Ownership, analyse, consumes, liveness, managed


def run(program: Program) -> None:
    """Insert the counts of every function."""
    preserving = set(program.functions) - clobbering_functions(program)
    for function in program.functions.values():
        if function.blocks:
            count_references(function, preserving)
            if program.shared_counts:
                _share(function)


def _share(function: Function) -> None:
    """Counts that several threads may change at once change atomically."""
    for block in function.blocks:
        for op in block.operations:
            if isinstance(op, ops.Retain | ops.Release):
                op.shared = True


def clobbering_functions(program: Program) -> set[str]:
    """Functions that may change a reference in memory which somebody else can see, themselves or through a call."""
    callers: dict[str, list[str]] = {}
    found: set[str] = set()
    for function in program.functions.values():
        if function.assembly is not None or _clobbers_itself(function, program, callers):
            found.add(function.symbol)
    pending = list(found)
    while pending:
        for caller in callers.get(pending.pop(), ()):
            if caller not in found:
                found.add(caller)
                pending.append(caller)
    return found


def _clobbers_itself(function: Function, program: Program, callers: dict[str, list[str]]) -> bool:
    clobbers = False
    for block in function.blocks:
        for op in block.operations:
            match op:
                case ops.Call(symbol):
                    if symbol in program.functions:
                        callers.setdefault(symbol, []).append(function.symbol)
                    else:
                        clobbers = True
                case ops.CallIndirect(targets=targets) if targets is not None:
                    for target in targets:
                        callers.setdefault(target, []).append(function.symbol)
                case ops.CallIndirect() | ops.Take():
                    clobbers = True
                case ops.Store(_, _, value, replaces):
                    clobbers = clobbers or (replaces and managed(value.rep))
    return clobbers


def count_references(function: Function, preserving: set[str]) -> None:
    """Insert the counts of one function whose failures are explicit. `preserving`: functions that change no reference
    in memory."""
    order = reachable(function.blocks)
    kept = set(order)
    function.blocks = [block for block in function.blocks if block in kept]
    facts = analyse(function, order)
    if not facts.subjects and not facts.scope_locals and not _touches_counts(function):
        return
    before = predecessors(function.blocks)
    following = {block: block_successors(block) for block in order}
    alive = liveness(facts, following, before)
    promoted = _promoted(facts, alive, preserving)
    if promoted:
        # a promoted value no longer needs what it was borrowed from, which may then need no promotion itself
        deepest = _deepest(facts, promoted)
        facts = analyse(function, order, deepest)
        alive = liveness(facts, following, before)
        promoted = _promoted(facts, alive, preserving)
        for value in deepest:
            promoted |= facts.bit[value]
    _Counter(function, facts, alive, before, promoted).rewrite()


def _deepest(facts: Ownership, promoted: int) -> frozenset[Operation]:
    """Of the promoted values those from which no other promoted value is borrowed."""
    found: list[Operation] = []
    inner = 0
    for value, mask in facts.keep.items():
        own = facts.bit.get(value, 0) if isinstance(value, Operation) else 0
        if own & promoted:
            inner |= mask & ~own
    for subject in facts.subjects:
        if isinstance(subject, Operation) and facts.bit[subject] & promoted & ~inner:
            found.append(subject)
    return frozenset(found)


def _touches_counts(function: Function) -> bool:
    """Whether an operation consumes or replaces a managed value although none is produced here (parameters)."""
    return any(managed(value.rep) for block in function.blocks for op in block.operations for value in stolen(op))


def _promoted(facts: Ownership, alive: Liveness, preserving: set[str]) -> int:
    """The borrowed values that must be held because what they are borrowed from may change while they are live."""
    found = 0
    if not facts.loads and not facts.reads:
        return 0
    for block in facts.order:
        live = alive.at_end[block]
        for op, use, definition in zip(
            reversed(block.operations), reversed(facts.uses[block]), reversed(facts.definitions[block]), strict=True
        ):
            remaining = live & ~definition
            match op:
                case ops.Call(symbol):
                    if symbol not in preserving:
                        found |= (remaining | use) & facts.loads
                case ops.CallIndirect(targets=targets):
                    if targets is None or not preserving.issuperset(targets):
                        found |= (remaining | use) & facts.loads
                case ops.Store(_, _, value, True) if managed(value.rep):
                    found |= remaining & facts.loads
                case ops.Take():
                    found |= remaining & facts.loads
                case ops.WriteLocal(local) | ops.ClearLocal(local):
                    found |= live & facts.reads.get(local, 0)
            live = remaining | use
    return found


@dataclass(slots=True)
class _Counter:
    """Rewrites one function."""

    function: Function
    facts: Ownership
    alive: Liveness
    before: dict[Block, list[Block]]
    promoted: int
    held: int = 0
    edges: dict[tuple[Block, int], Block] = field(default_factory=dict)
    assigned: dict[Block, int] = field(default_factory=dict)
    """Per block the scope locals (by position) that may hold a value at its start."""
    position: dict[Local, int] = field(default_factory=dict)

    def rewrite(self) -> None:
        self.held = self.facts.held | self.promoted
        self.position = {local: 1 << index for index, local in enumerate(self.facts.scope_locals)}
        self._find_assigned()
        for block in list(self.function.blocks):
            self._leave_edges(block)
        for block in self.facts.order:
            self._rewrite_block(block)
        self._enter_edges()

    # --- which scope locals may hold something

    def _find_assigned(self) -> None:
        self.assigned = dict.fromkeys(self.facts.order, 0)
        if not self.position:
            return
        pending = list(reversed(self.facts.order))
        while pending:
            block = pending.pop()
            mask = self.assigned[block]
            for op in block.operations:
                mask = self._after(op, mask)
            for successor in block_successors(block):
                if mask & ~self.assigned[successor]:
                    self.assigned[successor] |= mask
                    pending.append(successor)

    def _after(self, op: Operation, mask: int) -> int:
        if type(op) is ops.WriteLocal:
            return mask | self.position.get(op.local, 0)
        if type(op) is ops.ClearLocal:
            return mask & ~self.position.get(op.local, 0)
        return mask

    # --- edges: what dies between two blocks

    def _leave_edges(self, block: Block) -> None:
        """Send edges on which something dies through a block of releases, unless the target is entered from here
        only."""
        terminator = block.operations[-1]
        for successor in block_successors(block):
            mask = self._dying_on_edge(block, successor)
            if mask and self._entered_from_elsewhere(successor):
                key = (successor, mask)
                edge = self.edges.get(key)
                if edge is None:
                    edge = self.edges[key] = Block(f"edge.{len(self.edges)}", cold=successor.cold)
                    edge.operations = [*self._releases(mask, terminator), ops.Jump(successor, line=terminator.line)]
                    self.function.blocks.append(edge)
                replace_successor(terminator, successor, edge)

    def _enter_edges(self) -> None:
        """Where a block has one predecessor, the releases of the edge stand at its start."""
        for block in self.facts.order:
            if self.before[block] and not self._entered_from_elsewhere(block):
                mask = self._dying_on_edge(self.before[block][0], block)
                if mask:
                    block.operations[:0] = self._releases(mask, block.operations[0])

    def _entered_from_elsewhere(self, block: Block) -> bool:
        """Whether there is more than one way into the block; the call of the function is one into the first."""
        return len(self.before[block]) + (block is self.facts.order[0]) > 1

    def _dying_on_edge(self, block: Block, successor: Block) -> int:
        if type(successor.operations[-1]) in _ENDS_OF_THE_WORLD:
            return 0
        held = self.alive.at_end[block]
        terminator = block.operations[-1]
        if type(terminator) is ops.BranchFailure:
            own = self.facts.bit.get(terminator.operation, 0)
            index = len(self.facts.uses[block]) - 2
            held |= self.facts.uses[block][index]
            held = held & ~own if successor is terminator.when_failed else held | own
        return held & ~self.alive.at_start[successor] & self.held

    def _releases(self, mask: int, at: Operation) -> list[Operation]:
        """Release every subject of the mask, in order of definition."""
        found: list[Operation] = []
        while mask:
            low = mask & -mask
            mask ^= low
            subject = self.facts.subjects[low.bit_length() - 1]
            value: Operation = subject if isinstance(subject, Operation) else _read(subject, at)
            if value is not subject:
                found.append(value)
            found.append(ops.Release(value, line=at.line, file=at.file))
        return found

    # --- blocks

    def _rewrite_block(self, block: Block) -> None:
        uses, definitions = self.facts.uses[block], self.facts.definitions[block]
        operations = block.operations
        ends_failing = type(operations[-1]) is ops.BranchFailure
        masks: list[int] = []
        live = self.alive.at_end[block]
        for use, definition in zip(reversed(uses), reversed(definitions), strict=True):
            masks.append(live)
            live = (live & ~definition) | use
        masks.reverse()
        result: list[Operation] = []
        assigned = self.assigned[block]
        failing = len(operations) - 2 if ends_failing else -1
        for index, op in enumerate(operations):
            if index == failing:
                result.append(op)
                continue
            self._rewrite_operation(op, uses[index], definitions[index], masks[index], assigned, result)
            assigned = self._after(op, assigned)
        block.operations = result

    def _rewrite_operation(
        self, op: Operation, use: int, definition: int, live: int, assigned: int, result: list[Operation]
    ) -> None:
        """Append the operation with what must happen before and after it."""
        kind = type(op)
        if kind in _ENDS_OF_THE_WORLD:
            result.append(op)
            return
        dying = use & ~(live & ~definition) & self.held
        moved: Local | None = None
        for value in stolen(op) if consumes(op, self.facts) else ():
            if managed(value.rep):
                dying, moved = self._steal(op, value, dying, assigned, moved, result)
        old = self._old_value(op, dying, assigned, result)
        if isinstance(op, ops.WriteLocal | ops.ClearLocal):
            dying &= ~self.facts.bit.get(op.local, 0)
        if op.is_terminator:
            result.extend(self._releases(dying, op))
            if kind is ops.Return or kind is ops.ReturnFailure:
                self._release_scope(assigned, moved, op, result)
            result.append(op)
            return
        result.append(op)
        if definition & self.promoted:
            result.append(ops.Retain(op, line=op.line, file=op.file))
        if old is not None:
            result.append(ops.Release(old, line=op.line, file=op.file))
        if kind is not ops.ClearLocal:
            dying |= definition & ~live & self.held
        if dying:
            result.extend(self._releases(dying, op))

    def _steal(
        self, op: Operation, value: Value, dying: int, assigned: int, moved: Local | None, result: list[Operation]
    ) -> tuple[int, Local | None]:
        """Provide the reference that the operation consumes: the value's own at its last use, else one more."""
        if isinstance(value, ops.SymbolAddress | ops.Constant | ops.Undefined):
            return dying, moved
        owner = _whole(value)
        bit = self.facts.bit.get(owner, 0) if isinstance(owner, Operation) else 0
        if bit & dying:
            return dying & ~bit, moved
        if isinstance(owner, ops.ReadLocal) and not bit & self.promoted:
            source = self.facts.bit.get(owner.local, 0)
            if source & dying:
                return dying & ~source, moved
            leaving = isinstance(op, ops.Return | ops.ReturnFailure)
            if leaving and moved is None and self.position.get(owner.local, 0) & assigned:
                return dying, owner.local
        result.append(ops.Retain(value, line=op.line, file=op.file))
        return dying, moved

    def _old_value(self, op: Operation, dying: int, assigned: int, result: list[Operation]) -> Value | None:
        """Read what a store or an assignment is about to replace."""
        old: Operation | None = None
        match op:
            case ops.Store(base, offset, value, True):
                op.replaces = False
                if managed(value.rep):
                    old = ops.Load(base, offset, value.rep, alignment=op.alignment, line=op.line, file=op.file)
            case ops.WriteLocal(local) | ops.ClearLocal(local):
                if (dying & self.facts.bit.get(local, 0)) or (assigned & self.position.get(local, 0)):
                    old = _read(local, op)
        if old is not None:
            result.append(old)
        return old

    def _release_scope(self, assigned: int, moved: Local | None, at: Operation, result: list[Operation]) -> None:
        """The function ends: what its variables still hold goes."""
        for local, bit in self.position.items():
            if assigned & bit and local is not moved:
                value = _read(local, at)
                result.append(value)
                result.append(ops.Release(value, line=at.line, file=at.file))


def _whole(value: Value) -> Value:
    """The aggregate whose only reference this part is: to consume the part at its last use is to consume the whole."""
    while isinstance(value, ops.Extract) and isinstance(value.aggregate.rep, AggregateRep):
        if not managed(value.rep) or sum(managed(part) for part in value.aggregate.rep.parts) != 1:
            return value
        value = value.aggregate
    return value


def _read(local: Local, at: Operation) -> ops.ReadLocal:
    return ops.ReadLocal(local, local.rep, line=at.line, file=at.file)


_ENDS_OF_THE_WORLD = frozenset({ops.Panic, ops.Unreachable})
"""Nobody is left who would miss the memory."""
