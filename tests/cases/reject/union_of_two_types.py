"""A union other than `T | None` is for a later stage."""
# mypy: accepts (a union)


def show(value: int | str) -> None:  # error: E0302 "int | str"
    print("value")
