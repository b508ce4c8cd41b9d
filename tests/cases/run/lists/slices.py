"""Slices of lists."""

items = list(range(10))
print(items[2:5], items[5:2], items[-3:], items[:-3], items[20:], items[-20:2])
