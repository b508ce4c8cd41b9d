"""A fixed ring of bytes between one producer and one consumer: serial input from the interrupt to the reader.

Invariant: 0 ≤ count ≤ capacity; the oldest byte is at `_first`. Nothing allocates after construction, so `put` may
run in interrupt context. A full ring refuses the new byte (and counts it): what was typed first is kept.
"""

from __future__ import annotations

from runtime.lang import Array, new_array, u8


class RingBuffer:
    """A first-in-first-out queue of bytes with a fixed capacity."""

    _bytes: Array[u8]
    _first: int = 0
    _count: int = 0
    dropped: int = 0  # bytes refused because the ring was full

    def __init__(self, capacity: int) -> None:
        self._bytes = new_array(u8, capacity)

    def __len__(self) -> int:
        return self._count

    def put(self, byte: int) -> bool:
        """Append a byte; False when the ring is full."""
        if self._count == len(self._bytes):
            self.dropped += 1
            return False
        self._bytes[(self._first + self._count) % len(self._bytes)] = u8(byte & 0xFF)
        self._count += 1
        return True

    def get(self) -> int:
        """Remove and return the oldest byte, or -1 when the ring is empty."""
        if self._count == 0:
            return -1
        byte = int(self._bytes[self._first])
        self._first = (self._first + 1) % len(self._bytes)
        self._count -= 1
        return byte

    def clear(self) -> None:
        """Forget all bytes."""
        self._first = 0
        self._count = 0
