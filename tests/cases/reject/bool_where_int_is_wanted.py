"""A bool given where an int is declared would print otherwise than on CPython."""
# mypy: accepts (bool is a subclass of int)


def show(count: int) -> str:
    return str(count)


ready = len("a") == 1
print(show(ready))  # error: E0307 "ready"
