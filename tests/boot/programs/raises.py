"""Ends by an exception that nobody catches, two calls deep."""

from __future__ import annotations


def divide(number: int, by: int) -> int:
    return number // by


def main() -> None:
    print("before")
    print(divide(17, 0))


if __name__ == "__main__":
    main()
