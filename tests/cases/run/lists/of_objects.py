"""Lists of instances, texts and optionals."""


class Item:
    def __init__(self, name: str, size: int) -> None:
        self.name = name
        self.size = size


items = [Item("a", 3), Item("b", 1), Item("c", 2)]
items.append(Item("d", 0))
print([item.name for item in items], sum([item.size for item in items]))
biggest = items[0]
for item in items:
    if item.size > biggest.size:
        biggest = item
print(biggest.name, items.index(biggest), biggest in items, Item("a", 3) in items)
maybe: list[Item | None] = [None, items[0], None]
for entry in maybe:
    print("none" if entry is None else entry.name)
names: list[str | None] = ["x", None]
print(names, names.index(None), None in names)
