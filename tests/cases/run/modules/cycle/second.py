"""Imports first."""

import first


def following(n: int) -> int:
    return n + first.base()
