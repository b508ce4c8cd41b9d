"""`pyc check`: stages 1 to 3 only."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from compiler.commands.reporting import USER_IS_WRONG, WRONG_COMMAND_LINE, attempt, show
from compiler.commands.source_file import usable_source
from compiler.diagnostics.render import render_json
from compiler.diagnostics.sink import DiagnosticSink
from compiler.pipeline import check
from compiler.target import TARGETS, TargetSpec


def run(known: argparse.Namespace) -> int:
    """Check every file; the worst exit code counts."""
    if not all([usable_source(source) for source in known.source]):
        return WRONG_COMMAND_LINE
    found = DiagnosticSink()
    code = 0
    for source in known.source:
        code = max(code, check_file(source, TARGETS[known.target], found))
    if known.json:
        sys.stdout.write(render_json(found))
    else:
        show(found)
    return code


def check_file(source: Path, target: TargetSpec, found: DiagnosticSink) -> int:
    """One main module; its diagnostics join those of the others, each said once."""
    sink = DiagnosticSink()

    def work() -> int:
        check(source, sink, target)
        return 0

    code = attempt(sink, work)
    for file, text in sink.sources.items():
        found.add_source(file, text)
    for diagnostic in sink.diagnostics():
        found.report(diagnostic)
    return code or (USER_IS_WRONG if sink.has_errors else 0)
