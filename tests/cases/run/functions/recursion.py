"""Functions call themselves and each other."""


def factorial(n: int) -> int:
    return 1 if n <= 1 else n * factorial(n - 1)


def is_even(n: int) -> bool:
    return True if n == 0 else is_odd(n - 1)


def is_odd(n: int) -> bool:
    return False if n == 0 else is_even(n - 1)


def ackermann(m: int, n: int) -> int:
    if m == 0:
        return n + 1
    if n == 0:
        return ackermann(m - 1, 1)
    return ackermann(m - 1, ackermann(m, n - 1))


def hanoi(n: int, source: str, target: str, spare: str) -> int:
    if n == 0:
        return 0
    moves = hanoi(n - 1, source, spare, target)
    if n <= 2:
        print(source, "->", target)
    return moves + 1 + hanoi(n - 1, spare, target, source)


print(factorial(20))
print(is_even(10), is_odd(7), is_even(7))
print(ackermann(2, 3))
print(hanoi(3, "a", "c", "b"))
