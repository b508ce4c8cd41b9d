"""``str``: immutable text, 1, 2 or 4 bytes for each code point, and what the compiler calls for it.

Idea: the class is thin. Objects are made in ``text_objects``, units are handled in ``text_units``, and each family of
methods has a module of its own; here stand the operators and the functions that the compiler knows by name.

Contract: layout as ``ClassDescriptor`` users expect: length at 16, hash at 24, kind at 32, units at 40. Kinds are
always the narrowest. ``append_in_place`` is for ``s += t`` only, see there.
"""

from __future__ import annotations

from typing import Final

from runtime.core import string_case, string_parts
from runtime.core.format_specs import format_string
from runtime.core.string_building import append_in_place as append_in_place
from runtime.core.string_building import concatenate as concatenate
from runtime.core.string_building import concatenate3 as concatenate3
from runtime.core.string_building import concatenate4 as concatenate4
from runtime.core.string_building import join_parts as join_parts
from runtime.core.string_building import join_texts as join_texts
from runtime.core.string_building import repeat_text as repeat_text
from runtime.core.string_repr import text_repr
from runtime.core.string_search import (
    clamp_bound,
    clamp_start,
    compare_texts,
    count_text,
    ends_with,
    find_text,
    find_text_last,
    slice_count,
    slice_start,
    starts_with,
    stepped_text,
)
from runtime.core.text_codecs import encode_text
from runtime.core.text_objects import (
    character,
    text_data,
    text_length,
    text_slice,
    text_unit,
)
from runtime.core.text_units import (
    ASCII_FLAG,
    KIND_MASK,
    hash_units,
    read_unit,
    same_units,
)
from runtime.core.utf8 import text_from_utf8_escaped
from runtime.core.utf8 import utf8_length as utf8_length
from runtime.core.utf8 import write_utf8 as write_utf8
from runtime.lang import as_str, builtin_class, i64, truncate, u64

MAXIMUM: Final = 0x7FFF_FFFF_FFFF_FFFF
HASH_SEED: Final = 0x243F_6A88_85A3_08D3


@builtin_class("str")
class String:
    _length: int
    _hash: int
    _kind: int

    def __len__(self) -> int:
        return self._length

    def __bool__(self) -> bool:
        return self._length != 0

    def __str__(self) -> str:
        return as_str(self)

    def __repr__(self) -> str:
        return text_repr(as_str(self))

    def __hash__(self) -> int:
        if self._hash == 0:
            text = as_str(self)
            value = hash_units(text_data(text), self._length * text_unit(text), HASH_SEED)
            number = int(truncate(i64, value))
            self._hash = number if number != 0 else 1
        return self._hash

    def __getitem__(self, index: int) -> str:
        position = index if index >= 0 else index + self._length
        if position < 0 or position >= self._length:
            raise IndexError("string index out of range")
        text = as_str(self)
        return character(read_unit(text_data(text), text_unit(text), position))

    def __getslice__(self, start: int, stop: int) -> str:
        first = clamp_bound(start, self._length)
        return text_slice(as_str(self), first, clamp_bound(stop, self._length))

    def __contains__(self, part: str) -> bool:
        return find_text(as_str(self), part, 0, self._length) >= 0

    def __eq__(self, other: String) -> bool:  # type: ignore[override]
        if self._length != other._length or (self._kind ^ other._kind) & KIND_MASK != 0:
            return False
        left = as_str(self)
        right = as_str(other)
        return same_units(text_data(left), text_unit(left), text_data(right), text_unit(right), self._length)

    def __lt__(self, other: String) -> bool:
        return compare_texts(as_str(self), as_str(other)) < 0

    def __le__(self, other: String) -> bool:
        return compare_texts(as_str(self), as_str(other)) <= 0

    def __gt__(self, other: String) -> bool:
        return compare_texts(as_str(self), as_str(other)) > 0

    def __ge__(self, other: String) -> bool:
        return compare_texts(as_str(self), as_str(other)) >= 0

    def __add__(self, other: str) -> str:
        return concatenate(as_str(self), other)

    def __mul__(self, count: int) -> str:
        return repeat_text(as_str(self), count)

    def __getslicestep__(self, start: int, stop: int, step: int, has_start: bool, has_stop: bool) -> str:
        first = slice_start(start, step, has_start, self._length)
        return stepped_text(as_str(self), first, slice_count(first, stop, step, has_stop, self._length), step)

    def find(self, part: str, start: int = 0, end: int = MAXIMUM) -> int:
        return find_text(as_str(self), part, clamp_start(start, self._length), clamp_bound(end, self._length))

    def rfind(self, part: str, start: int = 0, end: int = MAXIMUM) -> int:
        return find_text_last(as_str(self), part, clamp_start(start, self._length), clamp_bound(end, self._length))

    def index(self, part: str, start: int = 0, end: int = MAXIMUM) -> int:
        place = self.find(part, start, end)
        if place < 0:
            raise ValueError("substring not found")
        return place

    def rindex(self, part: str, start: int = 0, end: int = MAXIMUM) -> int:
        place = self.rfind(part, start, end)
        if place < 0:
            raise ValueError("substring not found")
        return place

    def count(self, part: str, start: int = 0, end: int = MAXIMUM) -> int:
        return count_text(as_str(self), part, clamp_start(start, self._length), clamp_bound(end, self._length))

    def startswith(self, prefix: str, start: int = 0, end: int = MAXIMUM) -> bool:
        return starts_with(as_str(self), prefix, clamp_start(start, self._length), clamp_bound(end, self._length))

    def endswith(self, suffix: str, start: int = 0, end: int = MAXIMUM) -> bool:
        return ends_with(as_str(self), suffix, clamp_start(start, self._length), clamp_bound(end, self._length))

    def split(self, sep: str | None = None, maxsplit: int = -1) -> list[str]:
        if sep is None:
            return string_parts.split_words(as_str(self), maxsplit)
        return string_parts.split_text(as_str(self), sep, maxsplit)

    def rsplit(self, sep: str | None = None, maxsplit: int = -1) -> list[str]:
        if sep is None:
            return string_parts.split_words_from_right(as_str(self), maxsplit)
        return string_parts.split_text_from_right(as_str(self), sep, maxsplit)

    def splitlines(self, keepends: bool = False) -> list[str]:
        return string_parts.split_lines(as_str(self), keepends)

    def partition(self, sep: str) -> tuple[str, str, str]:
        if text_length(sep) == 0:
            raise ValueError("empty separator")
        text = as_str(self)
        place = find_text(text, sep, 0, self._length)
        if place < 0:
            return text, "", ""
        return text_slice(text, 0, place), sep, text_slice(text, place + text_length(sep), self._length)

    def rpartition(self, sep: str) -> tuple[str, str, str]:
        if text_length(sep) == 0:
            raise ValueError("empty separator")
        text = as_str(self)
        place = find_text_last(text, sep, 0, self._length)
        if place < 0:
            return "", "", text
        return text_slice(text, 0, place), sep, text_slice(text, place + text_length(sep), self._length)

    def strip(self, chars: str | None = None) -> str:
        return string_parts.strip_text(as_str(self), chars, string_parts.BOTH)

    def lstrip(self, chars: str | None = None) -> str:
        return string_parts.strip_text(as_str(self), chars, string_parts.LEFT)

    def rstrip(self, chars: str | None = None) -> str:
        return string_parts.strip_text(as_str(self), chars, string_parts.RIGHT)

    def join(self, parts: list[str]) -> str:
        return join_texts(as_str(self), parts)

    def replace(self, old: str, new: str, count: int = -1) -> str:
        return string_parts.replace_text(as_str(self), old, new, count)

    def removeprefix(self, prefix: str) -> str:
        return string_case.without_prefix(as_str(self), prefix)

    def removesuffix(self, suffix: str) -> str:
        return string_case.without_suffix(as_str(self), suffix)

    def ljust(self, width: int, fillchar: str = " ") -> str:
        return string_parts.padded(as_str(self), 0, width - self._length, fillchar)

    def rjust(self, width: int, fillchar: str = " ") -> str:
        return string_parts.padded(as_str(self), width - self._length, 0, fillchar)

    def center(self, width: int, fillchar: str = " ") -> str:
        return string_parts.centered(as_str(self), width, fillchar)

    def zfill(self, width: int) -> str:
        return string_parts.zero_filled(as_str(self), width)

    def expandtabs(self, tabsize: int = 8) -> str:
        return string_parts.expanded_tabs(as_str(self), tabsize)

    def upper(self) -> str:
        return string_case.changed_text(as_str(self), string_case.UPPER)

    def lower(self) -> str:
        return string_case.changed_text(as_str(self), string_case.LOWER)

    def casefold(self) -> str:
        return string_case.changed_text(as_str(self), string_case.FOLD)

    def title(self) -> str:
        return string_case.titled_text(as_str(self))

    def capitalize(self) -> str:
        return string_case.capitalized_text(as_str(self))

    def swapcase(self) -> str:
        return string_case.swapped_text(as_str(self))

    def isascii(self) -> bool:
        return self._kind & ASCII_FLAG != 0

    def isalpha(self) -> bool:
        return string_case.all_codes(as_str(self), string_case.ALPHA)

    def isalnum(self) -> bool:
        return string_case.all_codes(as_str(self), string_case.ALPHANUMERIC)

    def isdigit(self) -> bool:
        return string_case.all_codes(as_str(self), string_case.DIGIT)

    def isdecimal(self) -> bool:
        return string_case.all_codes(as_str(self), string_case.DECIMAL)

    def isnumeric(self) -> bool:
        return string_case.all_codes(as_str(self), string_case.NUMERIC)

    def isspace(self) -> bool:
        return string_case.all_space(as_str(self))

    def isprintable(self) -> bool:
        return string_case.all_printable(as_str(self))

    def isupper(self) -> bool:
        return string_case.has_only_case(as_str(self), True)

    def islower(self) -> bool:
        return string_case.has_only_case(as_str(self), False)

    def istitle(self) -> bool:
        return string_case.is_titled(as_str(self))

    def encode(self, encoding: str = "utf-8", errors: str = "strict") -> bytes:
        return encode_text(as_str(self), encoding, errors)

    def __format__(self, spec: str) -> str:
        return format_string(as_str(self), spec)


def character_from_code(code: int) -> str:
    """``chr``."""
    if code < 0 or code > 0x10_FFFF:
        raise ValueError("chr() arg not in range(0x110000)")
    return character(code)


def code_of_character(text: str) -> int:
    """``ord``."""
    if text_length(text) != 1:
        raise TypeError("ord() expected a character, but string of length " + str(text_length(text)) + " found")
    return read_unit(text_data(text), text_unit(text), 0)


def string_from_utf8(address: u64, length: int) -> str:
    """Bytes from outside as text, with surrogateescape."""
    return text_from_utf8_escaped(address, length)
