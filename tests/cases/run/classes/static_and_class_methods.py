"""@staticmethod and @classmethod."""


class Point:
    made = 0

    def __init__(self, x: int, y: int) -> None:
        self.x = x
        self.y = y

    @classmethod
    def origin(cls) -> "Point":
        return cls(0, 0)

    @classmethod
    def diagonal(cls, n: int) -> "Point":
        return cls(n, n)

    @staticmethod
    def distance(a: "Point", b: "Point") -> int:
        return abs(a.x - b.x) + abs(a.y - b.y)


p = Point.origin()
q = Point.diagonal(3)
print(p.x, p.y, q.x, q.y, Point.distance(p, q), p.distance(q, p))
