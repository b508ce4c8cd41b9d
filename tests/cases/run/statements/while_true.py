"""Endless loops left by break and return."""


def first_power_above(limit: int) -> int:
    power = 1
    while True:
        if power > limit:
            return power
        power *= 2


def countdown(n: int) -> list[int]:
    seen: list[int] = []
    while True:
        seen.append(n)
        n -= 1
        if n < 0:
            break
    return seen


print(first_power_above(1000), countdown(3))
