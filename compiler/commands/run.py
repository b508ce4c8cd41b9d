"""`pyc run`: build into the cache and become the program; or run under CPython with exact widths."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from pathlib import Path
from typing import NoReturn

from compiler import cache
from compiler.commands.reporting import WRONG_COMMAND_LINE, guarded
from compiler.commands.source_file import usable_source
from compiler.commands.status_line import StatusLine
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
        with StatusLine(known.source.name) as status:
            made = build(options, sink, status.watch)
        sys.stdout.flush()
        become(made.image, [str(known.source), *known.arguments])

    return guarded(sink, work)


def become(image: bytes, arguments: list[str]) -> NoReturn:
    """Replace this process by the program. Where the cache cannot hold it, it is run from memory."""
    with contextlib.suppress(OSError):
        os.execv(stored_program(image), arguments)
    descriptor = os.memfd_create("program")
    with os.fdopen(descriptor, "wb", closefd=False) as stream:
        stream.write(image)
    os.execve(descriptor, arguments, os.environ)


def stored_program(image: bytes) -> Path:
    """The program as an executable file of the cache; what is there already is compared, not trusted."""
    path = cache.cache_folder() / "run" / cache.digest(image)
    if not path.is_file() or path.read_bytes() != image:
        path.parent.mkdir(parents=True, exist_ok=True)
        cache.replace_file(path, image, 0o755)
    return path
