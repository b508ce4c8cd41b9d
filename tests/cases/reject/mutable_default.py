"""A list as default is shared by all calls; that is for a later stage."""
# mypy: accepts (a lint for others)


def collect(item: int, items: list[int] = []) -> list[int]:  # error: E0328 "[]"
    items.append(item)
    return items


print(collect(1))
