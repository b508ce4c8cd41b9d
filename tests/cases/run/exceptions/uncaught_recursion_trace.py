"""Repeated frames of a recursion."""


def down(n: int) -> int:
    if n == 0:
        raise ValueError("bottom")
    return down(n - 1) + 1


down(2)
