"""Did you mean: the known name closest to the one that was written."""

from __future__ import annotations

from collections.abc import Iterable

_MAXIMUM_LENGTH = 60  # longer names are not mistyped by hand, and the distance is quadratic


def closest(written: str, known: Iterable[str]) -> str | None:
    """The nearest of `known` within a third of the length in edits, the first in alphabet among equals."""
    if not written or len(written) > _MAXIMUM_LENGTH:
        return None
    best: str | None = None
    allowed = max(1, len(written) // 3)
    for candidate in sorted(set(known)):
        if candidate == written or abs(len(candidate) - len(written)) > allowed:
            continue
        distance = edit_distance(written, candidate, allowed)
        if distance <= allowed and (len(written) > distance):
            best, allowed = candidate, distance - 1
    return best


def edit_distance(first: str, second: str, limit: int) -> int:
    """Insertions, deletions, replacements and swaps of neighbours (case changes are free); `limit` + 1 when more."""
    first, second = first.lower(), second.lower()
    before: list[int] = []
    previous = list(range(len(second) + 1))
    for row, a in enumerate(first, 1):
        current = [row]
        for column, b in enumerate(second, 1):
            cost = min(previous[column] + 1, current[-1] + 1, previous[column - 1] + (a != b))
            if row > 1 and column > 1 and a == second[column - 2] and first[row - 2] == b:
                cost = min(cost, before[column - 2] + 1)
            current.append(cost)
        if min(current) > limit:
            return limit + 1
        before, previous = previous, current
    return previous[-1]
