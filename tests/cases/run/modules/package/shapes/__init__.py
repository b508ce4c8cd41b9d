"""The package."""

from .base import Shape
from .square import Square

VERSION = "1." + str(2)
print("shapes")


def total_area(items: list[Shape]) -> int:
    return sum([item.area() for item in items])
