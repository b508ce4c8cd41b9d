"""C layout of @struct classes (System V ABI 1.0 §3.1.2): natural alignment, bit fields packed into units of their
declared type."""

from __future__ import annotations

from compiler.type_system.kinds import StructFieldInfo, StructInfo, StructType
from compiler.type_system.representation import memory_alignment, memory_size


def lay_out(info: StructInfo) -> None:
    """Set offset and size of every field, and size and alignment of the struct."""
    offset, alignment, bit = 0, max(info.minimum_alignment, 1), BitCursor()
    for field in info.fields.values():
        unit, align = element_size(field), 1 if info.packed or field.is_padding else field_alignment(field)
        if field.bit_width is not None:
            offset, bit = place_bits(field, offset, unit, align, bit)
        else:
            bit = BitCursor()
            offset = (offset + align - 1) // align * align
            field.offset = offset
            field.size = unit * (field.length if field.length is not None else 1)
            offset += field.size
        alignment = max(alignment, align)
    info.alignment = alignment
    info.size = (offset + alignment - 1) // alignment * alignment


class BitCursor:
    """How far the present bit-field unit is filled: its offset, its size in bytes, bits used."""

    def __init__(self, offset: int = 0, unit: int = 0, used: int = 0) -> None:
        self.offset, self.unit, self.used = offset, unit, used

    def has_room(self, unit: int, width: int) -> bool:
        return self.unit == unit and self.used + width <= unit * 8


def place_bits(field: StructFieldInfo, offset: int, unit: int, align: int, bit: BitCursor) -> tuple[int, BitCursor]:
    """Put a bit field into the open unit, or open a new one."""
    width = field.bit_width or 0
    if not bit.has_room(unit, width):
        offset = (offset + align - 1) // align * align
        bit = BitCursor(offset, unit, 0)
        offset += unit
    field.offset, field.size, field.bit_offset = bit.offset, unit, bit.used
    return offset, BitCursor(bit.offset, unit, bit.used + width)


def element_size(field: StructFieldInfo) -> int:
    if field.is_padding:
        return 1
    return memory_size(field.type)


def field_alignment(field: StructFieldInfo) -> int:
    if isinstance(field.type, StructType):
        return field.type.info.alignment
    return memory_alignment(field.type)
