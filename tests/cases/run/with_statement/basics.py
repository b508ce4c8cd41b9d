"""__enter__ and __exit__ on the normal way."""

from types import TracebackType


class Door:
    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self) -> "Door":
        print("open", self.name)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        print("close", self.name, error is None)


with Door("a") as door:
    print("in", door.name)
with Door("b"):
    pass
with Door("c") as one, Door("d") as two:
    print(one.name, two.name)
with (Door("e"), Door("f")):
    print("body")


def leave(way: int) -> str:
    for n in range(3):
        with Door(str(n)):
            if way == 0:
                return "returned"
            if way == 1:
                break
            if n == 0:
                continue
            print("loop")
    return "end"


print(leave(0))
print(leave(1))
print(leave(2))
