"""@dataclass writes constructor, repr and equality."""

from dataclasses import dataclass


@dataclass
class Point:
    x: int
    y: int = 0

    def moved(self, dx: int) -> "Point":
        return Point(self.x + dx, self.y)


@dataclass(frozen=True)
class Named:
    name: str
    where: Point
    tag: str | None = None


@dataclass(frozen=True, slots=True)
class Small:
    value: int


p = Point(1, 2)
print(p, Point(3), Point(y=5, x=4), p == Point(1, 2), p != Point(1, 3), p.moved(2))
p.x = 10
n = Named("a", p)
print(n, n == Named("a", Point(10, 2)), n.where is p, Small(3), Small(3) == Small(3), [Small(1)])
