"""Lists of lists share their rows."""

grid = [[0] * 3 for _ in range(2)]
grid[0][1] = 5
row = grid[1]
row.append(9)
print(grid, row, len(grid[1]))
shared = [[1]] * 3
shared[0].append(2)
print(shared)
rows = [[1, 2], [3], []]
print([len(r) for r in rows], [x for r in rows for x in r], [[x * 2 for x in r] for r in rows])
print(rows == [[1, 2], [3], []], rows != [[1]], [3] in rows)
