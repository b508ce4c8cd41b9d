"""Bytes, their text forms and the codecs, against CPython."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from runtime.core import bytes_parts, exceptions, string_search, text_codecs, utf8
from tests.runtime.core.simulated_objects import ObjectMachine, plain, pointer

pytestmark = pytest.mark.usefixtures("core")

datas = st.one_of(st.binary(max_size=12), st.lists(st.sampled_from(b"ab \t'\"\\\n\r"), max_size=12).map(bytes))
ENCODINGS = ["utf-8", "ascii", "latin-1", "UTF_8", "utf-99"]
HANDLERS = ["strict", "ignore", "replace", "surrogateescape", "loud"]
# Pieces of UTF-8 that are cut, overlong, surrogates or too large.
PIECES = [b"a", b"\xc3\xa9", b"\xe2\x82\xac", b"\xf0\x9f\x98\x80", b"\xc3", b"\xe2\x82", b"\xf0\x9f\x98", b"\x80",
          b"\xc0\x80", b"\xe0\x80\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xff", b"\xf0\x9f"]  # fmt: skip

pieces = st.lists(st.sampled_from(PIECES), max_size=6).map(b"".join)
wide_texts = st.text(alphabet="aé€\U0001f600\ud800\udc80\udcff", max_size=6)


def answer(call: Any, *arguments: Any) -> Any:
    try:
        return plain(call(*arguments))
    except (ValueError, LookupError) as error:
        return type(error), str(error)


@given(datas, datas, st.integers(-14, 14), st.integers(-14, 14))
def test_searches(data: bytes, part: bytes, start: int, end: int) -> None:
    first, last = string_search.clamp_start(start, len(data)), string_search.clamp_bound(end, len(data))
    assert bytes_parts.find_part(data, part, first, last) == data.find(part, start, end)
    assert bytes_parts.find_part_last(data, part, first, last) == data.rfind(part, start, end)
    assert bytes_parts.count_part(data, part, first, last) == data.count(part, start, end)
    assert bytes_parts.stands_at(data, part, 0, len(data)) == data.startswith(part)
    assert bytes_parts.stands_at(data, part, len(data) - len(part), len(data)) == data.endswith(part)


@given(datas, datas, datas, st.integers(-1, 3))
def test_parts(data: bytes, part: bytes, new: bytes, limit: int) -> None:
    assert answer(bytes_parts.split_bytes, data, part, limit) == answer(data.split, part, limit)
    assert plain(bytes_parts.join_bytes(part, [data, new, data])) == part.join([data, new, data])
    assert plain(bytes_parts.replace_bytes(data, part, new)) == data.replace(part, new)
    assert plain(bytes_parts.strip_bytes(data, None, True, True)) == data.strip()
    assert plain(bytes_parts.strip_bytes(data, part, True, False)) == data.lstrip(part)
    assert plain(bytes_parts.strip_bytes(data, part, False, True)) == data.rstrip(part)
    assert plain(bytes_parts.repeat_bytes(data, limit)) == data * limit
    assert plain(bytes_parts.bytes_hex(data)) == data.hex()
    assert plain(bytes_parts.bytes_repr(data)) == repr(data)


@given(
    st.lists(st.sampled_from(PIECES), max_size=6).map(b"".join), st.sampled_from(ENCODINGS), st.sampled_from(HANDLERS)
)
def test_decoding(data: bytes, encoding: str, errors: str) -> None:
    if not data:
        return  # CPython does not look at the names at all
    if errors == "loud" and encoding == "latin-1":
        errors = "strict"
    expected = answer(data.decode, encoding, errors)
    if isinstance(expected, tuple) and expected[0] is LookupError and data.isascii():
        return  # CPython looks a handler up only when it needs one; so do we, but an unknown encoding always
    assert answer(text_codecs.decode_bytes, data, encoding, errors) == expected


@example("a\udc80b", "utf-8", "strict")
@given(
    st.text(alphabet="aé€\U0001f600\ud800\udc80\udcff", max_size=6),
    st.sampled_from(ENCODINGS[:4]),
    st.sampled_from(HANDLERS[:4]),
)
def test_encoding(text: str, encoding: str, errors: str) -> None:
    assert answer(text_codecs.encode_text, text, encoding, errors) == answer(text.encode, encoding, errors)


@given(pieces)
def test_escaped_bytes_survive(core: ObjectMachine, data: bytes) -> None:
    text = utf8.text_from_utf8_escaped(pointer(data, core).address, len(data))
    assert plain(text) == data.decode("utf-8", "surrogateescape")
    assert utf8.utf8_length(text) == len(data)


@pytest.mark.parametrize("name", ["UnicodeEncodeError", "UnicodeDecodeError"])
@pytest.mark.parametrize(("start", "end"), [(0, 1), (1, 2), (0, 2)])
def test_unicode_error_texts(name: str, start: int, end: int) -> None:
    subject: Any = "é\ud800" if name == "UnicodeEncodeError" else b"\xff\x0a"
    ours = getattr(exceptions, name + "_")("utf-8", subject, start, end, "because")
    theirs = __builtins__[name]("utf-8", subject, start, end, "because")  # type: ignore[index]
    assert plain(ours.__str__()) == str(theirs)
