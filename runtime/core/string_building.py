"""Putting texts together: each result is measured first and written once.

``append_in_place`` is the exception: it writes behind a text that nobody else can see.
"""

from __future__ import annotations

from runtime.core.text_objects import (
    new_text,
    new_text_with_room,
    text_data,
    text_kind,
    text_length,
    text_room,
    text_unit,
)
from runtime.core.text_units import KIND_MASK, UNIT_MASK, copy_units, wider_kind, write_unit
from runtime.lang import as_string, reference_count


def _put(target: str, index: int, part: str) -> int:
    """Copy a part into a text under construction; the index behind it."""
    copy_units(text_data(target), text_unit(target), index, text_data(part), text_unit(part), text_length(part))
    return index + text_length(part)


def concatenate(a: str, b: str) -> str:
    if text_length(a) == 0:
        return b
    if text_length(b) == 0:
        return a
    result = new_text(text_length(a) + text_length(b), wider_kind(text_kind(a), text_kind(b)))
    _put(result, _put(result, 0, a), b)
    return result


def concatenate3(a: str, b: str, c: str) -> str:
    kind = wider_kind(wider_kind(text_kind(a), text_kind(b)), text_kind(c))
    result = new_text(text_length(a) + text_length(b) + text_length(c), kind)
    _put(result, _put(result, _put(result, 0, a), b), c)
    return result


def concatenate4(a: str, b: str, c: str, d: str) -> str:
    kind = wider_kind(wider_kind(text_kind(a), text_kind(b)), wider_kind(text_kind(c), text_kind(d)))
    result = new_text(text_length(a) + text_length(b) + text_length(c) + text_length(d), kind)
    _put(result, _put(result, _put(result, _put(result, 0, a), b), c), d)
    return result


def append_in_place(text: str, tail: str) -> str:
    """The value of ``text + tail`` where the caller overwrites its own, counted reference ``text`` with the result.

    When that reference is the only one and the room suffices, the tail is written behind the text and the text itself
    is the answer; otherwise the answer is a new text with spare room. A caller that merely borrows ``text`` would see
    it change, and must use ``concatenate``.
    """
    count = text_length(tail)
    if count == 0:
        return text
    length = text_length(text)
    kind = wider_kind(text_kind(text), text_kind(tail))
    if reference_count(text) == 1 and kind & UNIT_MASK == text_unit(text) and text_room(text) - length >= count:
        _put(text, length, tail)
        inside = as_string(text)
        inside._length = length + count
        inside._hash = 0
        inside._kind = inside._kind & ~KIND_MASK | kind
        write_unit(text_data(text), kind & UNIT_MASK, length + count, 0)
        return text
    if length == 0:
        return tail
    result = new_text_with_room(length + count, kind)
    _put(result, _put(result, 0, text), tail)
    return result


def join_parts(parts: list[str]) -> str:
    """The parts one behind the other."""
    return join_texts("", parts)


def join_texts(separator: str, parts: list[str]) -> str:
    """``separator.join(parts)``: one pass to measure, one to copy."""
    if len(parts) == 0:
        return ""
    if len(parts) == 1:
        return parts[0]
    total = text_length(separator) * (len(parts) - 1)
    kind = text_kind(separator) if text_length(separator) != 0 else text_kind(parts[0])
    for part in parts:
        total += text_length(part)
        kind = wider_kind(kind, text_kind(part))
    result = new_text(total, kind)
    place = _put(result, 0, parts[0])
    index = 1
    while index < len(parts):
        place = _put(result, place, separator)
        place = _put(result, place, parts[index])
        index += 1
    return result


def repeat_text(text: str, count: int) -> str:
    if count <= 0 or text_length(text) == 0:
        return ""
    if count == 1:
        return text
    length = text_length(text)
    total = length * count
    result = new_text(total, text_kind(text))
    data = text_data(result)
    unit = text_unit(text)
    place = _put(result, 0, text)
    while place < total:  # each copy doubles what is there
        step = min(place, total - place)
        copy_units(data, unit, place, data, unit, step)
        place += step
    return result
