"""`//` and `%` round towards minus infinity."""


def show(a: int, b: int) -> None:
    print(a, b, a // b, a % b, divmod(a, b))


for a in [7, -7, 0, 1, -1, 9223372036854775807, -9223372036854775807]:
    for b in [2, -2, 3, -3, 10, -10, 1]:
        show(a, b)
show(-9223372036854775808, 3)
show(-9223372036854775808, 9223372036854775807)
