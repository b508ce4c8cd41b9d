"""Taking text apart and putting it together anew: split, strip, partition, lines, replace, padding.

Everything is linear in the text; a part that is the whole text is the text itself.
Contract: CPython's results and messages.
"""

from __future__ import annotations

from typing import Final

from runtime.core.string_building import concatenate, join_texts
from runtime.core.string_search import count_text, find_text, find_text_last
from runtime.core.text_objects import (
    new_text,
    text_data,
    text_from_units,
    text_kind,
    text_length,
    text_slice,
    text_unit,
)
from runtime.core.text_units import ASCII_FLAG, UNIT_MASK, copy_units, find_unit, read_unit, wider_kind, write_unit
from runtime.core.unicode_tables import is_whitespace
from runtime.lang import inline, u64

MAXIMUM: Final = 0x7FFF_FFFF_FFFF_FFFF
LEFT: Final = 1
RIGHT: Final = 2
BOTH: Final = 3
_SPACE: Final = 32


@inline
def is_space(code: int) -> bool:
    if code < 0x80:
        return code == _SPACE or 9 <= code <= 13 or 28 <= code <= 31
    return is_whitespace(code)


def is_line_end(code: int) -> bool:
    """The line boundaries of ``str.splitlines``."""
    if code < 0x80:
        return 10 <= code <= 13 or 28 <= code <= 30
    return code == 0x85 or 0x2028 <= code <= 0x2029


def split_text(text: str, separator: str, limit: int) -> list[str]:
    """Pieces between separators; at most ``limit`` cuts, all for a negative one."""
    step = text_length(separator)
    if step == 0:
        raise ValueError("empty separator")
    parts: list[str] = []
    length = text_length(text)
    start = 0
    place = find_text(text, separator, 0, length) if limit != 0 else -1
    while place >= 0:
        parts.append(text_slice(text, start, place))
        start = place + step
        place = find_text(text, separator, start, length) if len(parts) != limit else -1
    parts.append(text_slice(text, start, length))
    return parts


def split_text_from_right(text: str, separator: str, limit: int) -> list[str]:
    step = text_length(separator)
    if step == 0:
        raise ValueError("empty separator")
    parts: list[str] = []
    end = text_length(text)
    place = find_text_last(text, separator, 0, end) if limit != 0 else -1
    while place >= 0:
        parts.append(text_slice(text, place + step, end))
        end = place
        place = find_text_last(text, separator, 0, end) if len(parts) != limit else -1
    parts.append(text_slice(text, 0, end))
    parts.reverse()
    return parts


def split_words(text: str, limit: int) -> list[str]:
    """``text.split()``: words between runs of white space; the last is what is left after ``limit`` cuts."""
    data = text_data(text)
    unit = text_unit(text)
    length = text_length(text)
    parts: list[str] = []
    index = 0
    while True:
        while index < length and is_space(read_unit(data, unit, index)):
            index += 1
        if index == length:
            return parts
        if len(parts) == limit:
            parts.append(text_slice(text, index, length))
            return parts
        start = index
        while index < length and not is_space(read_unit(data, unit, index)):
            index += 1
        parts.append(text_slice(text, start, index))


def split_words_from_right(text: str, limit: int) -> list[str]:
    data = text_data(text)
    unit = text_unit(text)
    parts: list[str] = []
    end = text_length(text)
    while True:
        end = _end_of_words(data, unit, end)
        if end == 0:
            break
        if len(parts) == limit:
            parts.append(text_slice(text, 0, end))
            break
        start = end
        while start > 0 and not is_space(read_unit(data, unit, start - 1)):
            start -= 1
        parts.append(text_slice(text, start, end))
        end = start
    parts.reverse()
    return parts


def _end_of_words(data: u64, unit: int, end: int) -> int:
    while end > 0 and is_space(read_unit(data, unit, end - 1)):
        end -= 1
    return end


def _start_of_words(data: u64, unit: int, end: int) -> int:
    start = 0
    while start < end and is_space(read_unit(data, unit, start)):
        start += 1
    return start


def split_lines(text: str, keep_ends: bool) -> list[str]:
    data = text_data(text)
    unit = text_unit(text)
    length = text_length(text)
    lines: list[str] = []
    start = 0
    index = 0
    while index < length:
        code = read_unit(data, unit, index)
        index += 1
        if not is_line_end(code):
            continue
        end = index - 1
        if code == 13 and index < length and read_unit(data, unit, index) == 10:
            index += 1
        lines.append(text_slice(text, start, index if keep_ends else end))
        start = index
    if start < length:
        lines.append(text_slice(text, start, length))
    return lines


def strip_space(text: str, sides: int) -> str:
    data = text_data(text)
    unit = text_unit(text)
    end = text_length(text)
    if sides & RIGHT != 0:
        end = _end_of_words(data, unit, end)
    start = _start_of_words(data, unit, end) if sides & LEFT != 0 else 0
    return text_slice(text, start, end)


def strip_characters(text: str, characters: str, sides: int) -> str:
    data = text_data(text)
    unit = text_unit(text)
    end = text_length(text)
    start = 0
    if sides & LEFT != 0:
        while start < end and _holds(characters, read_unit(data, unit, start)):
            start += 1
    if sides & RIGHT != 0:
        while end > start and _holds(characters, read_unit(data, unit, end - 1)):
            end -= 1
    return text_slice(text, start, end)


def strip_text(text: str, characters: str | None, sides: int) -> str:
    if characters is None:
        return strip_space(text, sides)
    return strip_characters(text, characters, sides)


def _holds(characters: str, code: int) -> bool:
    return find_unit(text_data(characters), text_unit(characters), 0, text_length(characters), code) >= 0


def replace_text(text: str, old: str, new: str, limit: int) -> str:
    """``text.replace(old, new, limit)``: count, make, fill."""
    places = count_text(text, old, 0, text_length(text))
    if limit >= 0:
        places = min(places, limit)
    if places == 0:
        return text
    if text_length(old) == 0:
        return _interleave(text, new, places)
    total = text_length(text) + places * (text_length(new) - text_length(old))
    if total == 0:
        return ""
    kind = wider_kind(text_kind(text), text_kind(new))
    result = new_text(total, kind)
    _fill_replaced(result, text, old, new, places)
    if kind & ASCII_FLAG == 0:  # the widest code points may have been replaced
        return text_from_units(text_data(result), kind & UNIT_MASK, total)
    return result


def _fill_replaced(result: str, text: str, old: str, new: str, places: int) -> None:
    length = text_length(text)
    start = 0
    index = 0
    while places > 0:
        found = find_text(text, old, start, length)
        index = _put_slice(result, index, text, start, found)
        index = _put_slice(result, index, new, 0, text_length(new))
        start = found + text_length(old)
        places -= 1
    _put_slice(result, index, text, start, length)


def _interleave(text: str, new: str, places: int) -> str:
    """An empty ``old`` stands before every character and at the end."""
    length = text_length(text)
    result = new_text(length + places * text_length(new), wider_kind(text_kind(text), text_kind(new)))
    index = 0
    start = 0
    while places > 0:
        index = _put_slice(result, index, new, 0, text_length(new))
        places -= 1
        if start < length:
            index = _put_slice(result, index, text, start, start + 1)
            start += 1
    _put_slice(result, index, text, start, length)
    return result


def _put_slice(target: str, index: int, source: str, start: int, stop: int) -> int:
    """Copy ``source[start:stop]`` into a text under construction; the index behind it."""
    unit = text_unit(source)
    place = text_data(source) + u64(start * unit)
    copy_units(text_data(target), text_unit(target), index, place, unit, stop - start)
    return index + stop - start


def padded(text: str, left: int, right: int, fill: str) -> str:
    """``left`` copies of the fill character, the text, ``right`` copies."""
    if text_length(fill) != 1:
        raise TypeError("The fill character must be exactly one character long")
    if left <= 0 and right <= 0:
        return text
    left = max(left, 0)
    right = max(right, 0)
    length = text_length(text)
    kind = wider_kind(text_kind(text), text_kind(fill)) if length != 0 else text_kind(fill)
    result = new_text(left + length + right, kind)
    code = read_unit(text_data(fill), text_unit(fill), 0)
    _fill_units(result, 0, left, code)
    _put_slice(result, left, text, 0, length)
    _fill_units(result, left + length, left + length + right, code)
    return result


def _fill_units(target: str, start: int, stop: int, code: int) -> None:
    data = text_data(target)
    unit = text_unit(target)
    index = start
    while index < stop:
        write_unit(data, unit, index, code)
        index += 1


def centered(text: str, width: int, fill: str) -> str:
    """CPython's rule for an odd rest: to the left when the width is odd."""
    rest = max(width - text_length(text), 0)
    left = rest // 2 + (rest & width & 1)
    return padded(text, left, rest - left, fill)


def zero_filled(text: str, width: int) -> str:
    """``zfill``: zeros between the sign and the digits."""
    rest = width - text_length(text)
    if rest <= 0:
        return text
    if text.startswith("+") or text.startswith("-"):
        digits = padded(text_slice(text, 1, text_length(text)), rest, 0, "0")
        return concatenate(text_slice(text, 0, 1), digits)
    return padded(text, rest, 0, "0")


def expanded_tabs(text: str, size: int) -> str:
    """Each tab becomes spaces up to the next multiple of ``size`` columns."""
    parts: list[str] = []
    column = 0
    start = 0
    index = 0
    while index < text_length(text):
        code = read_unit(text_data(text), text_unit(text), index)
        if code == 9:
            parts.append(text_slice(text, start, index))
            spaces = size - column % size if size > 0 else 0
            parts.append(padded("", spaces, 0, " "))
            column += spaces
            start = index + 1
        else:
            column = 0 if code == 10 or code == 13 else column + 1
        index += 1
    parts.append(text_slice(text, start, text_length(text)))
    return join_texts("", parts)
