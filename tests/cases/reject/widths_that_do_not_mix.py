"""Two widths of which neither holds the other are not mixed."""
# mypy: accepts (widths are int to it)

from runtime.lang import i32, u32


def add(one: u32, other: i32) -> int:
    return int(one + other)  # error: E0313 "one + other"


print(add(u32(1), i32(2)))
