"""What runs at every timer tick above the count: one slot. Rank 6.

Interrupt context: interrupts off, no allocation, bounded. Owner: filled once by main, read-only afterwards.
"""

from __future__ import annotations

from collections.abc import Callable


def do_nothing() -> None:
    """No scheduler yet."""


class TickHook:
    """The slot."""

    def __init__(self) -> None:
        self.handler: Callable[[], None] = do_nothing


TICK_HOOK = TickHook()


def register_tick(handler: Callable[[], None]) -> None:
    TICK_HOOK.handler = handler


def run_tick_hook() -> None:
    handler = TICK_HOOK.handler
    handler()
