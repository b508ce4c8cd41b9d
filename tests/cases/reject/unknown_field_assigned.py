"""A field is declared in its class."""


class Point:
    def __init__(self) -> None:
        self.x = 1


point = Point()
point.y = 2  # error: E0310 "y"
