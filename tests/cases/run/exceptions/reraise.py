"""raise alone passes on what is being handled."""


def inner() -> None:
    try:
        raise ValueError("deep")
    except ValueError:
        print("seen")
        raise


def middle() -> None:
    try:
        inner()
    except KeyError:
        print("wrong")
    finally:
        print("middle")


try:
    middle()
except ValueError as error:
    print("outer", error)
