"""A constant fits the width it is given to."""
# mypy: accepts (widths are int to it)

from runtime.lang import u8


def show(value: u8) -> None:
    print(int(value))


show(256)  # error: E0501 "256"
