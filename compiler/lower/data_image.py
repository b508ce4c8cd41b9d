"""Bytes and addresses at offsets: how static data is put together before it becomes a `DataItem`."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from compiler.ir.module import DataItem, DataReference, DataSection


@dataclass(slots=True)
class DataImage:
    """Zero-filled memory of a fixed size with some places set."""

    size: int
    content: bytearray = field(init=False)
    references: dict[int, DataReference] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.content = bytearray(self.size)

    def integer(self, offset: int, value: int, size: int) -> None:
        """Two's complement, little endian."""
        self.content[offset : offset + size] = (value & ((1 << (8 * size)) - 1)).to_bytes(size, "little")

    def bits(self, offset: int, value: int, size: int) -> None:
        """Set bits of a unit that holds several fields."""
        present = int.from_bytes(self.content[offset : offset + size], "little")
        self.integer(offset, present | value, size)

    def double(self, offset: int, value: float) -> None:
        self.content[offset : offset + 8] = struct.pack("<d", value)

    def octets(self, offset: int, data: bytes) -> None:
        self.content[offset : offset + len(data)] = data

    def reference(self, offset: int, symbol: str, addend: int = 0) -> None:
        self.references[offset] = DataReference(symbol, addend)

    @property
    def is_zero(self) -> bool:
        return not self.references and not any(self.content)

    def parts(self) -> tuple[bytes | DataReference, ...]:
        """Bytes between references, in order."""
        found: list[bytes | DataReference] = []
        position = 0
        for offset in sorted(self.references):
            if offset > position:
                found.append(bytes(self.content[position:offset]))
            found.append(self.references[offset])
            position = offset + 8
        if position < self.size:
            found.append(bytes(self.content[position:]))
        return tuple(found)

    def item(self, symbol: str, unit: str, section: DataSection, alignment: int) -> DataItem:
        """The finished item; writable memory of zeros needs no bytes in the file."""
        if section is DataSection.WRITABLE and self.is_zero:
            return DataItem(symbol, unit, DataSection.ZERO, alignment, size=self.size)
        return DataItem(symbol, unit, section, alignment, self.parts(), self.size)
