"""Prints one line."""

from __future__ import annotations


def main() -> None:
    print("Hello, world!")


if __name__ == "__main__":
    main()
