"""Edit distance with the way back."""


def table(a: str, b: str) -> list[list[int]]:
    rows = [[i + j if i * j == 0 else 0 for j in range(len(b) + 1)] for i in range(len(a) + 1)]
    for i, x in enumerate(a, 1):
        for j, y in enumerate(b, 1):
            rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (x != y))
    return rows


def edits(a: str, b: str) -> list[str]:
    rows = table(a, b)
    i, j = len(a), len(b)
    way: list[str] = []
    while i or j:
        if i and j and rows[i][j] == rows[i - 1][j - 1] + (a[i - 1] != b[j - 1]):
            i, j = i - 1, j - 1
            way.append(a[i] if a[i] == b[j] else f"{a[i]}→{b[j]}")
        elif i and rows[i][j] == rows[i - 1][j] + 1:
            i -= 1
            way.append(f"-{a[i]}")
        else:
            j -= 1
            way.append(f"+{b[j]}")
    way.reverse()
    return way


for a, b in [("kitten", "sitting"), ("", "abc"), ("naïve", "nave"), ("日本語", "日本"), ("same", "same")]:
    print(f"{a!r:>10} {b!r:<10} {table(a, b)[-1][-1]:3} {' '.join(edits(a, b))}")
