"""A member of a plain Enum never equals an int."""

from enum import Enum


class Colour(Enum):
    RED = 1


def is_red(colour: Colour) -> bool:
    return colour == 1  # error: E0314 "colour == 1"


print(is_red(Colour.RED))
