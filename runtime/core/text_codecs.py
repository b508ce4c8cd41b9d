"""``str.encode`` and ``bytes.decode``: UTF-8, ASCII and Latin-1, with the error handlers strict, ignore, replace and
surrogateescape.

Contract: names of encodings are compared as CPython normalises the common ones; another name is ``LookupError``.
"""

from __future__ import annotations

from typing import Final

from runtime.core.text_objects import (
    bytes_data,
    bytes_from_memory,
    new_bytes,
    new_text,
    text_data,
    text_from_ascii,
    text_from_units,
    text_kind,
    text_length,
    text_unit,
)
from runtime.core.text_units import ASCII_FLAG, FULL_KIND, is_ascii, read_unit
from runtime.core.utf8 import decode_at, encode_code, first_surrogate, utf8_length, write_utf8
from runtime.lang import Ptr, u8, u32

UTF_8: Final = 0
ASCII: Final = 1
LATIN_1: Final = 2

STRICT: Final = 0
IGNORE: Final = 1
REPLACE: Final = 2
ESCAPE: Final = 3

_REPLACEMENT: Final = 0xFFFD
_QUESTION: Final = 63


def _encoding_of(name: str) -> int:
    lowered = name.lower().replace("_", "-")
    if lowered == "utf-8" or lowered == "utf8":
        return UTF_8
    if lowered == "ascii" or lowered == "us-ascii":
        return ASCII
    if lowered == "latin-1" or lowered == "latin1" or lowered == "iso-8859-1":
        return LATIN_1
    raise LookupError("unknown encoding: " + name)


def _handler_of(name: str) -> int:
    if name == "strict":
        return STRICT
    if name == "ignore":
        return IGNORE
    if name == "replace":
        return REPLACE
    if name == "surrogateescape":
        return ESCAPE
    raise LookupError("unknown error handler name '" + name + "'")


def encode_text(text: str, encoding: str, errors: str) -> bytes:
    chosen = _encoding_of(encoding) if encoding != "utf-8" else UTF_8
    length = text_length(text)
    if text_kind(text) & ASCII_FLAG != 0:
        return bytes_from_memory(text_data(text), length)
    if chosen == LATIN_1 and text_unit(text) == 1:
        return bytes_from_memory(text_data(text), length)
    if chosen == UTF_8 and first_surrogate(text) < 0:
        result = new_bytes(utf8_length(text))
        write_utf8(text, Ptr[u8](bytes_data(result)))
        return result
    return _encode_with_errors(text, chosen, _handler_of(errors))


def _largest_code(encoding: int) -> int:
    return 0x10_FFFF if encoding == UTF_8 else 0x7F if encoding == ASCII else 0xFF


def _encode_with_errors(text: str, encoding: int, handler: int) -> bytes:
    """Code point by code point: into room for the worst case, then cut."""
    room = new_bytes(text_length(text) * 4)
    target = Ptr[u8](bytes_data(room))
    largest = _largest_code(encoding)
    used = 0
    index = 0
    while index < text_length(text):
        code = read_unit(text_data(text), text_unit(text), index)
        bad = code > largest or (encoding == UTF_8 and code & 0x1F_F800 == 0xD800)
        if not bad and encoding == UTF_8:
            used += encode_code(target + used, code)
        elif not bad:
            target[used] = u8(code)
            used += 1
        elif handler == ESCAPE and 0xDC80 <= code <= 0xDCFF:
            target[used] = u8(code & 0xFF)
            used += 1
        elif handler == REPLACE:
            target[used] = _QUESTION
            used += 1
        elif handler != IGNORE:
            _raise_encode_error(text, encoding, index)
        index += 1
    return bytes_from_memory(bytes_data(room), used)


def _raise_encode_error(text: str, encoding: int, start: int) -> None:
    """CPython reports the whole run of code points that cannot be encoded."""
    end = start + 1
    largest = _largest_code(encoding)
    while end < text_length(text):
        code = read_unit(text_data(text), text_unit(text), end)
        if code <= largest and not (encoding == UTF_8 and code & 0x1F_F800 == 0xD800):
            break
        end += 1
    if encoding == UTF_8:
        raise UnicodeEncodeError("utf-8", text, start, end, "surrogates not allowed")
    if encoding == ASCII:
        raise UnicodeEncodeError("ascii", text, start, end, "ordinal not in range(128)")
    raise UnicodeEncodeError("latin-1", text, start, end, "ordinal not in range(256)")


def decode_bytes(data: bytes, encoding: str, errors: str) -> str:
    chosen = _encoding_of(encoding) if encoding != "utf-8" else UTF_8
    address = bytes_data(data)
    if is_ascii(address, len(data)):
        return text_from_ascii(address, len(data))
    if chosen == LATIN_1:
        return text_from_units(address, 1, len(data))
    return _decode_with_errors(data, chosen, errors)


def _decode_with_errors(data: bytes, encoding: int, errors: str) -> str:
    """Code points into four-byte units, then into the narrowest kind."""
    source = Ptr[u8](bytes_data(data))
    length = len(data)
    room = new_text(length, FULL_KIND)
    units = Ptr[u32](text_data(room))
    used = 0
    index = 0
    while index < length:
        step = decode_at(source, index, length) if encoding == UTF_8 else _ascii_at(source, index)
        if step > 0:
            units[used] = u32(step >> 3)
            used += 1
            index += step & 7
            continue
        handler = _handler_of(errors)  # asked for only where it is needed, as CPython does
        if handler == STRICT:
            _raise_decode_error(data, encoding, index, -step)
        if handler == REPLACE:
            units[used] = _REPLACEMENT
            used += 1
        elif handler == ESCAPE:
            units[used] = 0xDC00 + u32(source[index])
            used += 1
            step = -1
        index -= step
    return text_from_units(text_data(room), 4, used)


def _ascii_at(source: Ptr[u8], index: int) -> int:
    return int(source[index]) << 3 | 1 if source[index] < 0x80 else -1


def _raise_decode_error(data: bytes, encoding: int, start: int, count: int) -> None:
    if encoding == ASCII:
        raise UnicodeDecodeError("ascii", data, start, start + 1, "ordinal not in range(128)")
    lead = data[start]
    if lead < 0xC2 or lead > 0xF4:
        raise UnicodeDecodeError("utf-8", data, start, start + 1, "invalid start byte")
    needed = 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4
    if start + count == len(data) and count < needed:
        raise UnicodeDecodeError("utf-8", data, start, start + count, "unexpected end of data")
    raise UnicodeDecodeError("utf-8", data, start, start + count, "invalid continuation byte")
