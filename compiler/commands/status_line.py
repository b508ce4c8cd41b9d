"""What a long build is busy with, in one line of the terminal that is gone when the build is done.

Only on a terminal, only on stderr, and only when a build takes longer than a person waits without wondering.
"""

from __future__ import annotations

import os
import shutil
import sys
import time

from compiler.pipeline import Progress

PATIENCE_SECONDS = 1.0
CLEAR_LINE = "\r\x1b[K"
WORDS = {
    "resolve": "reading modules",
    "check": "checking types",
    "lower": "building the intermediate form",
    "passes": "making checks and counts explicit",
    "llvm text": "writing LLVM text",
    "llvm": "compiling",
    "link": "linking",
}


class StatusLine:
    """Watches one build. Use as a context manager: the line is removed at the end."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._started = time.monotonic()
        self._wanted = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self._shown = ""

    def __enter__(self) -> StatusLine:
        return self

    def __exit__(self, *_exception: object) -> None:
        if self._shown:
            sys.stderr.write(CLEAR_LINE)
            sys.stderr.flush()

    def watch(self, progress: Progress) -> None:
        """Called while the build goes on."""
        seconds = time.monotonic() - self._started
        if self._wanted and seconds >= PATIENCE_SECONDS:
            self._show(describe(self._title, progress, seconds))

    def _show(self, line: str) -> None:
        columns = shutil.get_terminal_size().columns
        line = line[: columns - 1]
        if line != self._shown:
            self._shown = line
            sys.stderr.write(CLEAR_LINE + line)
            sys.stderr.flush()


def describe(title: str, progress: Progress, seconds: float) -> str:
    """`hello.py: compiling, 3 of 12 units, 2 s`."""
    parts = [WORDS.get(progress.stage, progress.stage)]
    if progress.stage == "llvm" and progress.total:
        parts.append(f"{progress.done} of {progress.total} units")
    return f"{title}: {', '.join([*parts, f'{int(seconds)} s'])}"
