"""__exit__ that raises replaces the exception."""

from types import TracebackType


class Bad:
    def __enter__(self) -> None:
        print("enter")

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        raise ValueError("from exit")


try:
    with Bad():
        print("body")
except ValueError as error:
    print(error)
try:
    with Bad():
        raise KeyError("from body")
except ValueError as error:
    print(error, "|", error.__context__)
