"""What may be None is not given where None is not expected."""


def name_of(number: int) -> str | None:
    return "one" if number == 1 else None


def greet(name: str) -> None:
    print("hello " + name)


greet(name_of(1))  # error: E0308 "name_of(1)"
