"""More parameters than registers."""


def total(a: int, b: int, c: int, d: int, e: int, f: int, g: int, h: int, i: int, j: int) -> int:
    return a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f + 7 * g + 8 * h + 9 * i + 10 * j


def mixed(a: int, b: float, c: str, d: bool, e: float, f: list[int], g: str, h: int) -> str:
    return f"{a} {b} {c} {d} {e} {f} {g} {h}"


print(total(1, 2, 3, 4, 5, 6, 7, 8, 9, 10))
print(mixed(1, 2.5, "three", True, 5.25, [6], "seven", 8))
