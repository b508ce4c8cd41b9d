"""The queens problem by backtracking."""


def solve(n: int, row: int, columns: list[int]) -> int:
    if row == n:
        return 1
    found = 0
    for column in range(n):
        if all(column != c and abs(column - c) != row - r for r, c in enumerate(columns)):
            columns.append(column)
            found += solve(n, row + 1, columns)
            columns.pop()
    return found


print([solve(n, 0, []) for n in range(1, 7)])
