"""An overriding method returns what the overridden one returns."""


class Shape:
    def name(self) -> str:
        return "shape"


class Circle(Shape):
    def name(self) -> int:  # error: E0357 "name"
        return 3


shape: Shape = Circle()
print(shape.name())
