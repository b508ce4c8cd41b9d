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
            self.write_character(ord(text[position]))
