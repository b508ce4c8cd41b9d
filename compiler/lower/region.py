"""The regions of a function that control can leave before their end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from compiler.ir.ops import Block, Handler


@dataclass(slots=True, eq=False)
class Scope:
    """Something that `return`, `break` and `continue` may leave: a loop, or a region with an exit of its own."""

    outer: Handler | None
    """The handler outside."""
    handled: int
    """How many exceptions are being handled outside."""
    leave: Callable[[], None] | None = None
    """What runs on the way out: the finally body, the exit of a context manager."""
    break_block: Block | None = None
    continue_block: Block | None = None
