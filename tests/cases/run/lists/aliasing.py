"""Assignment shares, a slice copies."""


def grow(items: list[int]) -> None:
    items.append(len(items))


def replaced(items: list[int]) -> list[int]:
    items = [7]
    items.append(8)
    return items


a = [1]
b = a
c = a[:]
grow(a)
print(a, b, c, a is b, a is c, a == b)
print(replaced(a), a)
b += [5]
print(a, b)
