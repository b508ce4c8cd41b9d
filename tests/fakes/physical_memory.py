"""Sparse physical memory for parsers of firmware tables."""

from __future__ import annotations

from errno import EFAULT

from kernel.drivers.acpi.tables import PhysicalMemoryReader
from runtime.lang import Array, u8, u64


class FakePhysicalMemory(PhysicalMemoryReader):
    """Pieces of memory by address; reading anything else fails."""

    def __init__(self, pieces: dict[int, bytes] | None = None) -> None:
        self.pieces: dict[int, bytes] = dict(pieces or {})

    def read(self, address: u64, buffer: Array[u8]) -> None:
        start = int(address)
        for base, content in self.pieces.items():
            if base <= start and start + len(buffer) <= base + len(content):
                for index in range(len(buffer)):
                    buffer[index] = content[start - base + index]
                return
        raise OSError(EFAULT, f"no memory at {start:#x}")
