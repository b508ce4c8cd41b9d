"""Conway's life on a torus, three patterns."""


class Board:
    def __init__(self, width: int, height: int) -> None:
        self.width = width
        self.height = height
        self.cells: list[list[bool]] = [[False] * width for _ in range(height)]

    @classmethod
    def parse(cls, text: str) -> "Board":
        lines = text.split("/")
        board = Board(len(lines[0]), len(lines))
        for y, line in enumerate(lines):
            for x, character in enumerate(line):
                board.cells[y][x] = character == "#"
        return board

    def neighbours(self, x: int, y: int) -> int:
        count = 0
        for dy in (-1, 0, 1):
            for dx in (-1, 0, 1):
                if dx or dy:
                    count += self.cells[(y + dy) % self.height][(x + dx) % self.width]
        return count

    def step(self) -> "Board":
        after = Board(self.width, self.height)
        for y in range(self.height):
            for x in range(self.width):
                count = self.neighbours(x, y)
                after.cells[y][x] = count == 3 or (count == 2 and self.cells[y][x])
        return after

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Board) and self.cells == other.cells

    def __str__(self) -> str:
        return "\n".join(["".join(["#" if cell else "." for cell in row]) for row in self.cells])


for name, text in [
    ("blinker", "...../..#../..#../..#../....."),
    ("glider", ".#..../..#.../###.../....../....../......"),
    ("block", "..../.##./.##./...."),
]:
    first = Board.parse(text)
    board = first.step()
    period = 1
    while board != first and period < 60:
        board = board.step()
        period += 1
    print(name, period)
    print(first.step())
