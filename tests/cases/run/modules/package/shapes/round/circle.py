"""Circles with a small pi."""

from ..base import Shape

PI = 3
print("circle")


class Circle(Shape):
    def __init__(self, radius: int) -> None:
        self.radius = radius

    def area(self) -> int:
        return PI * self.radius * self.radius
