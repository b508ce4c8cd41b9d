"""A recursion without an end raises RecursionError, which can be caught; the program goes on."""

from __future__ import annotations


def deeper(n: int) -> int:
    return deeper(n + 1) + 1


def even(n: int) -> bool:
    return True if n == 0 else odd(n - 1)


def odd(n: int) -> bool:
    return False if n == 0 else even(n - 1)


for attempt in range(3):
    try:
        print(deeper(0))
    except RecursionError as error:
        print(attempt, "caught", str(error).startswith("maximum recursion depth exceeded"))
print(even(100), odd(7))
