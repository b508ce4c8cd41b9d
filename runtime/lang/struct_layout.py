"""Where the fields of a struct lie: the rules of C on System V x86-64, computed from sizes alone.

A bit field goes into the next bits of the storage unit of its declared type, or into a new unit when it would cross the
unit's end (System V ABI, 3.1.2 "Bit-fields"); packed, it takes the next bit whatever it crosses. Padding is bytes
without alignment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

BITS_PER_BYTE = 8


class FieldKind(Enum):
    """What a field's declaration says about its storage."""

    PLAIN = "a value"
    ARRAY = "an inline array"
    STRUCT = "an inline struct"
    BITS = "a bit field"
    PADDING = "bytes nobody reads"


@dataclass(frozen=True, slots=True)
class FieldShape:
    """What the layout needs to know of a field: `size` and `align` in bytes, `bit_count` for bit fields."""

    name: str
    kind: FieldKind
    size: int
    align: int
    bit_count: int = 0


@dataclass(frozen=True, slots=True)
class FieldPlace:
    """Where a field lies. For a bit field: the first byte it touches, the bit in it, and the bytes it touches."""

    offset: int
    size: int
    first_bit: int = 0


@dataclass(frozen=True, slots=True)
class StructPlan:
    """The finished layout; `places` in the order of the fields, `size` a multiple of `align`."""

    places: tuple[FieldPlace, ...]
    size: int
    align: int


def round_up(value: int, multiple: int) -> int:
    """The smallest multiple that is not below `value`."""
    return -(-value // multiple) * multiple


def plan_struct(fields: Sequence[FieldShape], packed: bool, align: int) -> StructPlan:
    """Place the fields one after another. `align` raises the struct's alignment, 0 leaves it to the fields."""
    position = 0  # in bits from the start of the struct
    struct_align = max(align, 1)
    places = []
    for field in fields:
        if not packed and field.kind is not FieldKind.PADDING:
            struct_align = max(struct_align, field.align)
        if field.kind is FieldKind.BITS:
            place, position = _place_bits(field, position, packed)
        else:
            place, position = _place_bytes(field, position, packed)
        places.append(place)
    size = round_up(round_up(position, BITS_PER_BYTE) // BITS_PER_BYTE, struct_align)
    return StructPlan(tuple(places), size, struct_align)


def _place_bytes(field: FieldShape, position: int, packed: bool) -> tuple[FieldPlace, int]:
    align = 1 if packed or field.kind is FieldKind.PADDING else field.align
    offset = round_up(position, align * BITS_PER_BYTE) // BITS_PER_BYTE
    return FieldPlace(offset, field.size), (offset + field.size) * BITS_PER_BYTE


def _place_bits(field: FieldShape, position: int, packed: bool) -> tuple[FieldPlace, int]:
    unit = field.size * BITS_PER_BYTE
    if not packed and position % unit + field.bit_count > unit:
        position = round_up(position, unit)
    end = position + field.bit_count
    if packed:  # any run of bytes that holds the bits
        first_byte = position // BITS_PER_BYTE
        size = round_up(end, BITS_PER_BYTE) // BITS_PER_BYTE - first_byte
    else:  # the unit of the declared type, which is what hardware registers must be accessed by
        first_byte = position // unit * field.size
        size = field.size
    return FieldPlace(first_byte, size, position - first_byte * BITS_PER_BYTE), end
