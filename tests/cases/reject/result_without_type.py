"""Every function says what it returns."""


def double(value: int):  # error: E0304 "double"
    return value * 2


print(double(1))
