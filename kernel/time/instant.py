"""Points in time as nanoseconds since the boot, and spans between them: pure arithmetic. Rank 6."""

from __future__ import annotations

from typing import Final

NANOSECONDS_PER_MICROSECOND: Final = 1_000
NANOSECONDS_PER_MILLISECOND: Final = 1_000_000
NANOSECONDS_PER_SECOND: Final = 1_000_000_000


def milliseconds(span: int) -> int:
    """Whole milliseconds of a span in nanoseconds, rounded down."""
    return span // NANOSECONDS_PER_MILLISECOND


def seconds_text(span: int) -> str:
    """A span as people read it: "12.345"."""
    whole = span // NANOSECONDS_PER_SECOND
    thousandths = span % NANOSECONDS_PER_SECOND // NANOSECONDS_PER_MILLISECOND
    return f"{whole}.{thousandths:03d}"
