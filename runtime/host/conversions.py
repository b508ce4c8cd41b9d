"""What a rewritten source calls on CPython where the compiler converts an integer implicitly.

`compiler.hosted.rewrite` imports these under reserved names: a width around an integer that the language adapts,
`to_int` around `int(x)`, and `WidthRange` in place of a `range` whose bounds have a width.
"""

from __future__ import annotations

from collections.abc import Iterator

from runtime.lang.integers import to_int
from runtime.lang.widths import FixedWidth, i8, i16, i32, i64, u8, u16, u32, u64

__all__ = ["WidthRange", "i8", "i16", "i32", "i64", "to_int", "u8", "u16", "u32", "u64"]


class WidthRange:
    """`range(…)` whose numbers have a width; like `range` it can be walked more than once, measured and searched."""

    __slots__ = ("_numbers", "_width")

    def __init__(self, width: type[FixedWidth], *bounds: int) -> None:
        self._width = width
        self._numbers = range(*(int.__index__(width(bound)) for bound in bounds))

    def __iter__(self) -> Iterator[FixedWidth]:
        return map(self._width, self._numbers)

    def __reversed__(self) -> Iterator[FixedWidth]:
        return map(self._width, reversed(self._numbers))

    def __len__(self) -> int:
        return len(self._numbers)

    def __contains__(self, value: object) -> bool:
        return value in self._numbers

    def __getitem__(self, index: int) -> FixedWidth:
        return self._width(self._numbers[index])
