"""Takes memory until there is none, says so, and goes on with what it gave back."""

from __future__ import annotations

from typing import Final

PIECE: Final = 1 << 17


def fill() -> int:
    pieces: list[list[int]] = []
    try:
        while True:
            pieces.append([len(pieces)] * PIECE)
    except MemoryError:
        return len(pieces)


def main() -> None:
    first = fill()
    second = fill()
    print("out of memory:", first > 10, second > 10, second * 10 >= first * 9)


if __name__ == "__main__":
    main()
