"""Representation types: what a value is in registers and memory, no matter which Python type it stands for.

`REF` is a counted reference to an object (or null); `POINTER` is raw memory nobody counts. Every other managed
value is an aggregate with `REF` parts: an array is (owner, address, length), an optional int is (present, value).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class IntegerRep:
    """Two's complement of 1, 8, 16, 32, 64 or 128 bits; signedness belongs to operations, not to values."""

    bits: int

    def __str__(self) -> str:
        return f"i{self.bits}"


@dataclass(frozen=True, slots=True)
class FloatRep:
    """IEEE 754 binary64."""

    def __str__(self) -> str:
        return "f64"


@dataclass(frozen=True, slots=True)
class PointerRep:
    """A raw address, not counted."""

    def __str__(self) -> str:
        return "ptr"


@dataclass(frozen=True, slots=True)
class ReferenceRep:
    """A counted reference to an object with a header, or null."""

    def __str__(self) -> str:
        return "ref"


@dataclass(frozen=True, slots=True)
class AggregateRep:
    """An unboxed sequence of parts; with no parts it is the unit value (None, no result)."""

    parts: tuple[Rep, ...]

    def __str__(self) -> str:
        return "{" + ", ".join(map(str, self.parts)) + "}"


Rep = IntegerRep | FloatRep | PointerRep | ReferenceRep | AggregateRep

I1, I8, I16, I32, I64, I128 = (IntegerRep(bits) for bits in (1, 8, 16, 32, 64, 128))
F64 = FloatRep()
POINTER = PointerRep()
REF = ReferenceRep()
UNIT = AggregateRep(())
STRUCT_REFERENCE = AggregateRep((REF, POINTER))
"""A reference to @struct storage: (owner that keeps it alive or null, address)."""
ARRAY = AggregateRep((REF, POINTER, I64))
"""An Array value: (owner or null, address of element 0, length in elements)."""
FUNCTION_VALUE = AggregateRep((POINTER, REF))
"""A Callable value: (code address, environment or null)."""


def is_managed(rep: Rep) -> bool:
    """Whether values of this type contain counted references."""
    match rep:
        case ReferenceRep():
            return True
        case AggregateRep(parts):
            return any(is_managed(part) for part in parts)
    return False


def size_and_alignment(rep: Rep) -> tuple[int, int]:
    """Bytes and alignment in memory on x86-64 (System V ABI 1.0 §3.1.2); an i1 takes one byte."""
    match rep:
        case IntegerRep(bits):
            size = max(bits // 8, 1)
            return size, size
        case AggregateRep(parts):
            offset, alignment = 0, 1
            for part in parts:
                size, align = size_and_alignment(part)
                offset = (offset + align - 1) // align * align + size
                alignment = max(alignment, align)
            return (offset + alignment - 1) // alignment * alignment, alignment
    return 8, 8


def part_offset(rep: AggregateRep, index: int) -> int:
    """Byte offset of one part of an aggregate in memory."""
    offset = 0
    for position, part in enumerate(rep.parts):
        size, align = size_and_alignment(part)
        offset = (offset + align - 1) // align * align
        if position == index:
            return offset
        offset += size
    raise IndexError(index)
