"""Enums: names, values, identity, lookup."""

from enum import Enum, IntEnum


class Colour(Enum):
    RED = 1
    GREEN = 2
    BLUE = 4

    def is_warm(self) -> bool:
        return self is Colour.RED


class Level(IntEnum):
    LOW = 1
    HIGH = 10


def name_of(colour: Colour) -> str:
    return colour.name.lower()


c = Colour.GREEN
print(
    c,
    c.name,
    c.value,
    c is Colour.GREEN,
    c == Colour.RED,
    c != Colour.RED,
    Colour(4),
    repr(c),
    c.is_warm(),
    Colour.RED.is_warm(),
)
print(
    Level.LOW < Level.HIGH,
    Level.HIGH + 1,
    Level.LOW,
    Level(10).name,
    repr(Level.LOW),
    Level.HIGH == 10,
    f"{Level.HIGH}",
)
print(name_of(Colour.BLUE), [Colour.RED, Colour.BLUE], c in (Colour.RED, Colour.GREEN))
try:
    print(Colour(3))
except ValueError as error:
    print(error)
