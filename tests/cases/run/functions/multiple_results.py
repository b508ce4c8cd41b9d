"""Several results are a tuple."""


def divide(a: int, b: int) -> tuple[int, int]:
    return a // b, a % b


def extremes(items: list[int]) -> tuple[int, int, str]:
    return min(items), max(items), "of " + str(len(items))


quotient, remainder = divide(17, 5)
print(quotient, remainder, divide(-17, 5))
low, high, text = extremes([3, 1, 4, 1, 5])
print(low, high, text)
pair = divide(100, 7)
print(pair, pair[0], pair[1], pair[-1], len(pair))
