"""Causes and contexts."""


def convert(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise RuntimeError("bad number") from error


try:
    convert("x")
except RuntimeError as error:
    print(error, "|", error.__cause__)
try:
    try:
        raise KeyError("a")
    except KeyError:
        raise ValueError("b") from None
except ValueError as error:
    print(error, error.__cause__ is None)
