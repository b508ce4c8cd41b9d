"""__exit__ sees the exception and may swallow it."""

from types import TracebackType


class Guard:
    def __init__(self, swallow: bool) -> None:
        self.swallow = swallow

    def __enter__(self) -> int:
        return 7

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        print("exit", "none" if error is None else str(error))
        return self.swallow


with Guard(True) as n:
    print(n)
    raise ValueError("swallowed")
try:
    with Guard(False):
        raise KeyError("passed on")
except KeyError as error:
    print("caught", error)
with Guard(True), Guard(False):
    raise ArithmeticError("inner first")
print("end")
