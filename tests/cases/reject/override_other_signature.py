"""An overriding method takes what the overridden one takes."""


class Shape:
    def scaled(self, factor: int) -> int:
        return factor


class Circle(Shape):
    def scaled(self, factor: str) -> int:  # error: E0357 "factor: str"
        return len(factor)


shape: Shape = Circle()
print(shape.scaled(2))
