"""UTF-8, byte by byte, for terminals: never fails, never waits for a byte that cannot follow.

RFC 3629. Bytes that are no UTF-8 are taken as Latin-1, so that text of an older encoding stays legible; overlong
forms, surrogates and values past U+10FFFF count as such bytes.
"""

from __future__ import annotations


class Utf8Decoder:
    """Turns bytes into code points."""

    _pending: list[int]  # bytes of a sequence that is not complete
    _missing: int = 0

    def __init__(self) -> None:
        self._pending = []

    def reset(self) -> None:
        """Forget an incomplete sequence."""
        self._pending = []
        self._missing = 0

    def feed(self, byte: int) -> list[int]:
        """Return the code points that this byte completes: none, one, or several after a broken sequence."""
        if self._missing > 0 and byte & 0xC0 == 0x80:
            self._pending.append(byte)
            self._missing -= 1
            return self._complete() if self._missing == 0 else []
        broken = self._pending
        self.reset()
        self._missing = _following(byte)
        if self._missing == 0:
            broken.append(byte)
            return broken
        self._pending = [byte]
        return broken

    def _complete(self) -> list[int]:
        """Return the code point of the pending bytes, or the bytes themselves when they encode none."""
        sequence = self._pending
        self.reset()
        code = sequence[0] & (0x7F >> len(sequence))
        for index in range(1, len(sequence)):
            code = code << 6 | sequence[index] & 0x3F
        is_surrogate = 0xD800 <= code < 0xE000
        if code < _lowest(len(sequence)) or code > 0x10FFFF or is_surrogate:
            return sequence
        return [code]


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
