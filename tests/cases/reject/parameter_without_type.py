"""Every parameter has a type."""


def double(value) -> int:  # error: E0303 "value"
    return value * 2


print(double(1))
