"""A name of a builtin can be taken by the program."""


def max(a: int, b: int) -> int:
    return a * 100 + b


def use(len: int) -> int:
    return len + 1


print(max(1, 2), use(3))
