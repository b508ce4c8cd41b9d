"""A constant table as a tuple of one type."""

from typing import Final

PRIMES: Final[tuple[int, ...]] = (2, 3, 5, 7, 11)
NAMES: tuple[str, ...] = ("zero", "one", "two")


def name_of(number: int) -> str:
    return NAMES[number]


print(len(PRIMES), PRIMES[0], PRIMES[-1], [p * 2 for p in PRIMES])
for index in range(len(NAMES)):
    print(name_of(index))
total = 0
for prime in PRIMES:
    total += prime
print(total)
try:
    print(name_of(3))
except IndexError as error:
    print(error)
