"""An uncaught exception with a cause."""


def parse(text: str) -> int:
    return int(text)


def load(text: str) -> int:
    try:
        return parse(text)
    except ValueError as error:
        raise RuntimeError("cannot load") from error


print("start")
load("abc")
