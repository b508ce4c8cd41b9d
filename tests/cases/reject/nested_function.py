"""A function inside a function is for a later stage."""
# mypy: accepts (a limit of this stage)


def outer() -> None:
    def inner() -> None:  # error: E0301 "inner"
        print("inner")

    inner()


outer()
