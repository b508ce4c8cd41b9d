"""A width is converted to int explicitly."""
# mypy: accepts (widths are int to it)

from runtime.lang import u32


def show(value: int) -> None:
    print(value)


def run(count: u32) -> None:
    show(count)  # error: E0307 "count"


run(u32(1))
