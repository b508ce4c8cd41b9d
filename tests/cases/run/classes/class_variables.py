"""Class variables are shared."""

from typing import ClassVar


class Registry:
    count: ClassVar[int] = 0
    names: ClassVar[list[str]] = []
    LIMIT = 3

    def __init__(self, name: str) -> None:
        Registry.count += 1
        Registry.names.append(name)

    def total(self) -> int:
        return Registry.count + self.LIMIT


a = Registry("a")
b = Registry("b")
print(Registry.count, Registry.names, a.total(), Registry.LIMIT, b.LIMIT)
