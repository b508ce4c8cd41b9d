"""`isinstance` tests for a class."""


def run() -> None:
    pass


def test(value: object) -> bool:
    return isinstance(value, run)  # error: E0334 "run"
