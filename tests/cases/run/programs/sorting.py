"""Four sorts that must agree."""

from collections.abc import Callable


def quick(items: list[int]) -> list[int]:
    if len(items) <= 1:
        return items
    pivot = items[len(items) // 2]
    return (
        quick([x for x in items if x < pivot])
        + [x for x in items if x == pivot]
        + quick([x for x in items if x > pivot])
    )


def merge(items: list[int]) -> list[int]:
    if len(items) < 2:
        return items[:]
    middle = len(items) // 2
    left, right = merge(items[:middle]), merge(items[middle:])
    result: list[int] = []
    i = j = 0
    while i < len(left) and j < len(right):
        if right[j] < left[i]:
            result.append(right[j])
            j += 1
        else:
            result.append(left[i])
            i += 1
    return result + left[i:] + right[j:]


def sift(items: list[int], start: int, end: int) -> None:
    root = start
    while (child := 2 * root + 1) < end:
        if child + 1 < end and items[child] < items[child + 1]:
            child += 1
        if items[root] >= items[child]:
            return
        items[root], items[child] = items[child], items[root]
        root = child


def heap(items: list[int]) -> list[int]:
    work = list(items)
    for start in range(len(work) // 2 - 1, -1, -1):
        sift(work, start, len(work))
    for end in reversed(range(1, len(work))):
        work[0], work[end] = work[end], work[0]
        sift(work, 0, end)
    return work


def insertion(items: list[int]) -> list[int]:
    work = items.copy() if items else []
    for i in range(1, len(work)):
        value = work[i]
        while i > 0 and work[i - 1] > value:
            work[i] = work[i - 1]
            i -= 1
        work[i] = value
    return work


class Random:
    """The minimal standard generator."""

    def __init__(self, seed: int) -> None:
        self.state = seed

    def below(self, limit: int) -> int:
        self.state = self.state * 48271 % 0x7FFFFFFF
        return self.state % limit


SORTS: list[Callable[[list[int]], list[int]]] = [quick, merge, heap, insertion]
random = Random(42)
for size in [0, 1, 2, 3, 10, 100, 333]:
    items = [random.below(size) - size // 3 for _ in range(size)]
    expected = sorted(items)
    before = items[:]
    agree = [sort(items) == expected for sort in SORTS]
    print(size, agree, before == items, expected[:12], sum(expected))
