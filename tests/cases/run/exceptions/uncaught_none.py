"""An attribute of None at run time cannot happen; an explicit test can fail."""


def find(n: int) -> str | None:
    return None if n else "x"


value = find(1)
assert value is not None
print(value)
