"""finally runs before the program ends."""


def run() -> None:
    try:
        raise ValueError("x" * 3)
    finally:
        print("cleaned")


run()
