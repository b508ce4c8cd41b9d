"""Simulated time: it stands still until somebody advances it, and calls what was due on the way, in order."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from typing import Final

NANOSECONDS_PER_SECOND: Final = 1_000_000_000


class SimulatedClock:
    """Nanoseconds since the start, and the calls that wait for a point in time."""

    def __init__(self, timestamp_hertz: int = NANOSECONDS_PER_SECOND) -> None:
        self.now = 0
        self.timestamp_hertz = timestamp_hertz
        self._due: list[tuple[int, int, Callable[[], None]]] = []
        self._order = 0

    def call_at(self, moment: int, action: Callable[[], None]) -> None:
        """Call `action` once when the time is `moment`; calls of one moment run in the order of their registration."""
        heapq.heappush(self._due, (max(moment, self.now), self._order, action))
        self._order += 1

    def next_due(self) -> int | None:
        """The moment of the next call, None when nothing waits."""
        return self._due[0][0] if self._due else None

    def advance(self, nanoseconds: int) -> None:
        """Let time pass."""
        if nanoseconds < 0:
            raise ValueError("time does not go back")
        end = self.now + nanoseconds
        while self._due and self._due[0][0] <= end:
            self.now, _, action = heapq.heappop(self._due)
            action()
        self.now = max(self.now, end)

    def timestamp(self) -> int:
        """What the processor's timestamp counter shows."""
        return self.now * self.timestamp_hertz // NANOSECONDS_PER_SECOND
