"""File names of FAT: 8.3 names with their case bits, long names, and how names are compared.

A short name is eleven bytes in code page 437, padded with blanks, upper case; bits 3 and 4 of the NTRes byte say that
the base or the extension is to be shown in lower case (Windows NT; mtools and Linux follow). A long name is kept in
entries before the short one, thirteen UTF-16 units each ("Long File Name" of the specification). Look-up ignores
the case of ASCII and Latin-1 letters.
"""

from __future__ import annotations

from typing import Final

from kernel.lib.byte_codec import get_u16
from runtime.lang import Array, u8

SHORT_NAME_SIZE: Final = 11
UNITS_PER_LONG_ENTRY: Final = 13
MAX_LONG_UNITS: Final = 255

_BASE_SIZE: Final = 8
_BASE_IS_LOWER: Final = 0x08  # bits of DIR_NTRes
_EXTENSION_IS_LOWER: Final = 0x10
_KANJI_E5: Final = 0x05  # stands for a first byte of 0xE5, which marks deleted entries
_REPLACEMENT: Final = 0xFFFD

# Where the thirteen units of a long-name entry lie (LDIR_Name1, LDIR_Name2, LDIR_Name3).
_UNIT_OFFSETS: Final[tuple[int, ...]] = (1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30)

# Code page 437, 0x80 … 0xFF.
_CODE_PAGE_437: Final = (
    "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»"
    "░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀"
    "αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0"
)


def short_name(entry: Array[u8], case_bits: int) -> str:
    """Return the 8.3 name of a directory entry with its case bits applied."""
    base = _decode(entry, 0, _BASE_SIZE)
    extension = _decode(entry, _BASE_SIZE, SHORT_NAME_SIZE)
    if case_bits & _BASE_IS_LOWER != 0:
        base = base.lower()
    if case_bits & _EXTENSION_IS_LOWER != 0:
        extension = extension.lower()
    return base + "." + extension if len(extension) > 0 else base


def _decode(entry: Array[u8], start: int, end: int) -> str:
    """Return one part of a short name without its padding."""
    text = ""
    for index in range(start, end):
        byte = int(entry[index])
        if index == 0 and byte == _KANJI_E5:
            byte = 0xE5
        text += _CODE_PAGE_437[byte - 0x80] if byte >= 0x80 else chr(byte)
    return text.rstrip(" ")


def is_safe_name(name: str) -> bool:
    """Tell whether a name from disk may be shown and used: not empty, no separator, no control character."""
    for character in name:
        if ord(character) < 32 or character == "/" or character == "\x7f":
            return False
    return len(name) > 0


def short_name_checksum(entry: Array[u8]) -> int:
    """Return the checksum of the eleven name bytes that every long-name entry repeats (ChkSum)."""
    total = 0
    for index in range(SHORT_NAME_SIZE):
        total = (((total & 1) << 7) + (total >> 1) + int(entry[index])) & 0xFF
    return total


def long_name_unit(entry: Array[u8], index: int) -> int:
    """Return one of the thirteen UTF-16 units of a long-name entry."""
    return get_u16(entry, _UNIT_OFFSETS[index])


def text_of_units(units: list[int]) -> str:
    """Return the text of UTF-16 units up to the terminating zero; half pairs become U+FFFD."""
    text = ""
    index = 0
    while index < len(units) and units[index] != 0:
        unit = units[index]
        index += 1
        if 0xD800 <= unit < 0xDC00 and index < len(units) and 0xDC00 <= units[index] < 0xE000:
            unit = 0x10000 + ((unit - 0xD800) << 10) + (units[index] - 0xDC00)
            index += 1
        elif 0xD800 <= unit < 0xE000:
            unit = _REPLACEMENT
        text += chr(unit)
    return text


def fold_case(name: str) -> str:
    """Return the form in which names are compared: ASCII and Latin-1 letters in upper case, trailing dots dropped."""
    folded = ""
    for character in name.rstrip("."):
        code = ord(character)
        is_letter = 0x61 <= code <= 0x7A or (0xE0 <= code <= 0xFE and code != 0xF7)
        folded += chr(code - 0x20) if is_letter else character
    return folded
