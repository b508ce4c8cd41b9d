"""list(…) of a conditional expression over texts."""


def letters(text: str, count: int) -> list[str]:
    found: list[str] = list(text if count > 2 else "ab")
    return found


print(letters("xyz", 3), letters("xyz", 1))
