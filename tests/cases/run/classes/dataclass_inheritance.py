"""A dataclass with a base and a __post_init__."""

from dataclasses import dataclass


@dataclass
class Base:
    name: str


@dataclass
class Derived(Base):
    size: int = 1

    def __post_init__(self) -> None:
        self.name += "!"


d = Derived("a")
e = Derived("b", 2)
print(d, e, d == Derived("a"))
