"""A singly linked list, reversed, merged, cut and sorted in place."""

from __future__ import annotations


class Cell:
    def __init__(self, value: int, rest: Cell | None = None) -> None:
        self.value = value
        self.rest = rest


class LinkedList:
    def __init__(self, items: list[int]) -> None:
        self.first: Cell | None = None
        for item in reversed(items):
            self.first = Cell(item, self.first)

    def __len__(self) -> int:
        count = 0
        cell = self.first
        while cell:
            count += 1
            cell = cell.rest
        return count

    def __getitem__(self, index: int) -> int:
        cell = self.first
        for _ in range(index):
            if cell is None:
                break
            cell = cell.rest
        if cell is None:
            raise IndexError(f"no item {index}")
        return cell.value

    def items(self) -> list[int]:
        return [self[i] for i in range(len(self))]

    def reverse(self) -> None:
        done: Cell | None = None
        rest = self.first
        while rest is not None:
            rest.rest, done, rest = done, rest, rest.rest
        self.first = done

    def remove(self, value: int) -> bool:
        before: Cell | None = None
        cell = self.first
        while cell is not None and cell.value != value:
            before, cell = cell, cell.rest
        if cell is None:
            return False
        if before is None:
            self.first = cell.rest
        else:
            before.rest = cell.rest
        return True

    def sort(self) -> None:
        self.first = sorted_cells(self.first)


def sorted_cells(cells: Cell | None) -> Cell | None:
    if cells is None or cells.rest is None:
        return cells
    slow, fast = cells, cells.rest.rest
    while fast is not None and fast.rest is not None and slow.rest is not None:
        slow, fast = slow.rest, fast.rest.rest
    right = slow.rest
    slow.rest = None
    return merged(sorted_cells(cells), sorted_cells(right))


def merged(a: Cell | None, b: Cell | None) -> Cell | None:
    start = last = Cell(0)
    while a is not None and b is not None:
        if b.value < a.value:
            last.rest, b = b, b.rest
        else:
            last.rest, a = a, a.rest
        assert last.rest is not None
        last = last.rest
    last.rest = a if a is not None else b
    return start.rest


numbers = LinkedList([5, 3, 9, 1, 1, 8, -2])
numbers.reverse()
print(numbers.items(), len(numbers))
print(numbers.remove(1), numbers.remove(7), numbers.remove(-2), numbers.remove(5), numbers.items())
numbers.sort()
print(numbers.items(), numbers[2], bool(LinkedList([])))
try:
    print(numbers[9])
except IndexError as error:
    print(error)
long = LinkedList([i * 7919 % 10007 for i in range(3000)])
long.sort()
cell = long.first
ordered = True
while cell is not None and cell.rest is not None:
    ordered = ordered and cell.value <= cell.rest.value
    cell = cell.rest
print(ordered, len(long))
