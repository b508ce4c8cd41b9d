"""A return leaves any number of loops."""


def find(rows: list[list[int]], wanted: int) -> tuple[int, int]:
    for y, row in enumerate(rows):
        for x, item in enumerate(row):
            if item == wanted:
                return x, y
    return -1, -1


print(find([[1, 2], [3, 4]], 3), find([[1]], 9))
