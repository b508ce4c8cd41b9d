"""Operator methods."""


class Vector:
    def __init__(self, x: int, y: int) -> None:
        self.x = x
        self.y = y

    def __add__(self, other: "Vector") -> "Vector":
        return Vector(self.x + other.x, self.y + other.y)

    def __sub__(self, other: "Vector") -> "Vector":
        return Vector(self.x - other.x, self.y - other.y)

    def __mul__(self, factor: int) -> "Vector":
        return Vector(self.x * factor, self.y * factor)

    def __neg__(self) -> "Vector":
        return Vector(-self.x, -self.y)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Vector) and self.x == other.x and self.y == other.y

    def __lt__(self, other: "Vector") -> bool:
        return self.x < other.x

    def __len__(self) -> int:
        return 2

    def __getitem__(self, index: int) -> int:
        return self.x if index == 0 else self.y

    def __setitem__(self, index: int, value: int) -> None:
        if index == 0:
            self.x = value
        else:
            self.y = value

    def __contains__(self, value: int) -> bool:
        return value == self.x or value == self.y

    def __repr__(self) -> str:
        return f"Vector({self.x}, {self.y})"

    def __str__(self) -> str:
        return f"<{self.x} {self.y}>"


a, b = Vector(1, 2), Vector(3, 4)
print(a + b, a - b, a * 3, -a, a == Vector(1, 2), a != b, a < b, len(a), a[0], a[1], 2 in a, 9 in a)
a[1] = 7
print(a, repr(a), [a, b], f"{a} {a!r}", str(b))
a += b
print(a)
