"""The base class."""

print("base")


class Shape:
    def area(self) -> int:
        return 0
