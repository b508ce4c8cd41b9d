"""Size of a type in memory."""

from __future__ import annotations


def size_of(item: object) -> int:
    raise NotImplementedError
