"""Overridden methods are found by the object's class."""


class Shape:
    def __init__(self, name: str) -> None:
        self.name = name

    def area(self) -> float:
        return 0.0

    def describe(self) -> str:
        return f"{self.name}: {self.area():.2f}"


class Rectangle(Shape):
    def __init__(self, width: float, height: float) -> None:
        super().__init__("rectangle")
        self.width = width
        self.height = height

    def area(self) -> float:
        return self.width * self.height


class Square(Rectangle):
    def __init__(self, side: float) -> None:
        super().__init__(side, side)
        self.name = "square"

    def describe(self) -> str:
        return "[" + super().describe() + "]"


class Circle(Shape):
    def __init__(self, radius: float) -> None:
        super().__init__("circle")
        self.radius = radius

    def area(self) -> float:
        return 3.14159 * self.radius * self.radius


shapes: list[Shape] = [Shape("nothing"), Rectangle(2.0, 3.0), Square(4.0), Circle(1.0)]
for shape in shapes:
    print(shape.describe(), isinstance(shape, Rectangle), isinstance(shape, (Circle, Square)))
for shape in shapes:
    if isinstance(shape, Rectangle):
        print(shape.width)
    elif isinstance(shape, Circle):
        print(shape.radius)
