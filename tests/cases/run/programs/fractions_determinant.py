"""Exact linear algebra on fractions of ints."""

from __future__ import annotations


def gcd(a: int, b: int) -> int:
    while b:
        a, b = b, a % b
    return abs(a)


class Fraction:
    def __init__(self, top: int, bottom: int = 1) -> None:
        if bottom == 0:
            raise ZeroDivisionError(f"Fraction({top}, 0)")
        common = gcd(top, bottom) * (1 if bottom > 0 else -1)
        self.top: int = top // common
        self.bottom: int = bottom // common

    def __add__(self, other: Fraction) -> Fraction:
        return Fraction(self.top * other.bottom + other.top * self.bottom, self.bottom * other.bottom)

    def __sub__(self, other: Fraction) -> Fraction:
        return self + -other

    def __mul__(self, other: Fraction) -> Fraction:
        return Fraction(self.top * other.top, self.bottom * other.bottom)

    def __truediv__(self, other: Fraction) -> Fraction:
        return Fraction(self.top * other.bottom, self.bottom * other.top)

    def __neg__(self) -> Fraction:
        return Fraction(-self.top, self.bottom)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Fraction) and self.top == other.top and self.bottom == other.bottom

    def __lt__(self, other: Fraction) -> bool:
        return self.top * other.bottom < other.top * self.bottom

    def __bool__(self) -> bool:
        return self.top != 0

    def __str__(self) -> str:
        return str(self.top) if self.bottom == 1 else f"{self.top}/{self.bottom}"

    def __repr__(self) -> str:
        return f"Fraction({self.top}, {self.bottom})"


def determinant(rows: list[list[Fraction]]) -> Fraction:
    rows = [list(row) for row in rows]
    result = Fraction(1)
    for column in range(len(rows)):
        pivot = next_pivot(rows, column)
        if pivot is None:
            return Fraction(0)
        if pivot != column:
            rows[pivot], rows[column] = rows[column], rows[pivot]
            result = -result
        result *= rows[column][column]
        for below in range(column + 1, len(rows)):
            factor = rows[below][column] / rows[column][column]
            for place in range(column, len(rows)):
                rows[below][place] -= factor * rows[column][place]
    return result


def next_pivot(rows: list[list[Fraction]], column: int) -> int | None:
    for row in range(column, len(rows)):
        if rows[row][column]:
            return row
    return None


def hilbert(size: int) -> list[list[Fraction]]:
    return [[Fraction(1, i + j + 1) for j in range(size)] for i in range(size)]


for size in range(1, 6):
    print(size, determinant(hilbert(size)))
singular = [[Fraction(x) for x in row] for row in [[1, 2, 3], [4, 5, 6], [7, 8, 9]]]
print(determinant(singular), determinant(singular) == Fraction(0, -7))
swapped = [[Fraction(x) for x in row] for row in [[0, 2, 1], [3, 0, 1], [1, 1, 1]]]
print(repr(determinant(swapped)), swapped[0])
print(Fraction(1, 3) < Fraction(2, 5), -(Fraction(1, 6) + Fraction(1, -4)), [Fraction(6, 4), Fraction(-3, 9)])
try:
    print(Fraction(1) / Fraction(0, 5))
except ZeroDivisionError as error:
    print(error)
