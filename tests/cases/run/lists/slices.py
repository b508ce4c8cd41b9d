"""Slices of lists, with steps too."""

items = list(range(10))
print(items[2:5], items[5:2], items[-3:], items[:-3], items[20:], items[-20:2])
print(items[::2], items[1::2], items[::-1], items[7:2:-2], items[-1:-4:-1])
