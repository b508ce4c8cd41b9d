"""match on the members of an enum, exhaustively."""

from enum import Enum


class Light(Enum):
    RED = "r"
    AMBER = "a"
    GREEN = "g"


def following(light: Light) -> Light:
    match light:
        case Light.RED:
            return Light.GREEN
        case Light.AMBER:
            return Light.RED
        case Light.GREEN:
            return Light.AMBER


light = Light.RED
for _ in range(5):
    print(light, light.value)
    light = following(light)
