"""A Final variable keeps its value."""

from typing import Final

LIMIT: Final = 3


def raise_limit() -> None:
    global LIMIT
    LIMIT = 4  # error: E0341 "LIMIT"


raise_limit()
