"""Every way in which an integer gets a width that the source does not spell out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from runtime.lang import Array, i8, i32, new_array, size_of, struct, truncate, u8, u16, u32, u64, wrapping_add

LIMIT: Final[u8] = 250
PLAIN: Final = 6
MASK = 0xFFFF_FFFF_FFFF_FFFF
TABLE: tuple[u8, ...] = (1, 2, 255)


@struct
class Header:
    """A wire format."""

    kind: u8
    length: u16


@dataclass
class Point:
    """Fields with a width, one with a default."""

    x: u8
    y: u8 = 200


class Counter:
    """A field with a value in the class body, one set by the constructor, one of the class."""

    step: u8 = 100
    ceiling: ClassVar[u32] = 0xFFFF_FFFF

    def __init__(self, start: u8 = 50) -> None:
        self.value: u8 = start
        self.last: u8 | None = None

    def advance(self) -> u8:
        self.last = 7
        self.value += self.step
        return self.value


def attempt(name: str, raised: bool) -> None:
    print(name, "raised" if raised else "fitted")


def default(value: u8 = 255) -> u8:
    return value + 1


def literal_result() -> u8:
    return 255


def conditional(flag: bool) -> u8:
    return 255 if flag else 0


def add(a: u8, b: u8) -> u8:
    return a + b


def wide(a: u32, b: u8) -> u32:
    return a * b


def one_bit(position: u8) -> u8:
    return 1 << position


def inverted(value: u8) -> u8:
    return ~value & 0xFF


def masked(address: u64) -> u64:
    return address & ~0xFFF


def mixed(a: u32, b: int) -> u32:
    return a | b


def arguments() -> None:
    print(add(100, 155), add(b=1, a=2), wide(0x0100_0000, 255))
    try:
        print(add(100, 156))
    except OverflowError as error:
        print("add:", error)
    try:
        print(wide(0x0100_0001, 0xFF) * 2)
    except OverflowError as error:
        print("wide:", error)


def results() -> None:
    for name in ["default", "literal", "conditional"]:
        try:
            if name == "default":
                default()
            elif name == "literal":
                print(literal_result() + 1)
            else:
                print(conditional(True) + 1)
            attempt(name, False)
        except OverflowError:
            attempt(name, True)
    print(default(3), default(value=4))


def variables() -> None:
    x: u8 = 255
    y: i8 = -128
    try:
        x += 1
    except OverflowError:
        print("x stays", x)
    try:
        print(-y)
    except OverflowError:
        print("y stays", y)
    a, b = x, y
    x = 3
    x -= 3
    try:
        x -= 1
    except OverflowError:
        print("no less than", x)
    print(a, b, ~x, ~y, x + PLAIN, LIMIT + 5)
    try:
        print(LIMIT + PLAIN)
    except OverflowError:
        print("limit")


def shifts() -> None:
    print(one_bit(7), masked(0x1234_5678_9ABC_DEF0), inverted(5), ~u8(5))
    for position in range(6, 10):
        try:
            print(one_bit(u8(position)))
        except OverflowError:
            print("lost", position)
    value: u32 = 0x8000_0000
    try:
        print(value << 1)
    except OverflowError:
        print("lost the top bit")
    print(value >> 31, MASK & u64(5), truncate(u8, 0x1FF), wrapping_add(u8(250), 10))
    try:
        print(mixed(1, -2))
    except OverflowError:
        print("negative")


def fields() -> None:
    header = Header(1, 0xFFFF)
    try:
        header.length += 1
    except OverflowError:
        print("length", header.length, size_of(Header))
    header.kind = 255
    try:
        print(header.kind + 1)
    except OverflowError:
        print("kind", header.kind)
    point = Point(60)
    try:
        print(point.x + point.y)
    except OverflowError:
        print("point", point.x, point.y)
    counter = Counter()
    print(counter.advance(), counter.advance(), counter.last)
    try:
        counter.advance()
    except OverflowError:
        print("counter", counter.value)
    try:
        print(Counter.ceiling + 1)
    except OverflowError:
        print("ceiling", Counter.ceiling)


def sequences() -> None:
    items: list[u8] = [250, 5]
    items.append(1)
    items[0] = 251
    items += [2]
    zeros: list[u8] = [0] * 3
    doubled: list[u8] = [255 for _ in range(2)]
    print(items, zeros, sum([items[0], items[2]]), min(items[0], 5), max(items[1], 200))
    for name, values in [("items", items), ("zeros", zeros), ("doubled", doubled)]:
        try:
            print(values[0] - 1 + 2)
        except OverflowError:
            print(name, "overflow")
    buffer: Array[u8] = new_array(u8, 4)
    buffer[0] = 255
    buffer[1] = TABLE[2]
    try:
        buffer[0] += 1
    except OverflowError:
        print("buffer", buffer[0], len(buffer))
    try:
        print(TABLE[2] + TABLE[0])
    except OverflowError:
        print("table")


def ranges(count: u8) -> None:
    last: u8 = 0
    for index in range(count):
        last = index
    print("last", last)
    for index in range(1, count, 100):
        try:
            print(index + 100)
        except OverflowError:
            print("index", index)
    numbers = [n for n in range(count) if n > 252]
    print(numbers, len(numbers))


def conversions() -> None:
    big: u64 = 0xFFFF_FFFF_FFFF_FFFF
    small: u8 = 200
    print(int(small) + 100, int(small) * -1, big == MASK, small < -1, small == 200.0, small / 3)
    try:
        print(int(big))
    except OverflowError:
        print("no int")
    try:
        print(u8(int(small) + 100))
    except OverflowError:
        print("no u8")
    print(f"{small:#x} {big:x} {small:>5}|", str(small), repr(small), hex(big), small // 7, small % 7, divmod(small, 7))
    print(pow(small, 1), 2 ** u8(10), u32(small) * 1000, u16(small) + small, abs(i32(-5)), round(small))
    if small in [1, 200]:
        print("found")
    match small:
        case 200:
            print("matched")
        case _:
            print("missed")


def main() -> int:
    arguments()
    results()
    variables()
    shifts()
    fields()
    sequences()
    ranges(255)
    conversions()
    return 3


if __name__ == "__main__":
    raise SystemExit(main())
