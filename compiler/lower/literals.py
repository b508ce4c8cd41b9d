"""Immortal objects of the program's text: str and bytes literals, names and values of enum members.

Layout of str: header, length, hash (0: not computed yet, so the object is writable), kind word (bytes per code
point, bit 8 for ASCII), units, a zero unit. The kind is the narrowest that holds the text (PEP 393), because equal
texts must have equal kinds.
"""

from __future__ import annotations

import hashlib

from compiler.ir.module import DataItem, DataSection
from compiler.lower.context import ProgramLowering, descriptor_symbol
from compiler.lower.data_image import DataImage
from compiler.type_system.kinds import EnumInfo
from compiler.type_system.object_layout import COUNT_OFFSET, DESCRIPTOR_OFFSET, HEADER_SIZE

IMMORTAL = -1
STRING_KIND_OFFSET, STRING_DATA_OFFSET = 32, 40
BYTES_DATA_OFFSET = 32
ASCII_FLAG = 0x100


def header(context: ProgramLowering, image: DataImage, class_name: str, length: int) -> None:
    """Immortal, of this builtin class, with its length."""
    kind = context.builtin(class_name)
    context.descriptor(kind)
    image.integer(COUNT_OFFSET, IMMORTAL, 8)
    image.reference(DESCRIPTOR_OFFSET, descriptor_symbol(kind))
    image.integer(HEADER_SIZE, length, 8)


def string(context: ProgramLowering, text: str) -> str:
    """The symbol of a str object."""
    encoded = text.encode("utf-32-le", "surrogatepass")
    symbol = f"str.{hashlib.sha256(encoded).hexdigest()[:20]}"
    if symbol in context.program.data:
        return symbol
    highest = max(map(ord, text), default=0)
    unit = 1 if highest < 0x100 else 2 if highest < 0x10000 else 4
    image = DataImage((STRING_DATA_OFFSET + (len(text) + 1) * unit + 7) // 8 * 8)
    header(context, image, "str", len(text))
    image.integer(STRING_KIND_OFFSET, unit | (ASCII_FLAG if highest < 0x80 else 0), 8)
    image.octets(STRING_DATA_OFFSET, b"".join(ord(character).to_bytes(unit, "little") for character in text))
    return context.add_data(image.item(symbol, context.unit, DataSection.WRITABLE, 8))


def octets(context: ProgramLowering, data: bytes) -> str:
    """The symbol of a bytes object."""
    symbol = f"bytes.{hashlib.sha256(data).hexdigest()[:20]}"
    if symbol in context.program.data:
        return symbol
    image = DataImage((BYTES_DATA_OFFSET + len(data) + 1 + 7) // 8 * 8)
    header(context, image, "bytes", len(data))
    image.octets(BYTES_DATA_OFFSET, data)
    return context.add_data(image.item(symbol, context.unit, DataSection.WRITABLE, 16))


def enum_values(context: ProgramLowering, info: EnumInfo) -> str:
    """A table from position to value: eight bytes each, numbers or str objects."""
    return _enum_table(context, f"enum.{info.qualified_name}.values", info, info.values)


def enum_names(context: ProgramLowering, info: EnumInfo) -> str:
    return _enum_table(context, f"enum.{info.qualified_name}.names", info, info.members)


def _enum_table(context: ProgramLowering, symbol: str, info: EnumInfo, entries: list[int | str] | list[str]) -> str:
    if symbol in context.program.data:
        return symbol
    image = DataImage(8 * len(entries))
    for position, entry in enumerate(entries):
        if isinstance(entry, int):
            image.integer(8 * position, entry, 8)
        else:
            image.reference(8 * position, string(context, entry))
    item: DataItem = image.item(symbol, info.module, DataSection.READ_ONLY, 8)
    return context.add_data(item)
