"""Ends with a status of its own, after output without a line end."""

from __future__ import annotations

import sys


def main() -> None:
    print("no line end", end="")
    sys.exit(7)


if __name__ == "__main__":
    main()
