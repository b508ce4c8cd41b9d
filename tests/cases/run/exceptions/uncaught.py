"""An exception nobody catches: traceback and exit code 1."""


def inner(items: list[int]) -> int:
    return items[5]


def outer() -> int:
    return inner([1, 2]) + 1


class Runner:
    def run(self) -> None:
        print("before")
        outer()


Runner().run()
