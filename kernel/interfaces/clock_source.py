"""A monotonic count of nanoseconds: the time stamp counter, the PIT, the clock of a test.

Contract: `nanoseconds` never goes backwards, may be called from interrupt context, allocates nothing. Zero is some
moment before the first call. 2**63 nanoseconds are 292 years, so the value always fits an `int`.
"""

from __future__ import annotations

from typing import Final

NANOSECONDS_PER_MILLISECOND: Final = 1_000_000
NANOSECONDS_PER_SECOND: Final = 1_000_000_000


class ClockSource:
    """Base class of clocks."""

    def nanoseconds(self) -> int:
        """Return the time since the clock's zero in nanoseconds."""
        return 0

    def resolution(self) -> int:
        """Return the clock's step in nanoseconds."""
        return 1


class Deadline:
    """A moment by which a bounded wait has to end."""

    _clock: ClockSource
    _end: int  # nanoseconds of the clock

    def __init__(self, clock: ClockSource, timeout_nanoseconds: int) -> None:
        self._clock = clock
        self._end = clock.nanoseconds() + timeout_nanoseconds

    def has_passed(self) -> bool:
        """Tell whether the time is up; a timeout of zero is up at once."""
        return self._clock.nanoseconds() >= self._end

    def remaining(self) -> int:
        """Return the nanoseconds left, never negative."""
        return max(0, self._end - self._clock.nanoseconds())
