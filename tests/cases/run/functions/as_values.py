"""Functions are passed, stored in lists and fields, and called later."""

from collections.abc import Callable


def double(x: int) -> int:
    return 2 * x


def square(x: int) -> int:
    return x * x


def twice(action: Callable[[int], int], value: int) -> int:
    return action(action(value))


class Step:
    def __init__(self, name: str, action: Callable[[int], int]) -> None:
        self.name = name
        self.action = action

    def run(self, value: int) -> int:
        return self.action(value)


def pick(name: str) -> Callable[[int], int]:
    return double if name == "double" else square


print(twice(double, 3), twice(square, 3))
actions = [double, square, double]
value = 3
for action in actions:
    value = action(value)
print(value)
steps = [Step("double", double), Step("square", square)]
for step in steps:
    print(step.name, step.run(5), step.action(6))
print(pick("double")(7), pick("other")(7))
