"""Conditional expressions as arguments of bytes(), min() and max(), whose result's type is not theirs."""


def lengths(count: int) -> list[bytes]:
    data: bytes = bytes((5 if count > 2 else 3) % 4)
    return [data]


def bounds(a: int, b: int) -> list[int | None]:
    return [None, max(a, b), min((3 if a > b else 4), b)]


print(lengths(3), bounds(2, 3), bounds(9, 8))
