"""The fixed part of every generated program: classes, globals and small functions that the random part uses.

Contract: everything here stays in range and ends. `spent()` is the fuel: it counts calls and loop turns and answers
True once a run has used up its share, which ends every loop and every recursion. `note` makes the order of evaluation
visible. No method builds a cycle of references, so that a run that leaves an object behind has leaked it.
"""

from __future__ import annotations

PRELUDE = """
class Color(Enum):
    RED = 1
    GREEN = 2
    BLUE = 3


class Level(IntEnum):
    LOW = 1
    MIDDLE = 5
    HIGH = 10


class Trouble(Exception):
    pass


class CodedTrouble(Trouble):
    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


class Node:
    label: str = "node"

    def __init__(self, value: int, next: "Node | None" = None) -> None:
        self.value = value
        self.next = next
        self.items: list[int] = [value % 7]

    @property
    def double(self) -> int:
        return self.value * 2

    def total(self, start: int = 0) -> int:
        result = start
        current: Node | None = self
        for _ in range(6):
            if current is None:
                break
            result += current.value
            current = current.next
        return result

    def tail(self) -> "Node | None":
        return self.next

    def push(self, item: int) -> "Node":
        if len(self.items) < 12:
            self.items.append(item)
        return self

    def __str__(self) -> str:
        return f"Node({self.value}, {self.label}, {self.items}, {0 if self.next is None else self.next.value})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Node) and self.value == other.value


class Shape:
    def __init__(self, size: int) -> None:
        self.size = size

    def area(self, factor: int = 1) -> int:
        return 0

    def name(self) -> str:
        return "shape"

    @property
    def weight(self) -> int:
        return self.area() % 10007

    def describe(self) -> str:
        return f"{self.name()}:{self.area()}"


class Square(Shape):
    def area(self, factor: int = 1) -> int:
        return self.size % 1000 * (self.size % 1000) * (factor % 1000)

    def name(self) -> str:
        return "square"


class Box(Square):
    def __init__(self, size: int, text: str = "box") -> None:
        super().__init__(size)
        self.text = text

    def area(self, factor: int = 1) -> int:
        return super().area(factor) + 6

    def name(self) -> str:
        return self.text + super().name()

    @property
    def weight(self) -> int:
        return len(self.text)


@dataclass
class Point:
    x: int
    y: int = 3
    tag: str = "p"

    def __add__(self, other: "Point") -> "Point":
        return Point(small(self.x + other.x), small(self.y + other.y), self.tag)

    def __lt__(self, other: "Point") -> bool:
        return self.x < other.x


@dataclass(frozen=True)
class Pair:
    left: int
    right: str


class Guard:
    def __init__(self, label: str, swallow: bool = False) -> None:
        self.label = label
        self.swallow = swallow

    def __enter__(self) -> "Guard":
        say("enter " + self.label)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> bool:
        say(f"exit {self.label} {error is None}")
        return self.swallow


class State:
    used: ClassVar[int] = 0


trace: list[str] = []
fuel: int = 0
g_int: int = 5
g_text: str = "global"
g_list: list[int] = []
g_node: Node | None = None
LIMIT: Final = 40


def reset() -> None:
    global fuel, g_int, g_text, g_list, g_node
    trace.clear()
    fuel = 0
    g_int = 5
    g_text = "global"
    g_list = [3, 1, 2]
    g_node = None
    State.used = 0


def spent() -> bool:
    global fuel
    fuel += 1
    return fuel > 400


def say(text: str) -> None:
    if len(trace) < LIMIT:
        trace.append(text)


def small(value: int) -> int:
    return value % 2003 - 1000


def note(key: int, value: int) -> int:
    say(f"{key}={value}")
    return value


def note_bool(key: int, value: bool) -> bool:
    say(f"{key}={value}")
    return value


def note_text(key: int, value: str) -> str:
    say(f"{key}={value!r}")
    return value


def note_list(key: int, value: list[int]) -> list[int]:
    say(f"{key}={value}")
    return value


def note_node(key: int, value: Node) -> Node:
    say(f"{key}={value}")
    return value


def maybe(value: int) -> int | None:
    return None if value % 3 == 0 else value


def maybe_text(value: str) -> str | None:
    return None if len(value) % 3 == 0 else value


def maybe_node(value: int) -> Node | None:
    return None if value % 3 == 0 else Node(value)


def pair_of(value: int, text: str = "t") -> tuple[int, str]:
    return value, text


def shape_of(value: int) -> Shape:
    if value % 3 == 0:
        return Shape(value)
    return Square(value) if value % 3 == 1 else Box(value)


def fail(kind: int) -> int:
    if kind % 5 == 0:
        raise ValueError(f"bad value {kind}")
    if kind % 5 == 1:
        raise Trouble(str(kind))
    if kind % 5 == 2:
        raise CodedTrouble("coded", kind)
    return kind


def twice(function: Callable[[int], int], value: int) -> int:
    return function(function(value) % 1000)


def increment(value: int) -> int:
    return value % 100000 + 1


def negate(value: int) -> int:
    return -(value % 100000)
"""

IMPORTS = """from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import ClassVar, Final
"""

COMPILED_COUNTER = "from runtime.core.memory import live_objects\n"
HOSTED_COUNTER = """

def live_objects() -> int:
    return 0
"""
