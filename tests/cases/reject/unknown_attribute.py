"""A class has only the fields it declares."""


class Point:
    def __init__(self) -> None:
        self.width = 1


print(Point().widht)  # error: E0310 "widht"
