"""Float division by zero is an exception too."""


def attempt(a: float, b: float) -> None:
    try:
        print(a / b)
    except ZeroDivisionError as error:
        print(error)
    try:
        print(a // b)
    except ZeroDivisionError as error:
        print(error)
    try:
        print(a % b)
    except ZeroDivisionError as error:
        print(error)


attempt(1.0, 0.0)
attempt(0.0, 0.0)
attempt(1.0, 4.0)
