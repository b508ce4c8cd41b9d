"""Assertions that hold and that do not."""


def check(value: int) -> None:
    assert value > 0
    assert value < 10, "too big: " + str(value)
    print("fine", value)


for value in [5, 0, 10]:
    try:
        check(value)
    except AssertionError as error:
        print("failed", repr(str(error)))
