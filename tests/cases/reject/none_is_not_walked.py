"""What may be None is tested before it is walked."""


def total(items: list[int] | None) -> int:
    result = 0
    for item in items:  # error: E0308 "items"
        result += item
    return result


print(total([1]))
