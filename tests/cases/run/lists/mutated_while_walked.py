"""A list that grows or shrinks under a loop."""

items = [1, 2, 3]
for item in items:
    print(item, end=" ")
    if item < 3 and len(items) < 6:
        items.append(item * 10)
print(items)
items = [1, 2, 3, 4, 5]
for item in items:
    if item % 2:
        items.remove(item)
print(items)
for index, item in enumerate(items):
    if index < 3:
        items.append(item)
print(items)
for item in items:
    print(item)
    items.clear()
print(items)
