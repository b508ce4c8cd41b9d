"""The registry of E03xx to E05xx: complete, and its programs mean what they say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import compiler
from compiler.diagnostics.codes import CODES
from compiler.diagnostics.errors import CompileFailed
from compiler.diagnostics.sink import DiagnosticSink
from compiler.pipeline import check

STAGES = ("check", "passes", "lower", "codegen")
OURS = [code for code in sorted(CODES) if code[:3] in ("E03", "E04", "E05")]


def test_every_code_in_use_is_registered() -> None:
    root = Path(compiler.__file__).parent
    sources = [path for folder in STAGES for path in sorted((root / folder).glob("*.py"))]
    used = {code for path in [*sources, *root.glob("*.py")] for code in re.findall(r'"(E\d{4})"', path.read_text())}
    assert used <= set(CODES), used - set(CODES)


@pytest.mark.parametrize("code", [code for code in OURS if CODES[code].wrong])
def test_the_wrong_program_gets_its_code(code: str, tmp_path: Path) -> None:
    assert code in codes_of(tmp_path, CODES[code].wrong)


@pytest.mark.parametrize("code", [code for code in OURS if CODES[code].right])
def test_the_right_program_is_accepted(code: str, tmp_path: Path) -> None:
    assert codes_of(tmp_path, CODES[code].right) == set()


def codes_of(folder: Path, program: str) -> set[str]:
    path = folder / "program.py"
    path.write_text(program + "\n")
    sink = DiagnosticSink()
    try:
        check(path, sink)
    except CompileFailed:
        pass
    return {one.code for one in sink.diagnostics()}
