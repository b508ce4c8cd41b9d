"""A keyword argument names a parameter."""


def area(width: int, height: int = 1) -> int:
    return width * height


print(area(2, heigth=3))  # error: E0311 "heigth=3"
