"""An enum has only the members it declares."""

from enum import Enum


class Colour(Enum):
    RED = 1
    GREEN = 2


print(Colour.GRENE)  # error: E0321 "GRENE"
