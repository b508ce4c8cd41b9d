"""a = b = c and unpacking in loops."""

a = b = c = 3
print(a, b, c)
x = y = [1]
x.append(2)
print(x, y, x is y)
for i, (j, k) in enumerate([(1, "a"), (2, "b")]):
    print(i, j, k)
