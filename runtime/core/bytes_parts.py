"""Searching in bytes, and bytes as text: find, count, split, strip, replace, hex, repr.

Contract: CPython's results; positions are clamped by ``clamp_bound`` and ``clamp_start`` first, -1 means not found.
"""

from __future__ import annotations

from typing import Final

from runtime.core.text_objects import bytes_data, bytes_from_memory, new_bytes, new_text, text_data
from runtime.core.text_units import ASCII_KIND, find_units, find_units_last
from runtime.lang import Ptr, compare_memory, copy_memory, u8, u64

_BACKSLASH: Final = 92
_SINGLE: Final = 39
_DOUBLE: Final = 34


def find_part(data: bytes, part: bytes, start: int, end: int) -> int:
    if len(part) == 0:
        return start if start <= end else -1
    if end - start < len(part):
        return -1
    return find_units(bytes_data(data), 1, start, end, bytes_data(part), 1, len(part))


def find_part_last(data: bytes, part: bytes, start: int, end: int) -> int:
    if len(part) == 0:
        return end if start <= end else -1
    if end - start < len(part):
        return -1
    return find_units_last(bytes_data(data), 1, start, end, bytes_data(part), 1, len(part))


def count_part(data: bytes, part: bytes, start: int, end: int) -> int:
    if start > end:
        return 0
    if len(part) == 0:
        return end - start + 1
    total = 0
    place = find_part(data, part, start, end)
    while place >= 0:
        total += 1
        place = find_part(data, part, place + len(part), end)
    return total


def stands_at(data: bytes, part: bytes, index: int, end: int) -> bool:
    """Whether ``part`` stands at ``index`` and ends by ``end``."""
    if index < 0 or end - index < len(part):
        return False
    return compare_memory(Ptr[u8](bytes_data(data)) + index, Ptr[u8](bytes_data(part)), u64(len(part))) == 0


def bytes_slice(data: bytes, start: int, stop: int) -> bytes:
    """``data[start:stop]`` with bounds already clamped; the whole is itself."""
    if start == 0 and stop == len(data):
        return data
    if start >= stop:
        return b""
    return bytes_from_memory(bytes_data(data) + u64(start), stop - start)


def split_bytes(data: bytes, separator: bytes, limit: int) -> list[bytes]:
    if len(separator) == 0:
        raise ValueError("empty separator")
    parts: list[bytes] = []
    start = 0
    place = find_part(data, separator, 0, len(data)) if limit != 0 else -1
    while place >= 0:
        parts.append(bytes_slice(data, start, place))
        start = place + len(separator)
        place = find_part(data, separator, start, len(data)) if len(parts) != limit else -1
    parts.append(bytes_slice(data, start, len(data)))
    return parts


def join_bytes(separator: bytes, parts: list[bytes]) -> bytes:
    if len(parts) == 0:
        return b""
    total = len(separator) * (len(parts) - 1)
    for part in parts:
        total += len(part)
    result = new_bytes(total)
    target = Ptr[u8](bytes_data(result))
    place = 0
    index = 0
    while index < len(parts):
        if index != 0:
            copy_memory(target + place, Ptr[u8](bytes_data(separator)), u64(len(separator)))
            place += len(separator)
        copy_memory(target + place, Ptr[u8](bytes_data(parts[index])), u64(len(parts[index])))
        place += len(parts[index])
        index += 1
    return result


def replace_bytes(data: bytes, old: bytes, new: bytes) -> bytes:
    if len(old) != 0:
        return join_bytes(new, split_bytes(data, old, -1))
    parts: list[bytes] = [b""]  # an empty part stands before every byte and at the end
    index = 0
    while index < len(data):
        parts.append(bytes_slice(data, index, index + 1))
        index += 1
    parts.append(b"")
    return join_bytes(new, parts)


def _is_stripped(code: int, characters: bytes | None) -> bool:
    if characters is None:
        return code == 32 or 9 <= code <= 13
    index = 0
    while index < len(characters):
        if characters[index] == code:
            return True
        index += 1
    return False


def strip_bytes(data: bytes, characters: bytes | None, left: bool, right: bool) -> bytes:
    start = 0
    end = len(data)
    while left and start < end and _is_stripped(data[start], characters):
        start += 1
    while right and end > start and _is_stripped(data[end - 1], characters):
        end -= 1
    return bytes_slice(data, start, end)


def repeat_bytes(data: bytes, count: int) -> bytes:
    if count <= 0 or len(data) == 0:
        return b""
    total = len(data) * count
    result = new_bytes(total)
    target = Ptr[u8](bytes_data(result))
    copy_memory(target, Ptr[u8](bytes_data(data)), u64(len(data)))
    place = len(data)
    while place < total:  # each copy doubles what is there
        step = min(place, total - place)
        copy_memory(target + place, target, u64(step))
        place += step
    return result


def _digit(value: int) -> u8:
    return u8(value + 48 if value < 10 else value + 87)


def bytes_hex(data: bytes) -> str:
    if len(data) == 0:
        return ""
    result = new_text(len(data) * 2, ASCII_KIND)
    target = Ptr[u8](text_data(result))
    index = 0
    while index < len(data):
        target[index * 2] = _digit(data[index] >> 4)
        target[index * 2 + 1] = _digit(data[index] & 15)
        index += 1
    return result


def _shown_size(code: int, quote: int) -> int:
    if code == _BACKSLASH or 9 <= code <= 10 or code == 13:
        return 2
    if code == quote:
        return 2
    return 1 if 32 <= code < 127 else 4


def bytes_repr(data: bytes) -> str:
    """``b'…'`` with the quotes of ``repr(str)``; everything outside printable ASCII escaped."""
    quote = _SINGLE
    if find_part(data, b"'", 0, len(data)) >= 0 and find_part(data, b'"', 0, len(data)) < 0:
        quote = _DOUBLE
    total = 3
    index = 0
    while index < len(data):
        total += _shown_size(data[index], quote)
        index += 1
    result = new_text(total, ASCII_KIND)
    target = Ptr[u8](text_data(result))
    target[0] = 98
    target[1] = u8(quote)
    place = 2
    index = 0
    while index < len(data):
        place = _show(target, place, data[index], quote)
        index += 1
    target[place] = u8(quote)
    return result


def _show(target: Ptr[u8], place: int, code: int, quote: int) -> int:
    size = _shown_size(code, quote)
    if size == 1:
        target[place] = u8(code)
        return place + 1
    target[place] = _BACKSLASH
    if size == 2:
        letter = 116 if code == 9 else 110 if code == 10 else 114 if code == 13 else code
        target[place + 1] = u8(letter)
        return place + 2
    target[place + 1] = 120
    target[place + 2] = _digit(code >> 4)
    target[place + 3] = _digit(code & 15)
    return place + 4
