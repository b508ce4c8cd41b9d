"""An int is converted to a width explicitly."""
# mypy: accepts (widths are int to it)

from runtime.lang import u32


def show(value: u32) -> None:
    print(int(value))


def run(count: int) -> None:
    show(count)  # error: E0307 "count"


run(1)
