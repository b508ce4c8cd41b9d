"""A function given as a value has the signature that is wanted."""

from collections.abc import Callable


def shout(text: str) -> str:
    return text.upper()


def apply(action: Callable[[int], int], value: int) -> int:
    return action(value)


print(apply(shout, 3))  # error: E0307 "shout"
