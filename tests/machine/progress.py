"""Progress on standard error: a moving line on a terminal, plain lines elsewhere.

    with Progress() as progress:
        with progress.step("kernel") as note: …

Standard output stays free for the guest and for tools. rich is imported only when a terminal looks on.
"""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any


def say(line: str) -> None:
    """One plain line of progress."""
    print(f"build.py: {line}", file=sys.stderr, flush=True)


class Progress:
    """Named steps with their times; several may run at once from several threads."""

    def __init__(self) -> None:
        self._status: Any = None
        self._console: Any = None
        self._running: list[str] = []
        self._lock = threading.Lock()

    def __enter__(self) -> Progress:
        if sys.stderr.isatty():
            try:
                from rich.console import Console
            except ImportError:
                return self
            self._console = Console(stderr=True, highlight=False)
            self._status = self._console.status("")
            self._status.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._status is not None:
            self._status.stop()

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[None]:
        """One step; its line is printed when it has ended well."""
        started = time.monotonic()
        self._change(name, begins=True)
        try:
            yield
        except BaseException:
            self._change(name, begins=False)
            raise
        self._change(name, begins=False)
        self._line(name, time.monotonic() - started)

    def _change(self, name: str, *, begins: bool) -> None:
        with self._lock:
            if begins:
                self._running.append(name)
            else:
                self._running.remove(name)
            if self._status is not None:
                self._status.update("building " + ", ".join(self._running))

    def _line(self, name: str, seconds: float) -> None:
        with self._lock:
            if self._console is not None:
                self._console.print(f"[green]✓[/green] {name:<24} [dim]{seconds:6.2f} s[/dim]")
            else:
                print(f"build.py: built {name} in {seconds:.2f} s", file=sys.stderr, flush=True)
