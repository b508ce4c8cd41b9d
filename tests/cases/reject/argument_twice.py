"""A parameter gets one value."""


def area(width: int, height: int = 1) -> int:
    return width * height


print(area(2, width=3))  # error: E0327 "width=3"
