"""The right side is evaluated before anything is assigned."""

items = [1, 2, 3]
items[0], items[2] = items[2], items[0]
print(items)
a, b = 0, 1
for _ in range(10):
    a, b = b, a + b
print(a, b)
i = 0
i, items[i] = 2, 99
print(i, items)
