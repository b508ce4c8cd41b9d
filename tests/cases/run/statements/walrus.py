"""Assignment inside expressions."""


def half(n: int) -> int | None:
    return n // 2 if n > 1 else None


def run() -> None:
    n: int | None = 40
    while (n := half(n)) is not None:
        print(n, end=" ")
    print()
    if (size := len("hello")) > 3:
        print("long", size)
    items = [1, 2, 3]
    print((total := sum(items)) * 2, total)
    index = 0
    while (item := items[index]) < 3:
        print(item)
        index += 1


run()
