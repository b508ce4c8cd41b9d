"""What a function holds and what it only borrows: the facts that reference_counts.py turns into counts.

The idea: every value that needs a decision gets one bit, and `keep[value]` is the set of bits that must still be held
while the value is used: itself if it may be held, and everything it was derived from (the object behind a raw address,
the aggregate behind a part, the temporary behind a read).

Kinds of managed values:
    held       results of operations with `owned_result`: one reference is ours
    borrowed   reads of locals and of memory: valid until the local or the memory changes
    derived    parts of aggregates, invariant loads: valid as long as what they come from; also an aggregate that
    nothing
               consumes, which is a view of its parts: nobody counts it
    for ever   parameters (the caller's) and static objects
Kinds of managed locals:
    alias      written once, with a parameter or a static object, and never cleared: nobody counts it
    scope      named in the source: keeps its value until it is overwritten, cleared, or the function ends, as in
    CPython
               (a device may still use the memory of a buffer whose last mention is over)
    temporary  made by the compiler ('.'): dies with its last use, unless a raw address into it escapes
"""

from __future__ import annotations

from dataclasses import dataclass, field

from compiler.ir import ops
from compiler.ir.module import Function
from compiler.ir.operands import carries_address, operands, stolen
from compiler.ir.ops import Block, Local, Operation, Value
from compiler.ir.types import AggregateRep, PointerRep, ReferenceRep, Rep, is_managed

_MANAGED: dict[Rep, bool] = {}


def managed(rep: Rep) -> bool:
    """`is_managed`, remembered: the same few aggregates are asked about again and again."""
    kind = type(rep)
    if kind is ReferenceRep:
        return True
    if kind is not AggregateRep:
        return False
    known = _MANAGED.get(rep)
    if known is None:
        known = _MANAGED[rep] = is_managed(rep)
    return known


@dataclass(slots=True)
class Ownership:
    """Bits and masks of one function. A bit's position is an index into `subjects`."""

    function: Function
    order: list[Block]
    promoted: frozenset[Operation]
    aliases: set[Local]
    consumed: set[Value]
    """Aggregates that some operation steals."""
    subjects: list[Operation | Local] = field(default_factory=list)
    bit: dict[Operation | Local, int] = field(default_factory=dict)
    keep: dict[Value, int] = field(default_factory=dict)
    held: int = 0
    """Owned results and temporary locals (promoted values join later)."""
    loads: int = 0
    """Values borrowed from memory."""
    reads: dict[Local, int] = field(default_factory=dict)
    """Per local the values borrowed from it."""
    scope_locals: list[Local] = field(default_factory=list)
    temporaries: int = 0
    uses: dict[Block, list[int]] = field(default_factory=dict)
    """Per block and operation the bits that must be held while it runs."""
    definitions: dict[Block, list[int]] = field(default_factory=dict)

    def new_bit(self, subject: Operation | Local) -> int:
        bit = 1 << len(self.subjects)
        self.subjects.append(subject)
        self.bit[subject] = bit
        return bit


def analyse(function: Function, order: list[Block], promoted: frozenset[Operation] = frozenset()) -> Ownership:
    """Find bits, masks, uses and definitions; `order` is reverse postorder. `promoted`: borrowed values that are known
    to be held, so that what they were borrowed from need not be."""
    facts = Ownership(function, order, promoted, _aliases(order), _consumed_aggregates(order))
    for local in function.locals:
        if managed(local.rep) and local not in facts.aliases:
            if local.name.startswith("."):
                facts.temporaries |= facts.new_bit(local)
            else:
                facts.scope_locals.append(local)
    escaping = 0
    for block in order:
        escaping |= _scan(block, facts)
    for local in [subject for subject in facts.subjects if isinstance(subject, Local)]:
        if facts.bit[local] & escaping:
            facts.temporaries &= ~facts.bit.pop(local)
            facts.scope_locals.append(local)
    facts.held |= facts.temporaries
    return facts


def _aliases(order: list[Block]) -> set[Local]:
    """Locals that only ever stand for a value which outlives the function."""
    found: dict[Local, bool] = {}
    for block in order:
        for op in block.operations:
            if type(op) is ops.WriteLocal:
                lasting = type(op.value) is ops.Parameter or type(op.value) is ops.SymbolAddress
                found[op.local] = lasting and op.local not in found
            elif type(op) is ops.ClearLocal:
                found[op.local] = False
    return {local for local, alone in found.items() if alone and managed(local.rep)}


def consumes(op: Operation, facts: Ownership) -> bool:
    """Whether the operation takes over references at all: views and aliases only look."""
    if isinstance(op, ops.MakeAggregate):
        return op in facts.consumed
    return not isinstance(op, ops.WriteLocal) or op.local not in facts.aliases


def _consumed_aggregates(order: list[Block]) -> set[Value]:
    found: set[Value] = set()
    for block in order:
        for op in block.operations:
            for value in stolen(op):
                if type(value) is ops.MakeAggregate:
                    found.add(value)
    return found


def _scan(block: Block, facts: Ownership) -> int:
    """Uses and definitions of one block; gives the bits behind raw addresses that escape from expressions."""
    keep, escaping = facts.keep, 0
    uses: list[int] = []
    definitions: list[int] = []
    for op in block.operations:
        use = 0
        for operand in operands(op):
            use |= keep.get(operand, 0)
        definition = 0
        match op:
            case ops.WriteLocal(local) | ops.ClearLocal(local):
                definition = facts.bit.get(local, 0)
                if type(op) is ops.ClearLocal:
                    use |= definition
            case _:
                if type(op) is ops.ReadLocal:
                    use = facts.bit.get(op.local, 0)
                rep = getattr(op, "rep", None)
                if rep is not None and carries_address(rep):
                    definition = _define(op, rep, use, facts)
        if use and consumes(op, facts) and _lets_address_escape(op):
            escaping |= use
        uses.append(use)
        definitions.append(definition)
    facts.uses[block] = uses
    facts.definitions[block] = definitions
    return escaping & facts.temporaries


def _define(op: Operation, rep: Rep, parents: int, facts: Ownership) -> int:
    """Enter a result that carries an address; gives its own bit, 0 if it needs none."""
    own = 0
    if managed(rep):
        if not consumes(op, facts) or (type(op) is ops.ReadLocal and op.local in facts.aliases):
            own = 0
        elif op.owned_result:
            own = parents = facts.new_bit(op)
            facts.held |= own
        elif type(op) is ops.ReadLocal:
            own = facts.new_bit(op)
            facts.reads[op.local] = facts.reads.get(op.local, 0) | own
        elif type(op) is ops.Load and not op.invariant:
            own = facts.new_bit(op)
            facts.loads |= own
        if op in facts.promoted:
            parents = own
            facts.held |= own
    if own | parents:
        facts.keep[op] = own | parents
    return own


def _lets_address_escape(op: Operation) -> bool:
    """Whether a raw address outlives the expression it is part of: it is kept somewhere, or becomes a number."""
    match op:
        case ops.WriteLocal(_, value) | ops.Store(_, _, value):
            return isinstance(value.rep, PointerRep)
        case ops.MakeAggregate(parts):
            return any(isinstance(part.rep, PointerRep) for part in parts)
        case ops.Convert(ops.Conversion.POINTER_TO_INTEGER):
            return True
    return False


@dataclass(slots=True)
class Liveness:
    """Per block the bits whose holder is still needed at its start and end."""

    at_start: dict[Block, int]
    at_end: dict[Block, int]


def liveness(
    facts: Ownership, successors_of: dict[Block, tuple[Block, ...]], before: dict[Block, list[Block]]
) -> Liveness:
    """The usual backward analysis, on whole-block masks."""
    generated: dict[Block, int] = {}
    killed: dict[Block, int] = {}
    for block in facts.order:
        live = kill = 0
        for use, definition in zip(reversed(facts.uses[block]), reversed(facts.definitions[block]), strict=True):
            if use or definition:
                live = (live & ~definition) | use
                kill |= definition
        generated[block], killed[block] = live, kill
    at_start = dict(generated)
    at_end = dict.fromkeys(facts.order, 0)
    pending = list(facts.order)
    waiting = set(pending)
    while pending:
        block = pending.pop()
        waiting.discard(block)
        end = 0
        for successor in successors_of[block]:
            end |= at_start[successor]
        at_end[block] = end
        start = generated[block] | (end & ~killed[block])
        if start != at_start[block]:
            at_start[block] = start
            for previous in before[block]:
                if previous not in waiting:
                    waiting.add(previous)
                    pending.append(previous)
    return Liveness(at_start, at_end)
