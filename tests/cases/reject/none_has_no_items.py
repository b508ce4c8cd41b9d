"""What may be None is tested before it is indexed."""


def first(items: list[int] | None) -> int:
    return items[0]  # error: E0308 "items"


print(first([1]))
