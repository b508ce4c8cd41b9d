"""A function that returns a value returns one on every way."""


def sign(value: int) -> str:  # error: E0356 "sign"
    if value > 0:
        return "+"
    elif value < 0:
        return "-"


print(sign(3))
