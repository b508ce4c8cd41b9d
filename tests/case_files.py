"""Reading what a case file says about itself: the diagnostics it expects and the options it needs.

A case is a source file under `tests/cases/`. Its comments are instructions to the tests:

- `# error: E0307 "fragment"` behind code: one diagnostic with this code whose underline starts on this line and covers
  exactly the fragment. On a line of its own in front of any code it speaks of the file as a whole.
- `# target: kernel`: the rules of the kernel apply.
- `# mypy: accepts (reason)`: mypy --strict does not see the fault. `# mypy: elsewhere (reason)`: it sees it on
  another line.
- `# arguments: a b`: the command line of a run case.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from compiler.diagnostics.diagnostic import Diagnostic
from compiler.diagnostics.errors import CompileFailed
from compiler.diagnostics.sink import DiagnosticSink
from compiler.diagnostics.span import Span
from compiler.pipeline import check
from compiler.target import TARGETS

CASES = Path(__file__).resolve().parent / "cases"
ERROR = re.compile(r'# error: (E\d{4})(?: "(.*)")?\s*$')
OPTION = re.compile(r"^# (target|mypy|arguments): (.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Expected:
    """One diagnostic a case promises; line 0 means any line."""

    line: int
    code: str
    fragment: str | None


def expected_errors(text: str) -> list[Expected]:
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        match = ERROR.search(line)
        if match is not None:
            alone = line.startswith("# error")
            found.append(Expected(0 if alone else number, match[1], match[2]))
    return found


def options_of(text: str) -> dict[str, str]:
    return {key: value.strip() for key, value in OPTION.findall(text)}


def check_file(path: Path) -> DiagnosticSink:
    """The diagnostics of a file; an internal error of the compiler is not caught."""
    sink = DiagnosticSink()
    target = options_of(path.read_text()).get("target")
    try:
        check(path, sink, TARGETS[target or "program"])
    except CompileFailed:
        assert sink.has_errors, "a compilation failed and says nothing"
    return sink


def underlined(text: str, span: Span) -> str:
    """What a span covers, its lines joined."""
    lines = text.encode().split(b"\n")
    taken = lines[span.line - 1 : span.end_line]
    taken[-1] = taken[-1][: span.end_column]
    taken[0] = taken[0][span.column :]
    return b"\n".join(taken).decode()


def shown(path: Path, diagnostic: Diagnostic) -> Expected:
    """A diagnostic in the form of an expectation."""
    span = diagnostic.span
    inside = span.line and Path(span.file).name == path.name
    return Expected(span.line, diagnostic.code, underlined(path.read_text(), span) if inside else None)
