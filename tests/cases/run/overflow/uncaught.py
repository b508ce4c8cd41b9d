"""An uncaught overflow."""


def square(n: int) -> int:
    return n * n


print(square(3))
print(square(4000000000))
