"""A parameter behind `*` is given by its name."""


def area(width: int, *, height: int = 1) -> int:
    return width * height


print(area(2, 3))  # error: E0311 "3"
