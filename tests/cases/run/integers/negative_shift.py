"""A negative shift count is a ValueError."""


def shifted(a: int, count: int) -> None:
    try:
        print(a << count)
    except ValueError as error:
        print(error)
    try:
        print(a >> count)
    except ValueError as error:
        print(error)


shifted(1, -1)
shifted(4, 1)
