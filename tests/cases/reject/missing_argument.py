"""A call gives every parameter that has no default."""


def area(width: int, height: int) -> int:
    return width * height


print(area(2))  # error: E0311 "area(2)"
