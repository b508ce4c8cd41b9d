"""The items of a list keep their type."""

items = [1, 2]
items.append("three")  # error: E0307 ""three""
print(items)
