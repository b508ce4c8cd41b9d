"""A call gives no more arguments than there are parameters."""


def double(value: int) -> int:
    return value * 2


print(double(1, 2))  # error: E0311 "2"
