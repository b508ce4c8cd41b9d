"""Widths through tuples, optionals, methods, loops and the functions of runtime.lang."""

from __future__ import annotations

from enum import IntEnum

from runtime.lang import (
    byte_swap,
    count_ones,
    i8,
    i64,
    max_of,
    min_of,
    rotate_left,
    shift_left_wrapping,
    u8,
    u16,
    u32,
    u64,
    wrapping_sub,
)


class Color(IntEnum):
    RED = 1
    BLUE = 2


class Base:
    def size(self, scale: u8) -> u8:
        return scale


class Derived(Base):
    def size(self, scale: u8) -> u8:
        return scale * 2

    @property
    def top(self) -> u8:
        return 255

    def __add__(self, other: u8) -> u8:
        return other + 100

    def __len__(self) -> int:
        return 3

    def __getitem__(self, index: int) -> u8:
        return 255


def pair() -> tuple[u8, u16]:
    return 255, 256


def maybe(flag: bool) -> u8 | None:
    if flag:
        return 255
    return None


def fill(items: list[u8], value: u8, count: int) -> None:
    for _ in range(count):
        items.append(value)


def sign(v: i8) -> i8:
    return -1 if v < 0 else 1


def walrus(n: u8) -> u8:
    if (m := n + 1) > 5:
        return m
    return 0


def main() -> None:
    a, b = pair()
    print(a, b)
    try:
        print(a + 1)
    except OverflowError:
        print("a")
    v = maybe(True)
    if v is not None:
        try:
            print(v + 1)
        except OverflowError:
            print("v")
    xs: list[u8] = []
    fill(xs, 255, 2)
    try:
        print(sum(xs))
    except OverflowError:
        print("sum")
    d = Derived()
    try:
        print(d.size(128))
    except OverflowError:
        print("size")
    try:
        print(d.top + 1)
    except OverflowError:
        print("top")
    try:
        print(d + 156)
    except OverflowError:
        print("add")
    try:
        print(d[0] + 1)
    except OverflowError:
        print("item")
    print(sign(-5) - 1, sign(5), walrus(9), walrus(1))
    try:
        walrus(255)
    except OverflowError:
        print("walrus")
    print(u8(Color.BLUE) + 1, max_of(u8), min_of(i8), rotate_left(u8(0x81), 1), count_ones(u16(255)), byte_swap(u16(1)))
    print(wrapping_sub(u8(0), 1), shift_left_wrapping(u8(255), 4), u64(7) | 8, 8 ^ u64(7), 0xF0 & u8(0x3C))
    x: i64 = 9223372036854775807
    try:
        print(x + 1)
    except OverflowError:
        print("i64")
    n: u8 = 10
    while n > 0:
        n -= 3
        if n < 3:
            break
    print(n)
    k: u32 = 0
    for i in range(u32(3)):
        k += i * 1000000
    print(k, [i * 2 for i in range(n)], list(range(n)), [z for z in reversed(range(n))])
    for place, item in enumerate(xs):
        print(place, item)
    for p, q in zip(xs, [1, 2]):  # noqa: B905 (`strict=` is not part of the language yet)
        print(p, q)
    t = 5 if a > 3 else a
    print(t, not a, a and 1, -i8(5), +a)
    try:
        u8(5) // u8(0)
    except ZeroDivisionError as e:
        print(e)
    try:
        print(u8(1) << -1)
    except ValueError as e:
        print(e)
    print("abc"[u8(1)], b"abc"[u8(0)] + 300, (u8(200) + 100) if False else 0)
    print(u8(200) > -1, u64(2**63) > 5, 3 < u8(4) <= 4, u8(5) == u16(5))
    print(u8(7) ** 2, 7**2, (u8(3) - 1) * 5, divmod(-7, 2), u16(1) << 15, 1 << 40, u8(255) >> 9)
    g: u8 = 3
    h: u16 = u16(g)
    print(h)


main()
