"""Escape codes, the text grid, the painter and the font."""

from __future__ import annotations

import errno

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.console import font, glyphs
from kernel.console.escape_codes import Screen
from kernel.console.framebuffer_painter import FramebufferPainter, PixelGeometry, PixelOrder
from kernel.console.screen_console import PAINT_INTERVAL, ScreenConsole, ScreenLog
from kernel.console.text_grid import TextGrid, cell_background, cell_code, cell_foreground, make_cell
from kernel.interfaces.clock_source import ClockSource
from runtime.lang import Array, new_array, u32
from tests.kernel.console import font_drawing


def screen_after(output: str | bytes, columns: int = 12, rows: int = 4) -> Screen:
    screen = Screen(TextGrid(columns, rows))
    screen.write(output.encode() if isinstance(output, str) else output)
    return screen


def rows_of(screen: Screen) -> list[str]:
    return [screen.grid.row_text(row) for row in range(screen.grid.rows)]


@pytest.mark.parametrize(
    ("output", "rows", "cursor"),
    [
        ("one\ntwo", ["one", "two", "", ""], (1, 3)),
        ("one\rTWO", ["TWO", "", "", ""], (0, 3)),
        ("abc\b\bX", ["aXc", "", "", ""], (0, 2)),
        ("\b\bX", ["X", "", "", ""], (0, 1)),
        ("a\tb\t\tc", ["a       b  c", "", "", ""], (0, 12)),
        ("x" * 12, ["x" * 12, "", "", ""], (0, 12)),
        ("x" * 12 + "\ny", ["x" * 12, "y", "", ""], (1, 1)),
        ("x" * 13, ["x" * 12, "x", "", ""], (1, 1)),
        ("x" * 12 + "\b!", ["x" * 11 + "!", "", "", ""], (0, 12)),
        ("1\n2\n3\n4\n5", ["2", "3", "4", "5"], (3, 1)),
        ("\x1b[2;3Hx", ["", "  x", "", ""], (1, 3)),
        ("\x1b[99;99Hx\x1b[Hy", ["y", "", "", " " * 11 + "x"], (0, 1)),
        ("abc\x1b[2D\x1b[Kx", ["ax", "", "", ""], (0, 2)),
        ("abc\x1b[1K", ["", "", "", ""], (0, 3)),
        ("a\nb\nc\x1b[2;1H\x1b[J", ["a", "", "", ""], (1, 0)),
        ("a\nb\nc\x1b[2;1H\x1b[1J", ["", "", "c", ""], (1, 0)),
        ("junk\x1b[2J\x1b[1;1Hok", ["ok", "", "", ""], (0, 2)),
        ("\x1b[3B\x1b[2Cx\x1b[Ay", ["", "", "   y", "  x"], (2, 4)),
        ("\x1b[sabc\x1b[uX", ["Xbc", "", "", ""], (0, 1)),
        ("\x1b[?25lx\x1b[>cy\x1b]0;title\x07z\x1b(Bw", ["xyzw", "", "", ""], (0, 4)),
        ("\x1bPjunk\x1b\\x", ["x", "", "", ""], (0, 1)),
        ("\x1b[3\nGx", ["", "  x", "", ""], (1, 3)),
        ("grün ÿ €", ["grün ÿ €", "", "", ""], (0, 8)),
        ("\x07\x00\x7f!", ["!", "", "", ""], (0, 1)),
        ("abc\x1bcx", ["x", "", "", ""], (0, 1)),
    ],
)
def test_output_becomes_text(output: str, rows: list[str], cursor: tuple[int, int]) -> None:
    screen = screen_after(output)
    assert rows_of(screen) == rows
    assert (screen.row, screen.column) == cursor


@pytest.mark.parametrize(
    ("codes", "colours"),
    [("", (7, 0)), ("31", (1, 0)), ("1;31", (9, 0)), ("1;31;22", (1, 0)), ("97;104", (15, 12)), ("7", (0, 7)),
     ("31;42;0", (7, 0)), ("38;5;200;31", (1, 0)), ("48;2;1;2;3;32", (2, 0)), ("31;39;41;49", (7, 0)),
     ("7;27", (7, 0))],
)  # fmt: skip
def test_colours(codes: str, colours: tuple[int, int]) -> None:
    cell = screen_after(f"\x1b[{codes}mx").grid.cell(0, 0)
    assert (cell_code(cell), cell_foreground(cell), cell_background(cell)) == (ord("x"), *colours)


def test_decoded_characters_are_taken_too() -> None:
    screen = screen_after("")
    for character in "\x1b[31mgrün €\n!":
        screen.write_code_point(ord(character))
    assert rows_of(screen)[:2] == ["grün €", "!"]


@given(st.binary(max_size=300), st.integers(1, 9), st.integers(1, 4))
def test_any_output_leaves_the_cursor_on_the_screen(data: bytes, columns: int, rows: int) -> None:
    screen = screen_after(data, columns, rows)
    assert 0 <= screen.row < rows and 0 <= screen.column <= columns


@given(st.lists(st.sampled_from(["31", "1", "K", "J", "A", "5;7H", ";", "["]), max_size=12))
def test_long_and_odd_sequences_are_bounded(parts: list[str]) -> None:
    screen_after("\x1b[" + "9" * 400 + ";" * 400 + "m" + "".join("\x1b[" + part for part in parts))


# ------------------------------------------------------------------------------------------------------ painting


def painter(
    width: int, height: int, pitch: int, order: PixelOrder = PixelOrder.BLUE_GREEN_RED
) -> tuple[FramebufferPainter, Array[u32]]:
    pixels = new_array(u32, pitch * height)
    pixels.fill(u32(0x12345678))
    return FramebufferPainter(pixels, PixelGeometry(width, height, pitch, order)), pixels


def shape(pixels: Array[u32], pitch: int, row: int, column: int, off: int = 0) -> list[int]:
    """The glyph at a cell as rows of bits."""
    return [
        sum((int(pixels[(row * 16 + y) * pitch + column * 8 + x]) != off) << (7 - x) for x in range(8))
        for y in range(16)
    ]


def test_glyphs_land_where_the_pitch_says() -> None:
    paint, pixels = painter(50, 40, 56)
    assert (paint.columns, paint.rows, paint.scale) == (6, 2, 1)
    screen = screen_after("\nAb", 6, 2)
    assert paint.paint_changes(screen.grid) == 12
    assert shape(pixels, 56, 1, 0) == font_drawing.glyph_of("A")
    assert shape(pixels, 56, 1, 1) == font_drawing.glyph_of("b")
    assert all(int(pixels[y * 56 + x]) == 0x12345678 for y in range(40) for x in range(50, 56))
    paint.clear()
    assert int(pixels[39 * 56 + 49]) == 0 and int(pixels[39 * 56 + 50]) == 0x12345678


def test_only_changes_are_painted_also_after_scrolling() -> None:
    paint, _ = painter(96, 64, 96)
    screen = screen_after("same\nsame\nsame\nsame")
    paint.paint_changes(screen.grid)
    assert paint.paint_changes(screen.grid) == 0
    screen.write(b"\nsame")
    assert paint.paint_changes(screen.grid) == 0
    screen.write(b"\nother")
    assert paint.paint_changes(screen.grid) == 4  # the e stays


def test_colours_in_both_orders() -> None:
    for order, value in ((PixelOrder.BLUE_GREEN_RED, 0xFF6060), (PixelOrder.RED_GREEN_BLUE, 0x6060FF)):
        paint, pixels = painter(8, 16, 8, order)
        grid = TextGrid(1, 1)
        grid.put(0, 0, make_cell(ord("|"), 9, 0))
        paint.paint_changes(grid)
        assert set(map(int, pixels)) == {0, value}


def test_large_screens_get_large_glyphs() -> None:
    paint, pixels = painter(3840, 32, 3840)
    assert (paint.scale, paint.columns, paint.rows) == (2, 240, 1)
    grid = TextGrid(240, 1)
    grid.put(0, 1, make_cell(ord("L"), 7, 0))
    paint.paint_changes(grid)
    lit = {(y // 2, x // 2) for y in range(32) for x in range(16) if int(pixels[y * 3840 + 16 + x])}
    drawn = {(y, x) for y, row in enumerate(font_drawing.glyph_of("L")) for x in range(8) if row >> (7 - x) & 1}
    assert lit == drawn


def test_the_cursor_is_a_reversed_cell_that_moves() -> None:
    paint, pixels = painter(24, 16, 24)
    screen = screen_after("ab", 3, 1)
    for column in (1, 2, 2):
        paint.paint_changes(screen.grid)
        paint.move_cursor(screen.grid, 0, column)
    assert shape(pixels, 24, 0, 1) == font_drawing.glyph_of("b")
    assert shape(pixels, 24, 0, 2) == [0xFF] * 16
    paint.move_cursor(screen.grid, 0, 3)
    assert shape(pixels, 24, 0, 2) == [0] * 16


class Stopwatch(ClockSource):
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 1 << 40

    def nanoseconds(self) -> int:
        return self.now


def test_the_console_paints_at_intervals_and_when_asked() -> None:
    pixels, clock = new_array(u32, 64 * 32), Stopwatch()
    console = ScreenConsole(FramebufferPainter(pixels, PixelGeometry(64, 32, 64, PixelOrder.BLUE_GREEN_RED)), clock)
    console.write_bytes(b"H")
    assert shape(pixels, 64, 0, 0) == font_drawing.glyph_of("H")
    console.write_bytes("\ré".encode())
    assert shape(pixels, 64, 0, 0) == font_drawing.glyph_of("H")
    clock.now += PAINT_INTERVAL
    console.write_bytes(b"\r\n\n\nx\ny")
    assert shape(pixels, 64, 1, 0) == font_drawing.glyph_of("y")
    console.write_bytes(b"\n")
    assert shape(pixels, 64, 1, 0) == font_drawing.glyph_of("y")
    console.flush()
    assert shape(pixels, 64, 0, 0) == font_drawing.glyph_of("y")
    assert shape(pixels, 64, 1, 0) == [0xFF] * 16  # the cursor


def test_the_log_shows_each_line_when_it_is_due() -> None:
    pixels, clock = new_array(u32, 64 * 32), Stopwatch()
    console = ScreenConsole(FramebufferPainter(pixels, PixelGeometry(64, 32, 64, PixelOrder.BLUE_GREEN_RED)), clock)
    log = ScreenLog(console)
    log.write_text("Hi")
    assert shape(pixels, 64, 0, 0) == [0] * 16
    log.write_text("\n")
    assert shape(pixels, 64, 0, 0) == font_drawing.glyph_of("H")


def test_large_screens_have_a_margin() -> None:
    painting, pixels = painter(800, 600, 832)
    assert (painting.columns, painting.rows) == (98, 36)
    grid = TextGrid(painting.columns, painting.rows)
    grid.put(0, 0, make_cell(ord("H"), 7, 0))
    painting.clear()
    painting.paint_changes(grid)
    lit = [index for index in range(len(pixels)) if pixels[index] != 0 and index % 832 < 800]
    assert (min(index % 832 for index in lit), min(lit) // 832) == (8, 12 + 3)


@pytest.mark.parametrize(("width", "height", "pitch"), [(0, 10, 10), (10, 0, 10), (11, 10, 10), (-1, 10, 10)])
def test_framebuffers_that_contradict_themselves(width: int, height: int, pitch: int) -> None:
    with pytest.raises(OSError) as caught:
        FramebufferPainter(new_array(u32, 100), PixelGeometry(width, height, pitch, PixelOrder.RED_GREEN_BLUE))
    assert caught.value.errno == errno.EINVAL


@given(st.lists(st.binary(max_size=30), max_size=6))
@settings(max_examples=20)
def test_the_screen_shows_the_grid_whatever_happened(outputs: list[bytes]) -> None:
    paint, pixels = painter(40, 48, 40)
    screen = Screen(TextGrid(5, 3))
    for output in outputs:
        screen.write(output)
        paint.paint_changes(screen.grid)
    paint.paint_changes(screen.grid)
    fresh, expected = painter(40, 48, 40)
    copy = TextGrid(5, 3)
    for row in range(3):
        for column in range(5):
            copy.put(row, column, screen.grid.cell(row, column))
    fresh.paint_changes(copy)
    assert [int(pixel) for pixel in pixels] == [int(pixel) for pixel in expected]


# ------------------------------------------------------------------------------------------------------ font


def test_the_glyph_table_is_made_from_the_drawings() -> None:
    assert font_drawing.GLYPH_FILE.read_text(encoding="utf-8") == font_drawing.source_text()
    assert len(glyphs.GLYPHS) == (glyphs.REPLACEMENT_INDEX + 1) * font.GLYPH_HEIGHT


def test_every_character_has_a_shape_of_its_own() -> None:
    shapes: dict[tuple[int, ...], list[str]] = {}
    for character in font_drawing.characters():
        assert font.has_glyph(ord(character))
        rows = tuple(font.glyph_row(ord(character), row) for row in range(16))
        assert all(row & 1 == 0 for row in rows), "column 7 separates the letters"
        shapes.setdefault(rows, []).append(character)
    shared = [letters for letters in shapes.values() if len(letters) > 1]
    assert shared == [[" ", "\u00a0"], ["-", "\u00ad"]]


def test_what_the_font_lacks_is_a_box() -> None:
    box = [font.glyph_row(0x20AC, row) for row in range(16)]
    assert not font.has_glyph(0x20AC) and box[3] == box[12] == 0xFE
    assert [font.glyph_row(code, 3) for code in (0x7F, 0x80, 0x9F, 0x100, 0x10FFFF)] == [0xFE] * 5
