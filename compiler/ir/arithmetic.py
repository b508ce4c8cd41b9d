"""The operations on integers and floats, their conversions, and the checks that raise preallocated defects."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from compiler.ir.types import F64, I1, I64, REF, UNIT, Rep
from compiler.ir.values import Defect, Operation, Value

# --- integers and floats ------------------------------------------------------------------------------------------


class IntegerOperator(Enum):
    """Plain two's complement operators (no checks); DIV/REM truncate as the machine does, divisor known not to be 0."""

    ADD = "add"
    SUB = "sub"
    MUL = "mul"
    SDIV = "sdiv"
    UDIV = "udiv"
    SREM = "srem"
    UREM = "urem"
    AND = "and"
    OR = "or"
    XOR = "xor"
    SHL = "shl"
    LSHR = "lshr"
    ASHR = "ashr"


@dataclass(slots=True, eq=False)
class Integer(Operation):
    """left ∘ right, modulo 2^bits. A shift count of `bits` or more is the caller's fault (undefined)."""

    operator: IntegerOperator
    left: Value
    right: Value
    rep: Rep


class CheckedOperator(Enum):
    ADD = "add"
    SUB = "sub"
    MUL = "mul"


@dataclass(slots=True, eq=False)
class CheckedInteger(Operation):
    """left ∘ right; raises OverflowError when the exact result does not fit the width in this signedness."""

    may_raise: ClassVar[bool] = True
    operator: CheckedOperator
    signed: bool
    left: Value
    right: Value
    rep: Rep


@dataclass(slots=True, eq=False)
class FloorDivide(Operation):
    """Python's // (modulo False) or % (modulo True) in one width. Raises `zero_defect` for a zero divisor,
    OverflowError for MIN // -1 (MIN % -1 is 0)."""

    may_raise: ClassVar[bool] = True
    modulo: bool
    signed: bool
    left: Value
    right: Value
    zero_defect: Defect
    rep: Rep


class Comparison(Enum):
    EQ = "eq"
    NE = "ne"
    SLT = "slt"
    SLE = "sle"
    SGT = "sgt"
    SGE = "sge"
    ULT = "ult"
    ULE = "ule"
    UGT = "ugt"
    UGE = "uge"


@dataclass(slots=True, eq=False)
class Compare(Operation):
    """I1 from two integers, pointers or references of one type (EQ and NE on references compare identity)."""

    comparison: Comparison
    left: Value
    right: Value
    rep: Rep = I1


class FloatOperator(Enum):
    ADD = "fadd"
    SUB = "fsub"
    MUL = "fmul"
    DIV = "fdiv"


@dataclass(slots=True, eq=False)
class Float(Operation):
    """IEEE arithmetic, round to nearest, no fast-math."""

    operator: FloatOperator
    left: Value
    right: Value
    rep: Rep = F64


@dataclass(slots=True, eq=False)
class FloatCompare(Operation):
    """Ordered comparison by SLT/SLE/SGT/SGE/EQ (false with NaN); NE is true with NaN."""

    comparison: Comparison
    left: Value
    right: Value
    rep: Rep = I1


class Conversion(Enum):
    SIGN_EXTEND = "sext"
    ZERO_EXTEND = "zext"
    TRUNCATE = "trunc"
    SIGNED_TO_FLOAT = "sitofp"
    UNSIGNED_TO_FLOAT = "uitofp"
    FLOAT_TO_SIGNED = "fptosi"
    POINTER_TO_INTEGER = "ptrtoint"
    INTEGER_TO_POINTER = "inttoptr"
    REFERENCE_TO_POINTER = "ref_to_ptr"
    FLOAT_BITS = "float_bits"
    BITS_FLOAT = "bits_float"


@dataclass(slots=True, eq=False)
class Convert(Operation):
    """A conversion that cannot fail. FLOAT_TO_SIGNED: the value is known to fit. REFERENCE_TO_POINTER: a look, no
    count."""

    conversion: Conversion
    value: Value
    rep: Rep


@dataclass(slots=True, eq=False)
class AdoptReference(Operation):
    """Turn a raw pointer into an owned reference: the pointer's one count is taken over."""

    owned_result: ClassVar[bool] = True
    value: Value
    rep: Rep = REF


@dataclass(slots=True, eq=False)
class Intrinsic(Operation):
    """A call of an LLVM intrinsic by its full name, e.g. 'llvm.ctpop.i64'; pure unless `side_effects`."""

    name: str
    arguments: tuple[Value, ...]
    rep: Rep
    side_effects: bool = False


@dataclass(slots=True, eq=False)
class Select(Operation):
    """condition ? when_true : when_false; both already computed; neither is managed."""

    condition: Value
    when_true: Value
    when_false: Value
    rep: Rep


# --- checks -------------------------------------------------------------------------------------------------------


@dataclass(slots=True, eq=False)
class Check(Operation):
    """Raise the defect unless the condition (I1) holds."""

    may_raise: ClassVar[bool] = True
    condition: Value
    defect: Defect
    rep: Rep = UNIT


@dataclass(slots=True, eq=False)
class RangeCheck(Operation):
    """The value, which must lie in low…high (inclusive, mathematical, reading the operand as `signed` says), truncated
    or extended to `rep` (extended by the operand's signedness); OverflowError otherwise."""

    may_raise: ClassVar[bool] = True
    value: Value
    signed: bool
    low: int
    high: int
    rep: Rep


@dataclass(slots=True, eq=False)
class IndexCheck(Operation):
    """Python's index rule: index (I64 signed) < 0 counts from the end; the result is in 0…length-1 or the defect is
    raised."""

    may_raise: ClassVar[bool] = True
    index: Value
    length: Value
    defect: Defect
    rep: Rep = I64
