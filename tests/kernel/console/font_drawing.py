"""The drawings behind the console font, and the tool that turns them into `kernel/console/glyphs.py`.

A glyph is a set of strokes on a grid of 8 by 16 pixels. A stroke is a polyline written as points of two digits: x
(0 … 6; column 7 is the gap between letters) and y in hexadecimal (0 at the top). Capitals stand on row c and begin on
row 3, small letters on row 6, descenders end on row f; accents take rows 0 and 1 above capitals, 3 and 4 above small
letters. Accented letters are composed. Redraw with `python -m tests.kernel.console.font_drawing`.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

HEIGHT = 16
GLYPH_FILE = Path(__file__).parents[3] / "kernel" / "console" / "glyphs.py"

STROKES = {
    " ": "",
    "!": "3339 3b3c",
    '"': "2325 4345",
    "#": "242c 444c 0666 0a6a",
    "$": "641405061757686a5b0b 323d",
    "%": "0323250503 4a6a6c4c4a 640b",
    "&": "6c16142333444509 090b1c3c69",
    "'": "3335",
    "(": "43252a4c",
    ")": "23454a2c",
    "*": "353b 165a 561a",
    "+": "353b 0868",
    ",": "3b3d2e",
    "-": "1858",
    ".": "3b3c",
    "/": "630c",
    "0": "1353646b5c1c0b0413 2945",
    "1": "15333c 1c5c",
    "2": "04135364660c6c",
    "3": "04135364665727 57686b5c1c0b",
    "4": "5c530969",
    "5": "63030757686b5c1c0b",
    "6": "5323050b1c5c6b685707",
    "7": "036365383c",
    "8": "135364665717060413 17080b1c5c6b6857",
    "9": "681807041353646a4c1c",
    ":": "3738 3b3c",
    ";": "3738 3b3d2e",
    "<": "54185c",
    "=": "0767 0a6a",
    ">": "14581c",
    "?": "041353646639 3b3c",
    "@": "5c1c0b041353646a3a29273666",
    "A": "0c052343656c 0868",
    "B": "030c 035364665707 57686b5c0c",
    "C": "645313040b1c5c6b",
    "D": "030c 0343656a4c0c",
    "E": "63030c6c 0747",
    "F": "63030c 0747",
    "G": "645313040b1c6c6838",
    "H": "030c 636c 0767",
    "I": "2343 333c 2c4c",
    "J": "4363 535b4c1c0b0a",
    "K": "030c 0727 63276c",
    "L": "030c6c",
    "M": "0c0336636c 3638",
    "N": "030c 046b 636c",
    "O": "1353646b5c1c0b0413",
    "P": "0c035364675808",
    "Q": "1353646b5c1c0b0413 4a6d",
    "R": "0c035364675808 286c",
    "S": "64531304061757686b5c1c0b",
    "T": "0363 333c",
    "U": "030b1c5c6b63",
    "V": "03083c6863",
    "W": "030c396c63 3739",
    "X": "03046b6c 63640b0c",
    "Y": "0304376463 373c",
    "Z": "0363640b0c6c",
    "[": "43232c4c",
    "\\": "036c",
    "]": "23434c2c",
    "^": "063366",
    "_": "0d6d",
    "`": "2345",
    "a": "1656676c1c0b0a1969",
    "b": "030c5c6b675606",
    "c": "675616070b1c5c6b",
    "d": "636c1c0b071666",
    "e": "0969675616070b1c5c",
    "f": "6343343c 1656",
    "g": "6616070b1c6c 666e5f1f",
    "h": "030c 0656676c",
    "i": "3334 26363c 2c4c",
    "j": "4344 36464e3f1f",
    "k": "030c 0929 56295c",
    "l": "23333c 2c4c",
    "m": "060c 0656676c 363c",
    "n": "060c 0656676c",
    "o": "1656676b5c1c0b0716",
    "p": "060f 0656676b5c0c",
    "q": "666f 6616070b1c6c",
    "r": "060c 08265667",
    "s": "6616070819596a6b5c0c",
    "t": "333b4c6c 1666",
    "u": "060b1c6c 666c",
    "v": "06083c6866",
    "w": "060b1c2c3b4c5c6b66 383b",
    "x": "066c 660c",
    "y": "060b1c6c 666e5f1f",
    "z": "06660c6c",
    "{": "534334372839 393b4c5c 1828",
    "|": "323d",
    "}": "1323343748393b2c1c 4858",
    "~": "081727495968",
    "\u00a0": "",
    "¡": "3637 393f",
    "¢": "675616070b1c5c6b 343e",
    "£": "645333242b0c6c 0858",
    "¤": "27474b2b27 1627 5647 1c2b 5c4b",
    "¥": "0304376463 373c 1858 1a5a",
    "¦": "3236 393d",
    "§": "532314152646575849 26171829495a5b4c1c",
    "¨": "2324 4344",
    "©": "1353646b5c1c0b0413 46262949",
    "ª": "1343545717061555 1959",
    "«": "36183a 66486a",
    "¬": "08686b",
    "\u00ad": "1858",
    "®": "1353646b5c1c0b0413 2a26464828 384a",
    "¯": "1353",
    "°": "234354564727161423",
    "±": "343a 0767 0c6c",
    "²": "134354551858",
    "³": "1343544525 4556574818",
    "´": "4325",
    "µ": "060f 060b1c6c 666c",
    "¶": "632314162737 333c 535c",
    "·": "3738",
    "¸": "3d4e3f2f",
    "¹": "142328 1838",
    "º": "234354564727161423 1959",
    "»": "16381a 46684a",
    "¼": "1317 0413 650b 494b6b 696d",
    "½": "1317 0413 650b 49696a4d6d",
    "¾": "03232707 0525 650b 494b6b 696d",
    "¿": "3637 393a1c0d0e1f5f6e",
    "Æ": "0c052363 333c6c 0858",
    "Ð": "131c 1343656a4c1c 0737",
    "×": "175b 571b",
    "Ø": "1353646b5c1c0b0413 0c63",
    "Þ": "030c 055566695a0a",
    "ß": "0c041343545537386a6b5c3c",
    "æ": "0626373b2c1c0b0a196967564637 3b4c6c",
    "ð": "1656676b5c1c0b0716 2367 2543",
    "÷": "3536 0868 3a3b",
    "ø": "1656676b5c1c0b0716 0d65",
    "þ": "030f 0656676b5c0c",
}

DOTLESS_I = "26363c 2c4c"
REPLACEMENT = "03636c0c03 244a 442a"

# Above capitals; three rows lower above small letters.
ACCENTS = {
    "grave": "2041",
    "acute": "4021",
    "circumflex": "213041",
    "tilde": "1120304150",
    "diaeresis": "2021 4041",
    "ring": "3041322130",
}
CEDILLA = "3c3d4e3f2f"

COMPOSED = {
    "grave": "ÀÈÌÒÙàèìòù",
    "acute": "ÁÉÍÓÚÝáéíóúý",
    "circumflex": "ÂÊÎÔÛâêîôû",
    "tilde": "ÃÑÕãñõ",
    "diaeresis": "ÄËÏÖÜäëïöüÿ",
    "ring": "Åå",
}
BASES = {
    letter: base
    for base, letters in {
        "A": "ÀÁÂÃÄÅ", "E": "ÈÉÊË", "I": "ÌÍÎÏ", "O": "ÒÓÔÕÖ", "U": "ÙÚÛÜ", "Y": "Ý", "N": "Ñ",
        "a": "àáâãäå", "e": "èéêë", "i": "ìíîï", "o": "òóôõö", "u": "ùúûü", "y": "ýÿ", "n": "ñ",
    }.items()
    for letter in letters
}  # fmt: skip


def points_of(stroke: str) -> list[tuple[int, int]]:
    """The points of a polyline."""
    return [(int(stroke[index]), int(stroke[index + 1], 16)) for index in range(0, len(stroke), 2)]


def draw(strokes: str, lower: int = 0) -> list[int]:
    """The sixteen rows of a drawing, moved down by `lower` rows."""
    rows = [0] * HEIGHT
    for stroke in strokes.split():
        points = points_of(stroke)
        for (x0, y0), (x1, y1) in pairwise(points):
            steps = max(abs(x1 - x0), abs(y1 - y0), 1)
            for step in range(steps + 1):
                x = (2 * x0 * steps + 2 * (x1 - x0) * step + steps) // (2 * steps)
                y = (2 * y0 * steps + 2 * (y1 - y0) * step + steps) // (2 * steps)
                rows[y + lower] |= 0x80 >> x
    return rows


def both(one: list[int], other: list[int]) -> list[int]:
    """Two drawings over one another."""
    return [a | b for a, b in zip(one, other, strict=True)]


def glyph_of(character: str) -> list[int]:
    """The sixteen rows of a character."""
    if character in STROKES:
        return draw(STROKES[character])
    if character in "Çç":
        return both(draw(STROKES["C" if character == "Ç" else "c"]), draw(CEDILLA))
    accent = next(name for name, letters in COMPOSED.items() if character in letters)
    base = BASES[character]
    strokes = DOTLESS_I if base == "i" else STROKES[base]
    return both(draw(strokes), draw(ACCENTS[accent], 3 if base.islower() else 0))


def characters() -> list[str]:
    """The characters of the font in the order of the table."""
    return [chr(code) for code in [*range(0x20, 0x7F), *range(0xA0, 0x100)]]


def source_text() -> str:
    """The text of the generated module."""
    lines = [
        '"""Glyphs of the console font, sixteen rows each: ASCII, Latin-1, the replacement box.',
        "",
        "Made from the drawings in tests/kernel/console/font_drawing.py; edit those, not this table.",
        '"""',
        "",
        "from __future__ import annotations",
        "",
        "from typing import Final",
        "",
        f"REPLACEMENT_INDEX: Final = {len(characters())}",
        "",
        "GLYPHS: Final = (",
    ]
    for character in characters():
        lines.append(f'    b"{escaped(glyph_of(character))}"  # U+{ord(character):04X} {character.strip()}'.rstrip())
    lines.append(f'    b"{escaped(draw(REPLACEMENT))}"  # anything else')
    return "\n".join([*lines, ")", ""]).replace("  # U+00AD \u00ad", "  # U+00AD")


def escaped(rows: list[int]) -> str:
    """The rows as the inside of a bytes literal."""
    return "".join(f"\\x{row:02x}" for row in rows)


if __name__ == "__main__":
    GLYPH_FILE.write_text(source_text(), encoding="utf-8")
