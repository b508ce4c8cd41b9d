"""The result of a function has the declared type."""


def width(text: str) -> str:
    return len(text)  # error: E0307 "len(text)"


print(width("a"))
