"""Diagnostics as people see them: whole texts, read by eye when they change."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from compiler.diagnostics.diagnostic import Note
from compiler.diagnostics.render import COLOURED, render_all, render_json
from compiler.diagnostics.sink import DiagnosticSink
from compiler.diagnostics.span import Span, file_span


def sink_with(source: str) -> DiagnosticSink:
    sink = DiagnosticSink()
    sink.add_source("a.py", source)
    return sink


def span(line: int, column: int, end_line: int, end_column: int) -> Span:
    return Span("a.py", line, column, end_line, end_column)


def test_excerpt_underline_label_and_help() -> None:
    sink = sink_with("total = 1\nprint(totl)\n")
    sink.error("E0201", span(2, 6, 2, 10), "name `totl` is not defined", suggestion="total", label="not bound")
    assert render_all(sink) == (
        "error[E0201]: name `totl` is not defined\n"
        " --> a.py:2:7\n"
        "  |\n"
        "2 | print(totl)\n"
        "  |       ^^^^ not bound\n"
        "  |\n"
        "  = help: write `total`\n"
    )


def test_notes_with_and_without_a_place() -> None:
    sink = sink_with("x = 1\n" * 12)
    notes = (Note("declared here", span(2, 0, 2, 1)), Note("ints do not change"))
    sink.warning("E0201", span(11, 0, 11, 1), "message", notes=notes, suggestion="write something else")
    assert render_all(sink) == (
        "warning[E0201]: message\n"
        "  --> a.py:11:1\n"
        "   |\n"
        "11 | x = 1\n"
        "   | ^\n"
        "   |\n"
        "   = note: ints do not change\n"
        "   = help: write something else\n"
        "note: declared here\n"
        "  --> a.py:2:1\n"
        "   |\n"
        " 2 | x = 1\n"
        "   | ^\n"
    )


def test_tabs_and_wide_characters_keep_the_underline_in_place() -> None:
    sink = sink_with("\tx = '漢字' + é\n")
    start = len("\tx = '漢字' + ".encode())
    sink.error("E0201", span(1, start, 1, start + 2), "message")
    assert render_all(sink).splitlines()[3:5] == ["1 |     x = '漢字' + é", "  |                  ^"]


def test_span_over_several_lines() -> None:
    sink = sink_with("f(\n  1,\n)\n")
    sink.error("E0301", span(1, 0, 3, 1), "message", label="here")
    assert render_all(sink).splitlines()[2:] == ["  |", "1 | / f(", "2 | |   1,", "3 | | )", "  | |_^ here"]


def test_long_span_shows_its_ends() -> None:
    sink = sink_with("\n".join(f"line{number}" for number in range(1, 41)))
    sink.error("E0301", span(2, 0, 38, 3), "message")
    shown = render_all(sink).splitlines()[3:]
    assert shown[0] == " 2 | / line2" and shown[-2] == "38 | | line38"
    assert "   | | … 31 lines" in shown and len(shown) == 8


def test_long_line_is_cut_around_the_span() -> None:
    sink = sink_with("a" * 500 + "bad" + "c" * 500)
    sink.error("E0301", span(1, 500, 1, 503), "message")
    line, marks = render_all(sink).splitlines()[3:5]
    assert len(line) < 160 and line.startswith("1 | …") and line.endswith("…")
    assert line[marks.index("^") : marks.rindex("^") + 1] == "bad"


def test_terminal_controls_in_source_message_and_path_are_not_passed_on() -> None:
    sink = DiagnosticSink()
    sink.add_source("\x1b[2J.py", "x\x1b[31m\u202e = 1\n")
    sink.error("E0201", Span("\x1b[2J.py", 1, 0, 1, 1), "name `\x07`", suggestion="\x1b]0;title\x07")
    text = render_all(sink)
    assert text.replace("\n", "").isprintable() and "\x1b" not in text and "\u202e" not in text


def test_file_without_excerpt_and_omitted_count() -> None:
    sink = DiagnosticSink(limit=1)
    sink.error("E0205", file_span("gone.py"), "cannot read `gone.py`: no such file")
    sink.error("E0205", file_span("other.py"), "cannot read `other.py`")
    assert render_all(sink) == (
        "error[E0205]: cannot read `gone.py`: no such file\n --> gone.py\n\n… and 1 more, not shown\n"
    )


def test_colour_changes_nothing_but_colour() -> None:
    sink = sink_with("total = 1\n")
    sink.error("E0201", span(1, 0, 1, 5), "message", notes=[Note("why")], suggestion="x")
    coloured = render_all(sink, COLOURED)
    assert coloured != render_all(sink)
    for sequence in {COLOURED.error, COLOURED.note, COLOURED.help, COLOURED.gutter, COLOURED.strong, COLOURED.reset}:
        coloured = coloured.replace(sequence, "")
    assert coloured == render_all(sink)


def test_json_holds_everything() -> None:
    sink = sink_with("x\n")
    sink.error("E0201", span(1, 0, 1, 1), "message", notes=[Note("n", span(1, 0, 1, 1))], suggestion="y", label="l")
    (found,) = json.loads(render_json(sink))
    place = {"file": "a.py", "line": 1, "column": 0, "end_line": 1, "end_column": 1}
    assert found == {
        "code": "E0201",
        "severity": "error",
        "message": "message",
        "span": place,
        "label": "l",
        "notes": [{"message": "n", "span": place}],
        "suggestion": "y",
    }


NUMBERS = st.integers(-1, 12)


@given(st.text(max_size=40), NUMBERS, NUMBERS, NUMBERS, NUMBERS)
def test_any_span_over_any_text_renders(source: str, line: int, column: int, end_line: int, end_column: int) -> None:
    sink = sink_with(source)
    sink.error("E0101", Span("a.py", line, column, end_line, end_column), source, label=source, suggestion=source)
    assert render_all(sink).startswith("error[E0101]: ")
