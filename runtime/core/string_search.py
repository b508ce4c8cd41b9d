"""Finding in text: bounds, find, count, the ends, and order.

Contract: [start, end) are clamped by ``clamp_bound`` before a search; -1 means not found, as Python says.
"""

from __future__ import annotations

from runtime.core.text_objects import text_data, text_length, text_unit
from runtime.core.text_units import (
    compare_units,
    find_unit,
    find_units,
    find_units_last,
    read_unit,
    same_units,
)
from runtime.lang import inline, u64


@inline
def clamp_bound(bound: int, length: int) -> int:
    """A slice bound as Python reads it: negative counts from the end, outside is clamped."""
    if bound < 0:
        return max(bound + length, 0)
    return min(bound, length)


def compare_texts(a: str, b: str) -> int:
    return compare_units(text_data(a), text_unit(a), text_length(a), text_data(b), text_unit(b), text_length(b))


def find_text(text: str, part: str, start: int, end: int) -> int:
    """First index of ``part`` inside [start, end), or -1."""
    count = text_length(part)
    if count == 0:
        return start if start <= end else -1
    if end - start < count or text_unit(part) > text_unit(text):
        return -1
    data = text_data(text)
    unit = text_unit(text)
    if count == 1:
        return find_unit(data, unit, start, end, read_unit(text_data(part), text_unit(part), 0))
    return find_units(data, unit, start, end, text_data(part), text_unit(part), count)


def find_text_last(text: str, part: str, start: int, end: int) -> int:
    """Last index of ``part`` inside [start, end), or -1."""
    count = text_length(part)
    if count == 0:
        return end if start <= end else -1
    if end - start < count or text_unit(part) > text_unit(text):
        return -1
    return find_units_last(text_data(text), text_unit(text), start, end, text_data(part), text_unit(part), count)


def count_text(text: str, part: str, start: int, end: int) -> int:
    """Places of ``part`` that do not overlap; an empty part is found between all characters."""
    if start > end:
        return 0
    if text_length(part) == 0:
        return end - start + 1
    total = 0
    place = find_text(text, part, start, end)
    while place >= 0:
        total += 1
        place = find_text(text, part, place + text_length(part), end)
    return total


def matches_at(text: str, part: str, index: int) -> bool:
    """Whether ``part`` stands at ``index``; it must fit."""
    data = text_data(text) + u64(index * text_unit(text))
    return same_units(data, text_unit(text), text_data(part), text_unit(part), text_length(part))


def starts_with(text: str, part: str, start: int, end: int) -> bool:
    return end - start >= text_length(part) and start <= end and matches_at(text, part, start)


def ends_with(text: str, part: str, start: int, end: int) -> bool:
    count = text_length(part)
    return end - start >= count and start <= end and matches_at(text, part, end - count)
