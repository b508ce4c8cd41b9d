"""Literals, items, append, pop, insert, remove."""

items = [3, 1, 2]
items.append(4)
items[0] = 30
print(items, len(items), items[0], items[-1], items[1:3], items[:2], items[-2:], items[:])
print(items.pop(), items.pop(0), items)
items.insert(1, 99)
items.insert(-1, 77)
items.insert(100, 55)
items.remove(99)
print(items, items.index(55), items.count(77), 77 in items, 5 not in items)
items.extend([1, 2])
items.reverse()
print(items, items + [0], [0] * 3, 2 * [1, 2])
items.sort()
print(items)
items.clear()
print(items, len(items), not items)
