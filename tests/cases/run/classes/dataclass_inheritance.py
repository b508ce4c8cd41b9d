"""A dataclass with a base and a __post_init__."""

from dataclasses import dataclass, field


@dataclass
class Base:
    name: str


@dataclass
class Derived(Base):
    size: int = 1
    parts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.parts.append(self.name)


d = Derived("a")
e = Derived("b", 2)
e.parts.append("more")
print(d, e, d == Derived("a"), e.parts)
