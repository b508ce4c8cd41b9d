"""Prints each of its arguments on a line of its own, the program's name first."""

from __future__ import annotations

import sys


def main() -> None:
    for argument in sys.argv:
        print(argument)


if __name__ == "__main__":
    main()
