"""Finding in text: bounds, find, count, the ends, and order.

Contract: [start, end) are clamped by ``clamp_bound`` before a search; -1 means not found, as Python says.
"""

from __future__ import annotations

from runtime.core.text_objects import new_text, text_data, text_from_units, text_length, text_unit
from runtime.core.text_units import (
    compare_units,
    find_unit,
    find_units,
    find_units_last,
    read_unit,
    same_units,
    write_unit,
)
from runtime.lang import inline, u64


@inline
def clamp_bound(bound: int, length: int) -> int:
    """A slice bound as Python reads it: negative counts from the end, outside is clamped."""
    if bound < 0:
        return max(bound + length, 0)
    return min(bound, length)


@inline
def clamp_start(bound: int, length: int) -> int:
    """Where a search starts: like ``clamp_bound``, but behind the end stays behind the end, where nothing is found."""
    return max(bound + length, 0) if bound < 0 else bound


def slice_start(start: int, step: int, has_start: bool, length: int) -> int:
    """First index of ``[start:stop:step]`` (CPython's PySlice_AdjustIndices); for an empty one it may lie outside."""
    if step == 0:
        raise ValueError("slice step cannot be zero")
    if not has_start:
        return 0 if step > 0 else length - 1
    if start < 0:
        return max(start + length, 0 if step > 0 else -1)
    return min(start, length if step > 0 else length - 1)


def slice_count(first: int, stop: int, step: int, has_stop: bool, length: int) -> int:
    """How many items ``[first:stop:step]`` takes, ``first`` being adjusted already."""
    last = length if step > 0 else -1
    if has_stop:
        last = stop
        if stop < 0:
            last = max(stop + length, 0 if step > 0 else -1)
        last = min(last, length if step > 0 else length - 1)
    if step > 0:
        return (last - first - 1) // step + 1 if first < last else 0
    return (first - last - 1) // -step + 1 if last < first else 0


def stepped_text(text: str, first: int, count: int, step: int) -> str:
    """Every ``step``-th character from ``first``."""
    if count == 0:
        return ""
    data = text_data(text)
    unit = text_unit(text)
    room = new_text(count, unit)
    index = 0
    place = first
    while index < count:
        write_unit(text_data(room), unit, index, read_unit(data, unit, place))
        index += 1
        if index < count:
            place += step
    return text_from_units(text_data(room), unit, count)


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
