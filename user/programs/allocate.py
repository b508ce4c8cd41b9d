"""Builds and frees lists of objects and strings, and prints checksums that only right values give.

What is built in one round is dropped before the next, so the memory in use stays flat however many rounds there are.
"""

from __future__ import annotations

from typing import Final

ROUNDS: Final = 20
PERSONS: Final = 500
CHAIN_LENGTH: Final = 10_000
MODULUS: Final = 1_000_003


class Person:
    def __init__(self, name: str, age: int) -> None:
        self.name = name
        self.age = age
        self.friends: list[Person] = []


class Link:
    def __init__(self, value: int, following: Link | None) -> None:
        self.value = value
        self.following = following


def checksum(text: str) -> int:
    total = 0
    for character in text:
        total = (total * 31 + ord(character)) % MODULUS
    return total


def make_persons(count: int, seed: int) -> list[Person]:
    persons: list[Person] = []
    for number in range(count):
        persons.append(Person("person " + str(number * seed), (number + seed) % 90))
    for number in range(1, count):
        persons[number].friends.append(persons[number - 1])
    return persons


def persons_checksum(persons: list[Person]) -> int:
    total = 0
    for person in persons:
        total = (total + checksum(person.name) + person.age) % MODULUS
        for friend in person.friends:
            total = (total + friend.age) % MODULUS
    return total


def make_text(count: int) -> str:
    """One string grown piece by piece."""
    text = ""
    for number in range(count):
        text += str(number)
    return text


def make_chain(length: int) -> Link | None:
    """A chain whose drop must not need stack for each link."""
    chain: Link | None = None
    for number in range(length):
        chain = Link(number, chain)
    return chain


def chain_checksum(chain: Link | None) -> int:
    total = 0
    while chain is not None:
        total = (total + chain.value) % MODULUS
        chain = chain.following
    return total


def main() -> None:
    total = 0
    for number in range(1, ROUNDS + 1):
        total = (total + persons_checksum(make_persons(PERSONS, number))) % MODULUS
    print("persons", total)
    text = make_text(3000)
    print("text", len(text), checksum(text))
    words = " ".join([str(number * number) for number in range(1000)]).split(" ")
    words.sort()
    print("words", len(words), words[0], words[999], checksum("".join(words)))
    print("chain", chain_checksum(make_chain(CHAIN_LENGTH)))


if __name__ == "__main__":
    main()
