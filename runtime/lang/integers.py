"""Fixed-width integers: checked arithmetic as the compiler defines it."""

from __future__ import annotations
from typing import TYPE_CHECKING

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
    u8 = u16 = u32 = u64 = i8 = i16 = i32 = i64 = int


def truncate(width: type[int], value: int) -> int:
    raise NotImplementedError


def wrapping_add(a: int, b: int) -> int:
    raise NotImplementedError


def wrapping_sub(a: int, b: int) -> int:
    raise NotImplementedError


def wrapping_mul(a: int, b: int) -> int:
    raise NotImplementedError


def shift_left_wrapping(a: int, count: int) -> int:
    raise NotImplementedError


def rotate_left(a: int, count: int) -> int:
    raise NotImplementedError


def rotate_right(a: int, count: int) -> int:
    raise NotImplementedError


def count_leading_zeros(a: int) -> int:
    raise NotImplementedError


def count_trailing_zeros(a: int) -> int:
    raise NotImplementedError


def count_ones(a: int) -> int:
    raise NotImplementedError


def byte_swap(a: int) -> int:
    raise NotImplementedError


def max_of(width: type[int]) -> int:
    raise NotImplementedError


def min_of(width: type[int]) -> int:
    raise NotImplementedError
