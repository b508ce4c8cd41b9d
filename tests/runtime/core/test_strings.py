"""Text methods on simulated memory, each against CPython's str."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.core import string_building, string_case, string_parts, string_repr, string_search, strings
from runtime.core.text_objects import text_slice
from runtime.core.text_units import hash_units
from tests.runtime.core.simulated_objects import plain

pytestmark = pytest.mark.usefixtures("core")

ALPHABETS = ["ab", "aß ", "aΣσ\u0345'", "ab\U0001f600\n", " \t\u2028x\r\n", "\u01c5Ǆıİŉ"]
texts = st.one_of(*(st.text(alphabet=alphabet, max_size=24) for alphabet in ALPHABETS), st.text(max_size=30))
bounds = st.one_of(st.integers(-30, 30), st.just(2**63 - 1), st.just(-(2**63) + 40))


def answer(call: Any, *arguments: Any) -> Any:
    """The result or the type and text of the exception, as CPython values."""
    try:
        return plain(call(*arguments))
    except (ValueError, TypeError, LookupError, OverflowError) as error:
        return type(error), str(error)


class Methods:
    """The methods of String called with a text as self."""

    def __getattr__(self, name: str) -> Any:
        return getattr(strings.String, name)


@given(texts, texts, texts)
def test_building(a: str, b: str, c: str) -> None:
    assert plain(string_building.concatenate(a, b)) == a + b
    assert plain(string_building.concatenate3(a, b, c)) == a + b + c
    assert plain(string_building.concatenate4(a, b, c, a)) == a + b + c + a
    assert plain(string_building.join_texts(a, [b, c, b])) == a.join([b, c, b])
    assert plain(string_building.join_parts([a, b])) == a + b


@given(texts, st.integers(-2, 9))
def test_repeat(text: str, count: int) -> None:
    assert plain(string_building.repeat_text(text, count)) == text * count


@given(st.lists(texts, max_size=12))
def test_append_in_place_equals_concatenation(parts: list[str]) -> None:
    text: Any = ""
    before = ""
    for part in parts:
        text = string_building.append_in_place(text, part)
        before += part
        assert plain(text) == before


@given(texts, bounds, bounds)
def test_slices(text: str, start: int, stop: int) -> None:
    first = string_search.clamp_bound(start, len(text))
    assert plain(text_slice(text, first, string_search.clamp_bound(stop, len(text)))) == text[start:stop]


@given(texts, st.one_of(st.none(), bounds), st.one_of(st.none(), bounds), st.integers(-7, 7))
def test_stepped_slices(text: str, start: int | None, stop: int | None, step: int) -> None:
    def compiled() -> Any:
        first = string_search.slice_start(start or 0, step, start is not None, len(text))
        count = string_search.slice_count(first, stop or 0, step, stop is not None, len(text))
        return string_search.stepped_text(text, first, count, step)

    assert answer(compiled) == answer(lambda: text[start:stop:step])


@given(texts, texts, bounds, bounds)
def test_searches(text: str, part: str, start: int, end: int) -> None:
    first, last = string_search.clamp_start(start, len(text)), string_search.clamp_bound(end, len(text))
    assert string_search.find_text(text, part, first, last) == text.find(part, start, end)
    assert string_search.find_text_last(text, part, first, last) == text.rfind(part, start, end)
    assert string_search.count_text(text, part, first, last) == text.count(part, start, end)
    assert string_search.starts_with(text, part, first, last) == text.startswith(part, start, end)
    assert string_search.ends_with(text, part, first, last) == text.endswith(part, start, end)


@given(texts, texts)
def test_order(a: str, b: str) -> None:
    order = string_search.compare_texts(a, b)
    assert (order < 0, order == 0) == (a < b, a == b)


@given(texts, texts, st.integers(-1, 4))
def test_splitting(text: str, separator: str, limit: int) -> None:
    assert answer(string_parts.split_text, text, separator, limit) == answer(text.split, separator, limit)
    assert answer(string_parts.split_text_from_right, text, separator, limit) == answer(text.rsplit, separator, limit)
    assert plain(string_parts.split_words(text, limit)) == text.split(None, limit)
    assert plain(string_parts.split_words_from_right(text, limit)) == text.rsplit(None, limit)
    assert plain(string_parts.split_lines(text, False)) == text.splitlines()
    assert plain(string_parts.split_lines(text, True)) == text.splitlines(True)


@given(texts, texts)
def test_stripping(text: str, characters: str) -> None:
    for sides, method in ((1, "lstrip"), (2, "rstrip"), (3, "strip")):
        assert plain(string_parts.strip_text(text, None, sides)) == getattr(text, method)()
        assert plain(string_parts.strip_text(text, characters, sides)) == getattr(text, method)(characters)


@given(texts, texts, texts, st.integers(-1, 3))
def test_replacing(text: str, old: str, new: str, limit: int) -> None:
    assert plain(string_parts.replace_text(text, old, new, limit)) == text.replace(old, new, limit)
    assert plain(string_parts.replace_text(text, text[:1], new, limit)) == text.replace(text[:1], new, limit)


@given(texts, st.integers(-1, 40), st.sampled_from("*ß\u20ac\U0001f600"))
def test_padding(text: str, width: int, fill: str) -> None:
    rest = width - len(text)
    assert plain(string_parts.padded(text, 0, rest, fill)) == text.ljust(width, fill)
    assert plain(string_parts.padded(text, rest, 0, fill)) == text.rjust(width, fill)
    assert plain(string_parts.centered(text, width, fill)) == text.center(width, fill)


@given(st.text(alphabet="+-0a", max_size=5), st.integers(-1, 9))
def test_zero_fill(text: str, width: int) -> None:
    assert plain(string_parts.zero_filled(text, width)) == text.zfill(width)


@given(st.text(alphabet="a\t\n\r", max_size=12), st.integers(-1, 9))
def test_tabs(text: str, size: int) -> None:
    assert plain(string_parts.expanded_tabs(text, size)) == text.expandtabs(size)


@given(texts)
def test_case(text: str) -> None:
    for change, method in enumerate((str.upper, str.lower, None, str.casefold)):
        if method is not None:
            assert plain(string_case.changed_text(text, change)) == method(text)
    assert plain(string_case.titled_text(text)) == text.title()
    assert plain(string_case.capitalized_text(text)) == text.capitalize()
    assert plain(string_case.swapped_text(text)) == text.swapcase()


@given(st.one_of(texts, st.text(alphabet="1²½Ⅷ٣aA \u00a0", max_size=3)))
def test_questions(text: str) -> None:
    for question, method in enumerate((str.isalpha, str.isalnum, str.isdigit, str.isdecimal, str.isnumeric)):
        assert string_case.all_codes(text, question) == method(text)
    assert string_case.all_space(text) == text.isspace()
    assert string_case.all_printable(text) == text.isprintable()
    assert string_case.has_only_case(text, True) == text.isupper()
    assert string_case.has_only_case(text, False) == text.islower()
    assert string_case.is_titled(text) == text.istitle()


@given(st.one_of(texts, st.text(alphabet="'\"\\\x00\x7f\x80\xad\ud800", max_size=8)))
def test_repr(text: str) -> None:
    assert plain(string_repr.text_repr(text)) == repr(text)


@given(texts, texts)
def test_prefixes(text: str, part: str) -> None:
    for piece in (part, text[:2], text[-2:]):
        assert plain(string_case.without_prefix(text, piece)) == text.removeprefix(piece)
        assert plain(string_case.without_suffix(text, piece)) == text.removesuffix(piece)


@given(st.integers(-1, 0x110000))
def test_characters(code: int) -> None:
    assert answer(strings.character_from_code, code) == answer(chr, code)


def test_ord_refuses_longer_texts() -> None:
    assert answer(strings.code_of_character, "ab") == answer(ord, "ab")
    assert strings.code_of_character("\U0001f600") == 0x1F600


def test_hash_depends_on_every_byte(core: Any) -> None:
    seen = set()
    for length in range(20):
        for position in range(length):
            data = bytearray(length)
            data[position] = 1
            laid = core.lay_out(bytes(data))
            seen.add(int(hash_units(laid.address + laid.header, length, 7)))
    assert len(seen) == sum(range(20))
