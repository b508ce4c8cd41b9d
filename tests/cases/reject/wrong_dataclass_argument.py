"""A dataclass takes its fields in order."""

from dataclasses import dataclass


@dataclass
class Point:
    x: int
    y: int


print(Point(1, "two"))  # error: E0307 ""two""
