"""An exception leaves a with block uncaught."""

from types import TracebackType


class Door:
    def __enter__(self) -> None:
        print("open")

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        print("close")


def run() -> None:
    with Door():
        raise RuntimeError("inside")


run()
