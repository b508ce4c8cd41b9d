"""`pyc run --cpython`: check a program, then run it under CPython with the language's widths."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from compiler.commands.reporting import guarded
from compiler.diagnostics.sink import DiagnosticSink
from compiler.hosted.program import bundle_of

LAUNCHER = Path(__file__).resolve().parent.parent / "hosted" / "launch.py"


def run_under_cpython(source: Path, arguments: list[str]) -> int:
    """Become the program; comes back only when it has mistakes, with the exit code that belongs to them."""
    sink = DiagnosticSink()

    def work() -> int:
        bundle = bundle_of(source, sink)
        become(source, bundle, arguments)
        return 0

    return guarded(sink, work)


def become(source: Path, bundle: bytes, arguments: list[str]) -> None:
    """Replace this process by an interpreter that runs the bundle, which travels in a file without a name."""
    with tempfile.TemporaryFile() as stream:
        stream.write(bundle)
        stream.seek(0)
        os.set_inheritable(stream.fileno(), True)
        sys.stdout.flush()
        sys.stderr.flush()
        command = [sys.executable, str(LAUNCHER), str(stream.fileno()), str(source), *arguments]
        os.execv(sys.executable, command)
