"""Tuples: items, comparison, unpacking, nesting."""

point = (3, 4)
x, y = point
x, y = y, x
print(x, y, point, point[0], len(point), point == (3, 4), point < (3, 5), (1, "a") < (1, "b"))
(a, b), c = (1, 2), 3
print(a, b, c, (), (1,), ((1, 2), "x"), 3 in (1, 2, 3))
first = second = 7
print(first, second)
pairs = [(2, "b"), (1, "a")]
for number, name in pairs:
    print(number, name)
print(sorted(pairs), pairs[0][1])
