"""The operations: one class each, whose docstring is its written meaning.

Arithmetic lies in arithmetic.py and operands in values.py; this file gathers all, so that users write `ops.Call`.

Values: every operation with a result is itself the value (assigned once). `Local`s are the assignable variables.
Ownership, which passes/reference_counts.py makes explicit:
  * parameters are borrowed: the caller keeps them alive during the call;
  * `owned_result` operations hand a new reference to the user, all other managed results are borrowed from an operand
    (or immortal);
  * operands listed by `stolen()` are consumed: the operation takes over one reference;
  * everything else only looks.
Lowering never emits `Retain`, `Release`, `BranchFailure`, `Failure`, `PushTraceback`, `ReturnFailure` or `Panic`:
passes insert them. Operations with `may_raise` go to the handler of their block when they fail; lowering writes no
branch for it. Concrete classes are never subclassed, so a `match` over them is safe.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import ClassVar

from compiler.ir.arithmetic import (
    AdoptReference,
    Check,
    CheckedInteger,
    CheckedOperator,
    Compare,
    Comparison,
    Conversion,
    Convert,
    Float,
    FloatCompare,
    FloatOperator,
    FloorDivide,
    IndexCheck,
    Integer,
    IntegerOperator,
    Intrinsic,
    RangeCheck,
    Select,
)
from compiler.ir.types import POINTER, REF, UNIT, AggregateRep, Rep
from compiler.ir.values import (
    Constant,
    Defect,
    Local,
    Operation,
    Parameter,
    SymbolAddress,
    Undefined,
    Value,
)

__all__ = [
    "AdoptReference",
    "AllocateObject",
    "Atomic",
    "AtomicOperator",
    "Block",
    "Branch",
    "BranchFailure",
    "Call",
    "CallIndirect",
    "Check",
    "CheckedInteger",
    "CheckedOperator",
    "ClearLocal",
    "Compare",
    "Comparison",
    "Constant",
    "Convention",
    "Conversion",
    "Convert",
    "Defect",
    "Extract",
    "Failure",
    "Float",
    "FloatCompare",
    "FloatOperator",
    "FloorDivide",
    "FreeObject",
    "Handler",
    "IndexCheck",
    "InlineAssembly",
    "Integer",
    "IntegerOperator",
    "Intrinsic",
    "Jump",
    "Load",
    "Local",
    "MakeAggregate",
    "MemoryBlock",
    "MemoryOperator",
    "Offset",
    "Operation",
    "Panic",
    "Parameter",
    "PushTraceback",
    "Raise",
    "RangeCheck",
    "ReadLocal",
    "Release",
    "Retain",
    "Return",
    "ReturnFailure",
    "Select",
    "Signature",
    "Store",
    "Switch",
    "SymbolAddress",
    "Take",
    "Undefined",
    "Unreachable",
    "Value",
    "WriteLocal",
]

# --- locals ----------------------------------------------------------------------------------------------------


@dataclass(slots=True, eq=False)
class ReadLocal(Operation):
    """The local's present value, borrowed from the local until it is written again."""

    local: Local
    rep: Rep


@dataclass(slots=True, eq=False)
class WriteLocal(Operation):
    """Assign; steals the value; the old value is released afterwards."""

    local: Local
    value: Value


@dataclass(slots=True, eq=False)
class ClearLocal(Operation):
    """Make the local unassigned again and release what it held (`del`, end of `except … as`, end of a temporary's
    life)."""

    local: Local


# --- memory --------------------------------------------------------------------------------------------------------


@dataclass(slots=True, eq=False)
class Offset(Operation):
    """base + index * scale + constant bytes, as a raw pointer. `base` is POINTER or REF; `index` is I64 or None."""

    base: Value
    index: Value | None
    scale: int
    constant: int
    rep: Rep = POINTER


@dataclass(slots=True, eq=False)
class Load(Operation):
    """Read `rep` at base + offset. A managed result is borrowed from the memory. `base` is POINTER or REF (then never
    null)."""

    base: Value
    offset: int
    rep: Rep
    volatile: bool = False
    invariant: bool = False
    """The memory never changes once it is readable (lengths of strings, descriptors)."""
    alignment: int = 0
    """Bytes; 0 means natural; 1 for packed layouts."""


@dataclass(slots=True, eq=False)
class Store(Operation):
    """Write a value at base + offset; steals it. `replaces`: the memory held a valid value, which is released
    afterwards."""

    base: Value
    offset: int
    value: Value
    replaces: bool
    volatile: bool = False
    alignment: int = 0


@dataclass(slots=True, eq=False)
class Take(Operation):
    """Move a managed value out of memory: owned result, the memory is raw afterwards."""

    owned_result: ClassVar[bool] = True
    base: Value
    offset: int
    rep: Rep


@dataclass(slots=True, eq=False)
class AllocateObject(Operation):
    """A new object with count 1 and this descriptor; `size` bytes of fields and header zeroed, plus `trailing` (I64)
    raw bytes. Raises MemoryError."""

    may_raise: ClassVar[bool] = True
    owned_result: ClassVar[bool] = True
    descriptor: str
    size: int
    trailing: Value | None
    rep: Rep = REF


@dataclass(slots=True, eq=False)
class FreeObject(Operation):
    """Give an object's memory back (only in drop functions, after its fields are released)."""

    reference: Value
    rep: Rep = UNIT


class MemoryOperator(Enum):
    COPY = "memcpy"
    MOVE = "memmove"
    FILL = "memset"


@dataclass(slots=True, eq=False)
class MemoryBlock(Operation):
    """memcpy/memmove (destination, source pointer, byte count I64) or memset (destination, byte value I8, count)."""

    operator: MemoryOperator
    destination: Value
    source: Value
    count: Value
    rep: Rep = UNIT


class AtomicOperator(Enum):
    LOAD = "load"
    STORE = "store"
    ADD = "add"
    SUB = "sub"
    AND = "and"
    OR = "or"
    EXCHANGE = "xchg"
    COMPARE_EXCHANGE = "cmpxchg"
    FENCE = "fence"


@dataclass(slots=True, eq=False)
class Atomic(Operation):
    """Sequentially consistent access at a pointer. Results: LOAD and read-modify-write give the old value;
    COMPARE_EXCHANGE (expected, new) gives I1; STORE and FENCE give unit."""

    operator: AtomicOperator
    pointer: Value | None
    arguments: tuple[Value, ...]
    rep: Rep


# --- aggregates ----------------------------------------------------------------------------------------------------


@dataclass(slots=True, eq=False)
class MakeAggregate(Operation):
    """Parts into one value; steals managed parts; the result is owned when any part is managed."""

    owned_result: ClassVar[bool] = True
    parts: tuple[Value, ...]
    rep: AggregateRep


@dataclass(slots=True, eq=False)
class Extract(Operation):
    """One part, borrowed from the aggregate."""

    aggregate: Value
    index: int
    rep: Rep


# --- calls ---------------------------------------------------------------------------------------------------------


class Convention(Enum):
    SYSTEM_V = "ccc"
    MICROSOFT_X64 = "win64cc"


@dataclass(frozen=True, slots=True)
class Signature:
    """What a call needs to know. `may_raise`: the machine result is {result, exception reference or null}."""

    parameters: tuple[Rep, ...]
    result: Rep
    may_raise: bool = True
    convention: Convention = Convention.SYSTEM_V


@dataclass(slots=True, eq=False)
class Call(Operation):
    """Call a function by symbol; arguments borrowed, managed result owned. Whether it may raise is the callee's
    signature's word (`Program.signature(symbol)`), refined by passes/raising.py."""

    may_raise: ClassVar[bool] = True
    owned_result: ClassVar[bool] = True
    symbol: str
    arguments: tuple[Value, ...]
    rep: Rep
    does_not_return: bool = False


@dataclass(slots=True, eq=False)
class CallIndirect(Operation):
    """Call through a code address. `targets`: every function that it can reach, where the closed world tells (overrides
    of a method); None: unknown, so the call has all effects."""

    may_raise: ClassVar[bool] = True
    owned_result: ClassVar[bool] = True
    code: Value
    signature: Signature
    arguments: tuple[Value, ...]
    rep: Rep
    targets: tuple[str, ...] | None = None


@dataclass(slots=True, eq=False)
class InlineAssembly(Operation):
    """LLVM inline assembly, Intel syntax; always a side effect."""

    template: str
    constraints: str
    arguments: tuple[Value, ...]
    rep: Rep


# --- control: exactly one of these ends a block ---------------------------------------------------------------------


@dataclass(slots=True, eq=False)
class Jump(Operation):
    is_terminator: ClassVar[bool] = True
    target: Block


@dataclass(slots=True, eq=False)
class Branch(Operation):
    """`expect`: True or False when one way is the usual one."""

    is_terminator: ClassVar[bool] = True
    condition: Value
    when_true: Block
    when_false: Block
    expect: bool | None = None


@dataclass(slots=True, eq=False)
class Switch(Operation):
    is_terminator: ClassVar[bool] = True
    value: Value
    cases: tuple[tuple[int, Block], ...]
    default: Block


@dataclass(slots=True, eq=False)
class Return(Operation):
    """Leave the function with a value (unit: Constant(UNIT, None)); steals it."""

    is_terminator: ClassVar[bool] = True
    value: Value


@dataclass(slots=True, eq=False)
class Raise(Operation):
    """Go to the block's handler, or leave the function, with this exception; steals it. `fresh`: a new traceback starts
    here (a re-raise of a caught exception continues the old one)."""

    may_raise: ClassVar[bool] = True
    is_terminator: ClassVar[bool] = True
    exception: Value
    fresh: bool = True


@dataclass(slots=True, eq=False)
class Unreachable(Operation):
    is_terminator: ClassVar[bool] = True


# --- inserted by passes only -----------------------------------------------------------------------------------------


@dataclass(slots=True, eq=False)
class BranchFailure(Operation):
    """Ends a block whose last operation is `operation`, which can fail: the result exists only in `when_fine`, the
    exception of a call (`Failure`) only in `when_failed`."""

    is_terminator: ClassVar[bool] = True
    operation: Operation
    when_failed: Block
    when_fine: Block


@dataclass(slots=True, eq=False)
class Failure(Operation):
    """The exception, owned and not null, with which a call ended; stands only where its BranchFailure has failed."""

    owned_result: ClassVar[bool] = True
    operation: Operation
    rep: Rep = REF


@dataclass(slots=True, eq=False)
class PushTraceback(Operation):
    """Cold: note this function and line for the exception (borrowed). `fresh` starts a new traceback."""

    exception: Value
    fresh: bool


@dataclass(slots=True, eq=False)
class Retain(Operation):
    """One more reference to every REF part. `shared`: atomically."""

    value: Value
    shared: bool = False


@dataclass(slots=True, eq=False)
class Release(Operation):
    """One reference less for every REF part; the last one drops the object."""

    value: Value
    shared: bool = False


@dataclass(slots=True, eq=False)
class ReturnFailure(Operation):
    """Leave a function that may raise with this exception; steals it."""

    is_terminator: ClassVar[bool] = True
    exception: Value


@dataclass(slots=True, eq=False)
class Panic(Operation):
    """A defect or condition reached the edge of a function that must not raise: hand it to the runtime, never
    return."""

    is_terminator: ClassVar[bool] = True
    exception: Value


# --- blocks -----------------------------------------------------------------------------------------------------------


@dataclass(slots=True, eq=False)
class Handler:
    """Where a failure in a block goes: the exception (owned) is written to `local`, then control passes to `block`."""

    block: Block
    local: Local


@dataclass(slots=True, eq=False)
class Block:
    """Straight-line operations ending in one terminator. `handler` None: failures leave the function."""

    name: str
    operations: list[Operation] = field(default_factory=list)
    handler: Handler | None = None
    cold: bool = False
