"""Two dynamic programs: what fits into a knapsack, and in how many ways coins make a sum."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Item:
    name: str
    weight: int
    value: int


def best(items: list[Item], capacity: int) -> tuple[int, list[Item]]:
    table = [[0] * (capacity + 1)]
    for item in items:
        above = table[-1]
        row = above[: min(item.weight, capacity + 1)]
        row += [max(above[room], above[room - item.weight] + item.value) for room in range(item.weight, capacity + 1)]
        table.append(row)
    chosen: list[Item] = []
    room = capacity
    for index in range(len(items), 0, -1):
        if table[index][room] != table[index - 1][room]:
            chosen.append(items[index - 1])
            room -= items[index - 1].weight
    return table[-1][capacity], chosen


def ways(coins: list[int], amount: int) -> int:
    counts = [1] + [0] * amount
    for coin in coins:
        for total in range(coin, amount + 1):
            counts[total] += counts[total - coin]
    return counts[amount]


def longest_rising(items: list[int]) -> list[int]:
    length = [1] * len(items)
    before = [-1] * len(items)
    for i in range(len(items)):
        for j in range(i):
            if items[j] < items[i] and length[j] >= length[i]:
                length[i], before[i] = length[j] + 1, j
    if not items:
        return []
    place = length.index(max(length))
    result: list[int] = []
    while place >= 0:
        result.append(items[place])
        place = before[place]
    return result[::-1]


ITEMS = [
    Item("map", 9, 150),
    Item("compass", 13, 35),
    Item("water", 153, 200),
    Item("sandwich", 50, 160),
    Item("tin", 68, 45),
]
for capacity in [0, 8, 60, 100, 250, 1000]:
    value, chosen = best(ITEMS, capacity)
    print(capacity, value, [item.name for item in chosen], sum([item.weight for item in chosen]) <= capacity)
print(best(ITEMS[:2], 9)[1], ITEMS[0] == Item("map", 9, 150))
print([ways([1, 2, 5, 10, 20, 50, 100, 200], amount) for amount in [0, 1, 5, 50, 200]])
print(longest_rising([10, 22, 9, 33, 21, 50, 41, 60, 80, 1]), longest_rising([]), longest_rising([3, 2, 1]))
