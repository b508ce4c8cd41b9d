"""A list in a class body is shared by all instances."""
# mypy: accepts (a lint for others)


class Basket:
    items: list[int] = []  # error: E0328 "[]"


basket = Basket()
basket.items.append(1)
