"""A comprehension over something whose type is at fault reports that fault alone."""


class Board:
    def __init__(self, size: int) -> None:
        self.cells = missing(size)  # error: E0201 "missing"


def text(board: Board) -> str:
    return "".join(["".join(["#" if cell else "." for cell in row]) for row in board.cells])
