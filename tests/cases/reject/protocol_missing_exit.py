"""A context manager needs both methods."""


class Door:
    def __enter__(self) -> int:
        return 1


with Door() as number:  # error: E0353 "Door()"
    print(number)
