"""Case mappings as tables: runs of code points that move by the same difference, and those that become several.

Both tables have rows of twelve bytes, sorted by code point, little-endian: a run is first 3, last 3, step 1,
difference 4 and one unused byte; a special row is a code point and up to three it becomes, three bytes each.
"""

from __future__ import annotations

from typing import Final

ROW: Final = 12


def _three(table: bytes, place: int) -> int:
    return table[place] | table[place + 1] << 8 | table[place + 2] << 16


def _row_at_or_below(table: bytes, code: int) -> int:
    """Place of the last row whose code point is at most ``code``, or -1."""
    low = 0
    high = len(table) // ROW
    while low < high:
        middle = (low + high) // 2
        if _three(table, middle * ROW) <= code:
            low = middle + 1
        else:
            high = middle
    return (low - 1) * ROW if low > 0 else -1


def mapped_code(runs: bytes, code: int) -> int:
    """The one code point that ``code`` becomes, by the table of runs."""
    row = _row_at_or_below(runs, code)
    if row < 0 or code > _three(runs, row + 3):
        return code
    if runs[row + 6] == 2 and (code - _three(runs, row)) & 1 == 1:
        return code
    difference = _three(runs, row + 7) | runs[row + 10] << 24
    return code + difference - (0x1_0000_0000 if difference >= 0x8000_0000 else 0)


def special_row(special: bytes, code: int) -> int:
    """Place of the row of a code point that becomes several, or -1."""
    row = _row_at_or_below(special, code)
    return row if row >= 0 and _three(special, row) == code else -1


def special_code(special: bytes, row: int, index: int) -> int:
    """The code point at ``index`` (0 to 2) of what the row's code point becomes; 0 for none."""
    return _three(special, row + 3 + index * 3)
