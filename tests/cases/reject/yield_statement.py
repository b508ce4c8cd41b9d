"""Generators are for a later stage."""
# mypy: accepts (a limit of this stage)

from collections.abc import Iterator


def numbers() -> Iterator[int]:  # error: E0302 "Iterator[int]"
    yield 1  # error: E0301 "yield 1"


for number in numbers():
    print(number)
