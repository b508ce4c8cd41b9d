"""A list of a subclass is no list of the base class: someone could append another subclass."""


class Shape:
    pass


class Circle(Shape):
    pass


def collect(shapes: list[Shape]) -> None:
    shapes.append(Shape())


circles = [Circle()]
collect(circles)  # error: E0307 "circles"
