"""`pyc check`: stages 1 to 3 only."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from compiler.commands.build import usable_source
from compiler.commands.reporting import USER_IS_WRONG, WRONG_COMMAND_LINE, guarded
from compiler.diagnostics.errors import CompileFailed
from compiler.diagnostics.render import render_json
from compiler.diagnostics.sink import DiagnosticSink
from compiler.pipeline import check


def run(known: argparse.Namespace) -> int:
    """Check every file; the worst exit code counts."""
    if not all([usable_source(source) for source in known.source]):
        return WRONG_COMMAND_LINE
    return max(check_file(source, known.json, known.target) for source in known.source)


def check_file(source: Path, as_json: bool, target: str) -> int:
    sink = DiagnosticSink()

    def work() -> int:
        check(source, sink, is_kernel=target == "kernel")
        return 0

    if not as_json:
        return guarded(sink, f"pyc check {source}", work)
    try:
        work()
    except CompileFailed:
        pass
    sys.stdout.write(render_json(sink))
    return USER_IS_WRONG if sink.has_errors else 0
