"""An overflow that nobody catches: exit code and traceback."""

from __future__ import annotations

from runtime.lang import u8


def grow(value: u8) -> u8:
    return value + 200


def main() -> None:
    print(grow(5))
    print(grow(100))


main()
