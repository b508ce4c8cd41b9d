"""return, break and continue in finally."""


def overriding() -> int:
    try:
        return 1
    finally:
        return 2


def swallowing() -> str:
    try:
        raise ValueError("lost")
    finally:
        return "swallowed"


def breaking() -> int:
    for n in range(5):
        try:
            if n == 2:
                raise ValueError("gone")
        finally:
            if n == 2:
                break
    return n


def continuing() -> list[int]:
    seen: list[int] = []
    for n in range(4):
        try:
            if n % 2:
                raise ValueError("skip")
            seen.append(n)
        finally:
            continue
    return seen


def value_kept() -> int:
    x = 1
    try:
        return x
    finally:
        x = 5


print(overriding(), swallowing(), breaking(), continuing(), value_kept())
