"""An argument has the parameter's type."""


def double(count: int) -> int:
    return count * 2


print(double("2"))  # error: E0307 ""2""
