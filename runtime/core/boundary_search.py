"""Sets of code points as sorted boundaries: membership is the parity of the boundaries at or below a code point.

A set is two tables: boundaries below U+10000 in two bytes each, the others in three, little-endian.
"""

from __future__ import annotations


def _boundary(table: bytes, width: int, index: int) -> int:
    place = index * width
    value = table[place] | table[place + 1] << 8
    return value if width == 2 else value | table[place + 2] << 16


def _count_at_or_below(table: bytes, width: int, code: int) -> int:
    low = 0
    high = len(table) // width
    while low < high:
        middle = (low + high) // 2
        if _boundary(table, width, middle) <= code:
            low = middle + 1
        else:
            high = middle
    return low


def is_inside(low: bytes, high: bytes, code: int) -> bool:
    if code < 0x1_0000:
        return _count_at_or_below(low, 2, code) & 1 == 1
    return (len(low) // 2 + _count_at_or_below(high, 3, code)) & 1 == 1


def boundary_below(low: bytes, high: bytes, code: int) -> int:
    """The last boundary at or below a code point, which must have one in its table."""
    if code < 0x1_0000:
        return _boundary(low, 2, _count_at_or_below(low, 2, code) - 1)
    return _boundary(high, 3, _count_at_or_below(high, 3, code) - 1)
