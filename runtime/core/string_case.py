"""Case and kind of characters: upper, lower and the questions that begin with ``is``.

ASCII goes by arithmetic; beyond it the tables of Unicode decide, including letters that become several and the final
sigma (Unicode 3.13, as CPython applies it).
"""

from __future__ import annotations

from typing import Final

from runtime.core.case_mapping import mapped_code, special_code, special_row
from runtime.core.string_parts import is_space
from runtime.core.text_objects import (
    new_text,
    new_text_with_room,
    text_data,
    text_from_units,
    text_kind,
    text_length,
    text_slice,
    text_unit,
)
from runtime.core.text_units import ASCII_FLAG, ASCII_KIND, FULL_KIND, read_unit
from runtime.core.unicode_cases import (
    FOLD_RUNS,
    FOLD_SPECIAL,
    LOWER_RUNS,
    LOWER_SPECIAL,
    TITLE_RUNS,
    TITLE_SPECIAL,
    UPPER_RUNS,
    UPPER_SPECIAL,
    is_case_ignorable,
    is_cased,
    is_lower,
    is_title,
    is_upper,
)
from runtime.core.unicode_tables import is_alphabetic, is_decimal, is_digit, is_numeric, is_printable
from runtime.lang import Ptr, inline, u8, u32

UPPER: Final = 0
LOWER: Final = 1
TITLE: Final = 2
FOLD: Final = 3
LONGEST: Final = 3  # code points that one may become
_CAPITAL_SIGMA: Final = 0x3A3
_SMALL_SIGMA: Final = 0x3C3
_FINAL_SIGMA: Final = 0x3C2
_CASE_BIT: Final = 0x20


@inline
def is_ascii_upper(code: int) -> bool:
    return 65 <= code <= 90


@inline
def is_ascii_lower(code: int) -> bool:
    return 97 <= code <= 122


def changed_text(text: str, change: int) -> str:
    """``upper``, ``lower`` or ``casefold`` of the whole text."""
    if text_kind(text) & ASCII_FLAG != 0:
        return _changed_ascii(text, change)
    length = text_length(text)
    room = new_text_with_room(length * LONGEST, FULL_KIND)
    units = Ptr[u32](text_data(room))
    used = 0
    index = 0
    while index < length:
        used = _put_changed(units, used, text, index, change)
        index += 1
    return text_from_units(text_data(room), 4, used)


def _changed_ascii(text: str, change: int) -> str:
    length = text_length(text)
    result = new_text(length, ASCII_KIND)
    source = Ptr[u8](text_data(text))
    target = Ptr[u8](text_data(result))
    first: u8 = 97 if change == UPPER else 65
    index = 0
    while index < length:
        code = source[index]
        target[index] = code ^ _CASE_BIT if first <= code <= first + 25 else code
        index += 1
    return result


def _put_changed(units: Ptr[u32], used: int, text: str, index: int, change: int) -> int:
    """Write what the character at ``index`` becomes; the count of code points after it."""
    code = read_unit(text_data(text), text_unit(text), index)
    if code == _CAPITAL_SIGMA and change == LOWER:
        units[used] = _FINAL_SIGMA if _ends_word(text, index) else _SMALL_SIGMA
        return used + 1
    special = _special_table(change)
    row = special_row(special, code)
    if row < 0:
        units[used] = u32(mapped_code(_run_table(change), code))
        return used + 1
    place = 0
    while place < LONGEST:
        part = special_code(special, row, place)
        if part == 0:
            break
        units[used + place] = u32(part)
        place += 1
    return used + place


def _run_table(change: int) -> bytes:
    match change:
        case 0:
            return UPPER_RUNS
        case 1:
            return LOWER_RUNS
        case 2:
            return TITLE_RUNS
        case _:
            return FOLD_RUNS


def _special_table(change: int) -> bytes:
    match change:
        case 0:
            return UPPER_SPECIAL
        case 1:
            return LOWER_SPECIAL
        case 2:
            return TITLE_SPECIAL
        case _:
            return FOLD_SPECIAL


def _ends_word(text: str, index: int) -> bool:
    """Whether a capital sigma stands after a cased letter and before none, ignoring what case ignores."""
    before = index - 1
    while before >= 0 and is_case_ignorable(_code(text, before)):
        before -= 1
    if before < 0 or not _is_cased(_code(text, before)):
        return False
    after = index + 1
    while after < text_length(text) and is_case_ignorable(_code(text, after)):
        after += 1
    return after == text_length(text) or not _is_cased(_code(text, after))


def _is_cased(code: int) -> bool:
    return code == _CAPITAL_SIGMA or is_cased(code)


@inline
def _code(text: str, index: int) -> int:
    return read_unit(text_data(text), text_unit(text), index)


def titled_text(text: str) -> str:
    """``title``: a letter after a cased one in lower case, any other in title case."""
    length = text_length(text)
    room = new_text_with_room(length * LONGEST, FULL_KIND)
    units = Ptr[u32](text_data(room))
    used = 0
    index = 0
    after_cased = False
    while index < length:
        used = _put_changed(units, used, text, index, LOWER if after_cased else TITLE)
        code = _code(text, index)
        after_cased = is_upper(code) or is_lower(code) or is_title(code)
        index += 1
    return text_from_units(text_data(room), 4, used)


def capitalized_text(text: str) -> str:
    length = text_length(text)
    room = new_text_with_room(length * LONGEST, FULL_KIND)
    units = Ptr[u32](text_data(room))
    used = 0
    index = 0
    while index < length:
        used = _put_changed(units, used, text, index, TITLE if index == 0 else LOWER)
        index += 1
    return text_from_units(text_data(room), 4, used)


def swapped_text(text: str) -> str:
    length = text_length(text)
    room = new_text_with_room(length * LONGEST, FULL_KIND)
    units = Ptr[u32](text_data(room))
    used = 0
    index = 0
    while index < length:
        code = _code(text, index)
        if is_upper(code) or is_lower(code):
            used = _put_changed(units, used, text, index, LOWER if is_upper(code) else UPPER)
        else:
            units[used] = u32(code)
            used += 1
        index += 1
    return text_from_units(text_data(room), 4, used)


def is_alpha_code(code: int) -> bool:
    if code < 0x80:
        return is_ascii_lower(code) or is_ascii_upper(code)
    return is_alphabetic(code)


def is_alphanumeric_code(code: int) -> bool:
    """Letters, decimals, digits, numerics: every decimal and digit is numeric too."""
    return is_alpha_code(code) or (48 <= code <= 57 if code < 0x80 else is_numeric(code))


def is_digit_code(code: int) -> bool:
    return 48 <= code <= 57 if code < 0x80 else is_digit(code)


def all_codes(text: str, question: int) -> bool:
    """Whether the text is not empty and every code point answers yes to ``_ask``."""
    length = text_length(text)
    index = 0
    while index < length:
        if not _ask(_code(text, index), question):
            return False
        index += 1
    return length != 0


ALPHA: Final = 0
ALPHANUMERIC: Final = 1
DIGIT: Final = 2
DECIMAL: Final = 3
NUMERIC: Final = 4


def _ask(code: int, question: int) -> bool:
    match question:
        case 0:
            return is_alpha_code(code)
        case 1:
            return is_alphanumeric_code(code)
        case 2:
            return is_digit_code(code)
        case 3:
            return is_decimal(code)
        case _:
            return is_numeric(code)


def all_space(text: str) -> bool:
    index = 0
    while index < text_length(text):
        if not is_space(_code(text, index)):
            return False
        index += 1
    return index != 0


def all_printable(text: str) -> bool:
    index = 0
    while index < text_length(text):
        if not is_printable(_code(text, index)):
            return False
        index += 1
    return True


def has_only_case(text: str, upper: bool) -> bool:
    """``isupper``/``islower``: some letter of the case, none of another."""
    found = False
    index = 0
    while index < text_length(text):
        code = _code(text, index)
        if is_title(code) or (is_lower(code) if upper else is_upper(code)):
            return False
        if is_upper(code) if upper else is_lower(code):
            found = True
        index += 1
    return found


def is_titled(text: str) -> bool:
    """``istitle``: capitals only where no cased letter precedes, small ones only where one does."""
    found = False
    after_cased = False
    index = 0
    while index < text_length(text):
        code = _code(text, index)
        capital = is_upper(code) or is_title(code)
        small = is_lower(code)
        if (capital and after_cased) or (small and not after_cased):
            return False
        found = found or capital or small
        after_cased = capital or small
        index += 1
    return found


def without_prefix(text: str, prefix: str) -> str:
    if text.startswith(prefix):
        return text_slice(text, text_length(prefix), text_length(text))
    return text


def without_suffix(text: str, suffix: str) -> str:
    if text_length(suffix) != 0 and text.endswith(suffix):
        return text_slice(text, 0, text_length(text) - text_length(suffix))
    return text
