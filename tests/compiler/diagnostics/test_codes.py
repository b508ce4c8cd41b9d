"""The registry of codes: complete, well formed, and its programs mean what they say."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import compiler
from compiler.diagnostics.codes import CODES, explain
from compiler.diagnostics.sink import DiagnosticSink
from compiler.resolve.bind import bind_module
from compiler.syntax.parse import parse_module

STAGES = ("diagnostics", "syntax", "resolve", "link", "image")


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_entry_is_complete(code: str) -> None:
    entry = CODES[code]
    assert re.fullmatch(r"E0[1-9]\d\d", code)
    assert entry.title and entry.explanation and not entry.title.endswith(".")
    if entry.right:
        ast.parse(entry.right)


@pytest.mark.parametrize("code", sorted(CODES))
def test_explanation_shows_title_and_programs(code: str) -> None:
    text = explain(code.lower())
    assert text is not None and text.startswith(f"{code}: {CODES[code].title}\n")
    assert ("Wrong:" in text) == bool(CODES[code].wrong)


def test_an_unknown_code_has_no_explanation() -> None:
    assert explain("E9999") is None


def test_every_code_these_stages_report_is_registered() -> None:
    root = Path(compiler.__file__).parent
    sources = [path.read_text() for folder in STAGES for path in sorted((root / folder).glob("*.py"))]
    used = {code for source in sources for code in re.findall(r'"(E\d{4})"', source)}
    assert used <= set(CODES)


@pytest.mark.parametrize(
    "code",
    ["E0101", "E0102", "E0110", "E0111", "E0112", "E0113", "E0114", "E0115", "E0116", "E0117", "E0201", "E0207"],
)
def test_the_wrong_program_gets_its_code_and_the_right_one_does_not(code: str) -> None:
    assert code in codes_of(CODES[code].wrong)
    assert code not in codes_of(CODES[code].right)


def codes_of(program: str) -> set[str]:
    sink = DiagnosticSink()
    module = parse_module(program.encode(), "program.py", "program", sink)
    if module is not None:
        bind_module(module, sink)
    return {one.code for one in sink.diagnostics()}
