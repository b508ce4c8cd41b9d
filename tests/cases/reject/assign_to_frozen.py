"""The fields of a frozen dataclass keep their values."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Point:
    x: int
    y: int


point = Point(1, 2)
point.x = 3  # error: E0343 "point.x"
