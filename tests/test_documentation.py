"""Every fenced example of the language reference, compiled and run, or refused, as the comment above it says.

`<!-- prints -->`: the text block that follows is what pyc's program and CPython print. `<!-- differs -->`: only pyc's
program does (a divergence). `<!-- refused CODE -->`: the first diagnostic has this code. `<!-- accepted -->`: none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from compiler.diagnostics.codes import CODES
from compiler.diagnostics.errors import CompileFailed
from compiler.diagnostics.sink import DiagnosticSink
from compiler.pipeline import check
from tests.case_runs import ROOT, run_compiled, run_on_cpython

DOCUMENT = ROOT / "docs" / "language.md"
EXAMPLE = re.compile(r"<!-- (\w+)(?: (E\d{4}))? -->\n```python\n(.*?)```\n(?:\n```text\n(.*?)```\n)?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Example:
    """One annotated block."""

    line: int
    kind: str
    code: str
    program: str
    text: str


def examples() -> list[Example]:
    document = DOCUMENT.read_text()
    found = []
    for match in EXAMPLE.finditer(document):
        line = document.count("\n", 0, match.start()) + 1
        found.append(Example(line, match[1], match[2] or "", match[3], match[4] or ""))
    return found


def test_every_python_block_is_annotated() -> None:
    assert len(examples()) == DOCUMENT.read_text().count("```python") > 20


def test_every_code_that_is_mentioned_exists() -> None:
    assert set(re.findall(r"E\d{4}", DOCUMENT.read_text())) <= set(CODES)


@pytest.mark.parametrize("example", examples(), ids=lambda example: f"line {example.line}")
def test_example(example: Example, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYC_CACHE_DIR", str(tmp_path.parent / "cache"))
    path = tmp_path / "example.py"
    path.write_text(example.program)
    match example.kind:
        case "prints" | "differs":
            outcome = run_compiled(path, optimise=False)
            assert (outcome.stdout, outcome.stderr, outcome.exit_code) == (example.text, "", 0)
            assert (run_on_cpython(path).stdout == example.text) == (example.kind == "prints")
        case "refused":
            assert codes_of(path)[:1] == [example.code]
        case "accepted":
            assert codes_of(path) == []
        case other:
            pytest.fail(f"unknown annotation {other}")


def codes_of(path: Path) -> list[str]:
    sink = DiagnosticSink()
    try:
        check(path, sink)
    except CompileFailed:
        pass
    return [one.code for one in sink.diagnostics()]
