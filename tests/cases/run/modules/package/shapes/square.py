"""Squares."""

from shapes.base import Shape

print("square")


class Square(Shape):
    def __init__(self, side: int) -> None:
        self.side = side

    def area(self) -> int:
        return self.side * self.side
