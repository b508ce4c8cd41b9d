"""Comprehensions with conditions, nesting and their own variables."""

x = "outer"
squares = [x * x for x in range(6)]
print(squares, x)
print([a + b for a in "ab" for b in "xyz" if b != "y"])
print([(i, j) for i in range(3) for j in range(i)])
print([[i * j for j in range(3)] for i in range(3)])
print([n for n in range(30) if n % 2 == 0 if n % 3 == 0])
print([name.upper() for name in ["ada", "bob"]], [len(w) for w in "a bb ccc".split()])
