"""A variable is no type."""

size = 3


def double(value: size) -> int:  # error: E0302 "size"
    return 2
