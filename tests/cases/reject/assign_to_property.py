"""A property without a setter is only read."""


class Circle:
    def __init__(self) -> None:
        self.radius = 2

    @property
    def size(self) -> int:
        return self.radius * 2


circle = Circle()
circle.size = 3  # error: E0344 "size"
