"""Fields that only `__init__` introduces get the type of what it assigns, whoever asks for them first."""

from __future__ import annotations

from enum import Enum


class State(Enum):
    IDLE = 0
    BUSY = 1


class Grid:
    def __init__(self, width: int, height: int) -> None:
        self.cells = [[False] * width for _ in range(height)]
        self.state = State.IDLE
        self.missing = width - height
        self.first = self.last = -1
        self.name = "grid" if width > 2 else "small"
        self.size = (width, height)
        self.half = width / 2
        self.area = self.missing * self.first

    def toggle(self, row: int, column: int) -> None:
        self.cells[row][column] = not self.cells[row][column]
        self.state = State.BUSY
        self.last = row


class Pair:
    def __init__(self, left: Grid) -> None:
        self.left = left
        self.right = Grid(2, 2)
        self.total = left.missing + self.right.missing


def before(grid: Grid) -> str:
    return f"{grid.name} {grid.state} {grid.missing} {grid.first} {grid.last} {grid.size} {grid.half} {grid.area}"


grid = Grid(4, 3)
print(before(grid), grid.cells)
grid.toggle(1, 2)
print(before(grid), grid.cells)
pair = Pair(grid)
print(pair.total, pair.right.name, pair.left.last)
