"""An int and a float compare by value, also where a float cannot hold the int."""

from __future__ import annotations


def show(a: int, b: float) -> None:
    print(a == b, a != b, a < b, a <= b, a > b, a >= b)
    print(b == a, b != a, b < a, b <= a, b > a, b >= a)


for number in [0, 1, -1, 9007199254740992, 9007199254740993, -9007199254740993, 9223372036854775807]:
    for other in [0.0, 0.5, -0.5, 9007199254740992.0, -9007199254740992.0, 9.3e18, -9.3e18, 9223372036854775808.0]:
        show(number, other)
show(3, float("nan"))
show(3, float("inf"))
print(65 in b"ABC", 66 in b"xyz", True in b"\x01")
