"""Imports second, which imports first."""

import second


def double_next(n: int) -> int:
    return 2 * second.following(n)


def base() -> int:
    return 1
