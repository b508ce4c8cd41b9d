"""Fixed-width integers and the functions on them.

To a type checker the widths are aliases of `int`: no methods, no overloads by width. On CPython they are the classes of
`runtime.lang.widths`. A function that takes two integers gives the width the operators would give; a plain `int` counts
as 64 bits, signed, and gives a plain `int`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from runtime.lang import widths
from runtime.lang.widths import INT_MAXIMUM, INT_MINIMUM, FixedWidth, overflow

if TYPE_CHECKING:
    u8 = int
    u16 = int
    u32 = int
    u64 = int
    i8 = int
    i16 = int
    i32 = int
    i64 = int
else:
    u8, u16, u32, u64, i8, i16, i32, i64 = widths.WIDTHS


def width_class(kind: type) -> type[FixedWidth]:
    """The width that stands for an integer type: a plain `int` is an i64."""
    if issubclass(kind, FixedWidth) and kind is not FixedWidth:
        return kind
    if kind is int:
        return widths.i64
    raise TypeError(f"{kind.__name__} is no integer width")


def _delivered(kind: type, value: FixedWidth) -> int:
    """`value` as its width, or as a plain `int` where the operand was one."""
    return value if issubclass(kind, FixedWidth) else int.__index__(value)


def _operand_kind(value: object) -> type:
    kind = type(value)
    if issubclass(kind, FixedWidth):
        return kind
    if isinstance(value, int):
        return int
    raise TypeError(f"{kind.__name__} is no integer")


def _common_kind(a: int, b: int) -> type:
    first, second = _operand_kind(a), _operand_kind(b)
    if first is int:
        return second
    if second is int:
        return first
    return widths.common_width(first, second)


def to_int(value: int) -> int:
    """`int(value)` as the language has it: a u64 above 2⁶³−1 raises. The loader puts it in place of `int(x)`."""
    if not INT_MINIMUM <= int.__index__(value) <= INT_MAXIMUM:
        raise overflow()
    return int.__index__(value)


def truncate(width: type[int], value: int) -> int:
    """The low bits of `value`, read as `width`."""
    return _delivered(width, widths.wrapped(width_class(width), int.__index__(value)))


def wrapping_add(a: int, b: int) -> int:
    """The sum modulo 2ⁿ, n the bits of the result's width."""
    kind = _common_kind(a, b)
    return _delivered(kind, widths.wrapped(width_class(kind), int.__index__(a) + int.__index__(b)))


def wrapping_sub(a: int, b: int) -> int:
    """The difference modulo 2ⁿ, n the bits of the result's width."""
    kind = _common_kind(a, b)
    return _delivered(kind, widths.wrapped(width_class(kind), int.__index__(a) - int.__index__(b)))


def wrapping_mul(a: int, b: int) -> int:
    """The product modulo 2ⁿ, n the bits of the result's width."""
    kind = _common_kind(a, b)
    return _delivered(kind, widths.wrapped(width_class(kind), int.__index__(a) * int.__index__(b)))


def shift_left_wrapping(a: int, count: int) -> int:
    """`a << count` without the bits that leave the width; a count of the width's bits or more gives 0."""
    kind = _operand_kind(a)
    width = width_class(kind)
    if count < 0:
        raise ValueError("negative shift count")
    return _delivered(kind, widths.wrapped(width, int.__index__(a) << min(int.__index__(count), width.bits)))


def _pattern(a: int) -> tuple[type, type[FixedWidth], int]:
    """Kind, width and bit pattern of `a`."""
    kind = _operand_kind(a)
    width = width_class(kind)
    return kind, width, int.__index__(a) & ((1 << width.bits) - 1)


def rotate_left(a: int, count: int) -> int:
    """The bits of `a` turned towards the top; the count is taken modulo the bits of the width."""
    kind, width, pattern = _pattern(a)
    turn = int.__index__(count) % width.bits
    return _delivered(kind, widths.wrapped(width, pattern << turn | pattern >> (width.bits - turn)))


def rotate_right(a: int, count: int) -> int:
    """The bits of `a` turned towards the bottom; the count is taken modulo the bits of the width."""
    return rotate_left(a, -int.__index__(count))


def count_leading_zeros(a: int) -> int:
    """Zero bits above the highest set bit; all bits of the width for 0."""
    _, width, pattern = _pattern(a)
    return width.bits - pattern.bit_length()


def count_trailing_zeros(a: int) -> int:
    """Zero bits below the lowest set bit; all bits of the width for 0."""
    _, width, pattern = _pattern(a)
    return (pattern & -pattern).bit_length() - 1 if pattern else width.bits


def count_ones(a: int) -> int:
    """Set bits of the pattern of `a`."""
    return _pattern(a)[2].bit_count()


def byte_swap(a: int) -> int:
    """The bytes of `a` in reverse order."""
    kind, width, pattern = _pattern(a)
    data = pattern.to_bytes(width.bits // 8, "little")
    return _delivered(kind, widths.wrapped(width, int.from_bytes(data, "big")))


def max_of(width: type[int]) -> int:
    """The largest value of `width`, in that width."""
    return width(width_class(width).maximum)


def min_of(width: type[int]) -> int:
    """The smallest value of `width`, in that width."""
    return width(width_class(width).minimum)
