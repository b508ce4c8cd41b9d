"""The console font: 8 by 16 pixels for ASCII and Latin-1.

`glyph_offset` gives the place of a code point's sixteen rows in GLYPHS, one byte per row, bit 7 on the left.
The shapes were drawn for this project; tests/kernel/console holds the drawings and checks that the table is theirs.
"""

from __future__ import annotations

from typing import Final

from kernel.console.glyphs import GLYPHS, REPLACEMENT_INDEX

GLYPH_WIDTH: Final = 8
GLYPH_HEIGHT: Final = 16

_FIRST_ASCII: Final = 0x20
_LAST_ASCII: Final = 0x7E
_FIRST_LATIN: Final = 0xA0
_LAST_LATIN: Final = 0xFF
_ASCII_COUNT: Final = _LAST_ASCII - _FIRST_ASCII + 1


def has_glyph(code: int) -> bool:
    """Tell whether the font can show a code point."""
    return _FIRST_ASCII <= code <= _LAST_ASCII or _FIRST_LATIN <= code <= _LAST_LATIN


def glyph_offset(code: int) -> int:
    """Return where the glyph of a code point begins in GLYPHS; unknown ones get the replacement box."""
    if _FIRST_ASCII <= code <= _LAST_ASCII:
        return (code - _FIRST_ASCII) * GLYPH_HEIGHT
    if _FIRST_LATIN <= code <= _LAST_LATIN:
        return (_ASCII_COUNT + code - _FIRST_LATIN) * GLYPH_HEIGHT
    return REPLACEMENT_INDEX * GLYPH_HEIGHT


def glyph_row(code: int, row: int) -> int:
    """Return one row of a glyph, bit 7 on the left."""
    return GLYPHS[glyph_offset(code) + row]
