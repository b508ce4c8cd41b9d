"""Sorting is stable and takes reverse."""

print(sorted([3, 1, 2]), sorted(["b", "a", "C"]), sorted([2.5, -1.0]))
print(sorted([3, 1, 2], reverse=True), sorted("hello"), sorted([(2, "b"), (1, "z"), (2, "a")]))
items = [5, 3, 9, 1] * 10
items.sort()
print(items)
items.sort(reverse=True)
print(items[:5], list(reversed([1, 2, 3])))
