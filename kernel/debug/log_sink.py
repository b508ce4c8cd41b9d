"""Where log text goes: the base class that every sink extends. Rank 2.

A sink gets characters one by one (code points; the log itself is ASCII), must not allocate, raise, sleep or log, and
must bound every wait: it is called from interrupts and from a panic. `write_text` may be overridden where whole texts
are cheaper.
"""

from __future__ import annotations


class LogSink:
    """One place where the log appears."""

    def write_character(self, code: int) -> None:
        """Show one character; 10 starts a new line."""

    def write_text(self, text: str) -> None:
        for position in range(len(text)):
            show(self, code_at(text, position))


def code_at(text: str, position: int) -> int:
    """The code point at a position, as functions that must not raise need it: "?" instead of an IndexError."""
    try:
        return ord(text[position])
    except IndexError:
        return ord("?")


def show(sink: LogSink, code: int) -> None:
    """Give one sink a character. A sink that breaks its contract and raises loses the character, nothing else."""
    try:
        sink.write_character(code)
    except BaseException:
        return
