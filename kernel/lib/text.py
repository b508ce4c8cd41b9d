"""Text of numbers as the console shows them: sizes, byte dumps, and numbers read from commands.

`parse_number` accepts what people type (decimal, 0x hexadecimal) and answers None otherwise: a command line is user
input, not an error of the kernel.
"""

from __future__ import annotations

from typing import Final

from runtime.lang import Array, u8

_KIB: Final = 1024
_MIB: Final = 1024 * 1024
_GIB: Final = 1024 * 1024 * 1024
_DIGITS: Final = "0123456789abcdef"
_DUMP_WIDTH: Final = 16  # bytes per line of a dump


def size_text(size: int) -> str:
    """Return a size in bytes in the largest unit that is reached, rounded down: `32 MiB`."""
    if size >= _GIB:
        return f"{size // _GIB} GiB"
    if size >= _MIB:
        return f"{size // _MIB} MiB"
    if size >= _KIB:
        return f"{size // _KIB} KiB"
    return f"{size} bytes"


def parse_number(text: str) -> int | None:
    """Return the number that decimal or 0x-hexadecimal text spells, or None; at most 18 digits and 62 bits."""
    base = 10
    digits = text.lower()
    if digits.startswith("0x"):
        base = 16
        digits = digits[2:]
    if len(digits) == 0 or len(digits) > 18:
        return None
    value = 0
    for digit in digits:
        weight = _DIGITS.find(digit)
        if weight < 0 or weight >= base or value > (1 << 62) // base - 1:
            return None
        value = value * base + weight
    return value


def printable(byte: int) -> str:
    """Return the ASCII character of the byte, or a dot for what cannot be shown."""
    return chr(byte) if 32 <= byte < 127 else "."


def dump_line(data: Array[u8], offset: int) -> str:
    """Return one line of a hexadecimal dump: offset, up to sixteen bytes, their characters."""
    numbers = ""
    characters = ""
    for index in range(offset, min(offset + _DUMP_WIDTH, len(data))):
        byte = int(data[index])
        numbers += f"{byte:02x} "
        characters += printable(byte)
    return f"{offset:04x}  {numbers:<48} {characters}"


def plural(count: int, noun: str) -> str:
    """Return the count with its noun: `1 page`, `2 pages`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
