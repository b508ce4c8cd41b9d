"""Decimal numbers of many digits, multiplied and divided by powers of two: the exact middle between double and text.

A double is an integer times a power of two, so its decimal expansion is finite (at most 767 digits); shifting an array
of digits left and right by bits makes it, and makes a double of a decimal text. Slow next to table methods, exact by
construction, and small.

Contract: the value is 0.d1 d2 d3 … times 10 ** point; d1 and the last digit are not zero; zero has no digits. Digits
beyond ``KEPT`` are dropped and ``truncated`` says that one of them was not zero.
"""

from __future__ import annotations

from typing import Final

from runtime.lang import Array, new_array, u8, u64

KEPT: Final = 800  # digits; enough for every double and for the halves between two of them
SIZE: Final = 832  # and room for what one shift adds
LARGEST_SHIFT: Final = 59  # bits; ten times 2 ** 59 still fits 64 bits
DIGITS_PER_SHIFT: Final = 19


class Decimal:
    digits: Array[u8]
    count: int
    point: int
    truncated: bool

    def __init__(self) -> None:
        self.digits = new_array(u8, SIZE)
        self.count = 0
        self.point = 0
        self.truncated = False

    def assign(self, value: u64) -> None:
        """Become an integer."""
        length = 1
        rest = value // 10
        while rest != 0:
            rest //= 10
            length += 1
        self.count = length
        self.point = length
        self.truncated = False
        while length > 0:
            length -= 1
            self.digits[length] = u8(value % 10)
            value //= 10
        self._trim()

    def _trim(self) -> None:
        while self.count > 0 and self.digits[self.count - 1] == 0:
            self.count -= 1
        if self.count == 0:
            self.point = 0

    def copy_prefix(self, other: Decimal, count: int) -> None:
        """Become the first ``count`` digits of another number."""
        taken = min(count, other.count)
        index = 0
        while index < taken:
            self.digits[index] = other.digits[index]
            index += 1
        self.count = taken
        self.point = other.point
        self.truncated = False
        self._trim()

    def shift(self, bits: int) -> None:
        """Multiply by ``2 ** bits``, which may be negative."""
        if self.count == 0:
            return
        while bits > 0:
            step = min(bits, LARGEST_SHIFT)
            self._multiply(u64(step))
            bits -= step
        while bits < 0:
            step = min(-bits, LARGEST_SHIFT)
            self._divide(u64(step))
            bits += step

    def _multiply(self, bits: u64) -> None:
        """From the last digit to the first, into places further right; then back to the left."""
        source = self.count
        place = self.count + DIGITS_PER_SHIFT
        end = place
        carry: u64 = 0
        while source > 0:
            source -= 1
            carry += u64(self.digits[source]) << bits
            place -= 1
            self.digits[place] = u8(carry % 10)
            carry //= 10
        while carry != 0:
            place -= 1
            self.digits[place] = u8(carry % 10)
            carry //= 10
        self.point += DIGITS_PER_SHIFT - place
        self._move_left(place, end - place)

    def _move_left(self, start: int, count: int) -> None:
        kept = min(count, KEPT)
        index = 0
        while index < kept:
            self.digits[index] = self.digits[start + index]
            index += 1
        while index < count:
            if self.digits[start + index] != 0:
                self.truncated = True
            index += 1
        self.count = kept
        self._trim()

    def _divide(self, bits: u64) -> None:
        """Long division by ``2 ** bits``, digit by digit; it ends because every power of two divides one of ten."""
        mask: u64 = (u64(1) << bits) - 1
        read = 0
        rest: u64 = 0
        while rest >> bits == 0:
            rest = rest * 10 + self._digit(read)
            read += 1
        self.point -= read - 1
        written = 0
        while read < self.count or rest != 0:
            quotient = rest >> bits
            if written < KEPT:
                self.digits[written] = u8(quotient)
                written += 1
            elif quotient != 0:
                self.truncated = True
            rest = (rest & mask) * 10 + self._digit(read)
            read += 1
        self.count = written
        self._trim()

    def _digit(self, index: int) -> u64:
        return u64(self.digits[index]) if index < self.count else u64(0)

    def rounds_up(self, count: int) -> bool:
        """Whether cutting to ``count`` digits rounds away from zero: to nearest, halves to the even digit."""
        if count < 0 or count >= self.count:
            return False
        if self.digits[count] == 5 and count + 1 == self.count and not self.truncated:
            return count > 0 and self.digits[count - 1] & 1 == 1
        return self.digits[count] >= 5

    def round_to(self, count: int) -> None:
        """Keep ``count`` digits (none or a negative number may still round up to one)."""
        if count >= self.count:
            return
        if self.rounds_up(count):
            self.cut_up(count)
        else:
            self.cut_down(count)

    def cut_down(self, count: int) -> None:
        if count < self.count:
            self.count = max(count, 0)
            self._trim()

    def cut_up(self, count: int) -> None:
        """The next larger number of ``count`` digits."""
        index = count - 1
        while index >= 0:
            if self.digits[index] < 9:
                self.digits[index] += 1
                self.count = index + 1
                return
            index -= 1
        self.digits[0] = 1
        self.count = 1
        self.point += 1

    def compare(self, other: Decimal) -> int:
        """Negative, zero or positive as this number is below, equal to or above the other; both above zero."""
        if self.point != other.point:
            return self.point - other.point
        index = 0
        while index < self.count and index < other.count:
            difference = int(self.digits[index]) - int(other.digits[index])
            if difference != 0:
                return difference
            index += 1
        return self.count - other.count

    def rounded_integer(self) -> u64:
        """The nearest integer, halves to even; the number is below 2 ** 64."""
        value: u64 = 0
        index = 0
        while index < self.point:
            value = value * 10 + self._digit(index)
            index += 1
        return value + 1 if self.rounds_up(self.point) else value
