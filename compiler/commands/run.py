"""`pyc run`: build into the cache and become the program; or run under CPython with exact widths."""

from __future__ import annotations

import argparse
import os
import sys

from compiler import cache
from compiler.commands.build import usable_source
from compiler.commands.reporting import WRONG_COMMAND_LINE, guarded
from compiler.diagnostics.sink import DiagnosticSink
from compiler.options import BuildOptions
from compiler.pipeline import build


def run(known: argparse.Namespace) -> int:
    """The program's own exit code."""
    if not usable_source(known.source):
        return WRONG_COMMAND_LINE
    if known.cpython:
        from compiler.commands.run_cpython import run_under_cpython

        return run_under_cpython(known.source, known.arguments)
    sink = DiagnosticSink()
    options = BuildOptions(
        known.source, optimise=known.optimise and not known.debug, debug=known.debug, use_cache=not known.no_cache
    )

    def work() -> int:
        made = build(options, sink)
        path = cache.cache_folder() / "run" / cache.digest(made.image)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            cache.write_atomically(path, made.image, 0o755)
        sys.stdout.flush()
        os.execv(path, [str(known.source), *known.arguments])
        return 0

    return guarded(sink, f"pyc run {known.source}", work)
