"""UTF-8, byte by byte, for terminals: never fails, never waits for a byte that cannot follow, never allocates.

RFC 3629. Bytes that are no UTF-8 are taken as Latin-1, so that text of an older encoding stays legible; overlong
forms, surrogates and values past U+10FFFF count as such bytes.
"""

from __future__ import annotations

from typing import Final

from runtime.lang import Array, new_array, u32

_LONGEST: Final = 4  # bytes of a sequence
_MOST_CODES: Final = 5  # a broken sequence gives its bytes one by one, and the byte that broke it


class Utf8Decoder:
    """Turns bytes into code points."""

    _pending: Array[u32]  # bytes of a sequence that is not complete
    _count: int = 0
    _missing: int = 0
    _codes: Array[u32]  # what the last byte completed

    def __init__(self) -> None:
        self._pending = new_array(u32, _LONGEST)
        self._codes = new_array(u32, _MOST_CODES)

    def reset(self) -> None:
        """Forget an incomplete sequence."""
        self._count = 0
        self._missing = 0

    def feed(self, byte: int) -> int:
        """Return how many code points this byte completes: none, one, or several after a broken sequence."""
        if self._missing > 0 and byte & 0xC0 == 0x80:
            self._keep(byte)
            self._missing -= 1
            return self._complete() if self._missing == 0 else 0
        ready = self._give_up()
        self._missing = _following(byte)
        if self._missing > 0:
            self._keep(byte)
            return ready
        self._codes[ready] = u32(byte)
        return ready + 1

    def code(self, index: int) -> int:
        """Return one of the code points that the last byte completed."""
        return int(self._codes[index])

    def _keep(self, byte: int) -> None:
        """Add a byte to the sequence."""
        self._pending[self._count] = u32(byte)
        self._count += 1

    def _give_up(self) -> int:
        """Make the bytes of an incomplete sequence code points of their own; returns their number."""
        count = self._count
        for index in range(count):
            self._codes[index] = self._pending[index]
        self.reset()
        return count

    def _complete(self) -> int:
        """Make the sequence a code point, or its bytes when it encodes none."""
        code = int(self._pending[0]) & (0x7F >> self._count)
        for index in range(1, self._count):
            code = code << 6 | int(self._pending[index]) & 0x3F
        is_surrogate = 0xD800 <= code < 0xE000
        if code < _lowest(self._count) or code > 0x10FFFF or is_surrogate:
            return self._give_up()
        self.reset()
        self._codes[0] = u32(code)
        return 1


def _following(byte: int) -> int:
    """Return how many bytes follow a lead byte; 0 for anything else."""
    if 0xC2 <= byte < 0xE0:
        return 1
    if 0xE0 <= byte < 0xF0:
        return 2
    return 3 if 0xF0 <= byte < 0xF5 else 0


def _lowest(length: int) -> int:
    """Return the smallest code point that needs a sequence of this length."""
    if length == 2:
        return 0x80
    return 0x800 if length == 3 else 0x10000
