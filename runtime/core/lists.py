"""``list[T]``: a growing array of slots. Layout: items at 16, length at 24, capacity at 32.

Idea: slots below the length are alive, slots above are raw memory; ``initialise_slot`` and ``take_slot`` cross that
line, assignment stays on one side of it. Growth is CPython's (an eighth more, a multiple of four), so appending is
amortised; whole ranges move as raw memory, because moving a reference changes no count.

Contract: messages are CPython's. The slots are an allocation of their own, absent while the capacity is zero. Bodies
are compiled for each item type, so comparing and showing items means what it means for that type.
"""

from __future__ import annotations

from typing import Final, Generic, TypeVar

from runtime.core.list_order import equal, less, sort_slots
from runtime.core.slots import copy_slots, free_slots, move_slots, slot_memory
from runtime.core.string_search import slice_count, slice_start
from runtime.lang import Ptr, builtin_class, initialise_slot, inline, no_inline, size_of, take_slot

T = TypeVar("T")

MAXIMUM: Final = 0x7FFF_FFFF_FFFF_FFFF


@inline
def clamp_bound(bound: int, length: int) -> int:
    """A slice bound as Python reads it: negative counts from the end, outside is clamped."""
    if bound < 0:
        return max(bound + length, 0)
    return min(bound, length)


@builtin_class("list")
class List(Generic[T]):
    _items: Ptr[T]
    _length: int
    _capacity: int

    def __init__(self, capacity: int = 0) -> None:
        self._items = Ptr[T](slot_memory(capacity, size_of(T)))  # type: ignore[misc]
        self._length = 0
        self._capacity = capacity

    def __drop__(self) -> None:
        self._drop_from(0)
        free_slots(self._items.address)

    def _drop_from(self, start: int) -> None:
        """Release the items from the end down to ``start``; the list is whole after each of them."""
        while self._length > start:
            self._length -= 1
            take_slot(self._items, self._length)

    @no_inline
    def _grow(self, wanted: int) -> None:
        """Room for ``wanted`` items and an eighth more (CPython's list_resize)."""
        capacity = (wanted + (wanted >> 3) + 6) & ~3
        items = Ptr[T](slot_memory(capacity, size_of(T)))  # type: ignore[misc]
        move_slots(items, self._items, self._length)
        free_slots(self._items.address)
        self._items = items
        self._capacity = capacity

    def __len__(self) -> int:
        return self._length

    def __bool__(self) -> bool:
        return self._length != 0

    def __getitem__(self, index: int) -> T:
        position = index if index >= 0 else index + self._length
        if position < 0 or position >= self._length:
            raise IndexError("list index out of range")
        return self._items[position]

    def __setitem__(self, index: int, value: T) -> None:
        position = index if index >= 0 else index + self._length
        if position < 0 or position >= self._length:
            raise IndexError("list assignment index out of range")
        self._items[position] = value

    def append(self, value: T) -> None:
        length = self._length
        if length == self._capacity:
            self._grow(length + 1)
        initialise_slot(self._items, length, value)
        self._length = length + 1

    def pop(self, index: int = -1) -> T:
        if self._length == 0:
            raise IndexError("pop from empty list")
        position = index if index >= 0 else index + self._length
        if position < 0 or position >= self._length:
            raise IndexError("pop index out of range")
        value = take_slot(self._items, position)
        self._length -= 1
        move_slots(self._items + position, self._items + (position + 1), self._length - position)
        return value

    def insert(self, index: int, value: T) -> None:
        position = clamp_bound(index, self._length)
        if self._length == self._capacity:
            self._grow(self._length + 1)
        move_slots(self._items + (position + 1), self._items + position, self._length - position)
        initialise_slot(self._items, position, value)
        self._length += 1

    def extend(self, other: List[T]) -> None:
        count = other._length
        if self._length + count > self._capacity:
            self._grow(self._length + count)
        copy_slots(self._items + self._length, other._items, count)
        self._length += count

    def __iadd__(self, other: List[T]) -> List[T]:
        self.extend(other)
        return self

    def __add__(self, other: List[T]) -> List[T]:
        result = List[T](self._length + other._length)
        copy_slots(result._items, self._items, self._length)
        copy_slots(result._items + self._length, other._items, other._length)
        result._length = self._length + other._length
        return result

    def __mul__(self, count: int) -> List[T]:
        total = self._length * max(count, 0)
        result = List[T](total)
        while result._length < total:
            copy_slots(result._items + result._length, self._items, self._length)
            result._length += self._length
        return result

    def __getslice__(self, start: int, stop: int) -> List[T]:
        first = clamp_bound(start, self._length)
        count = max(clamp_bound(stop, self._length) - first, 0)
        result = List[T](count)
        copy_slots(result._items, self._items + first, count)
        result._length = count
        return result

    def __getslicestep__(self, start: int, stop: int, step: int, has_start: bool, has_stop: bool) -> List[T]:
        position = slice_start(start, step, has_start, self._length)
        count = slice_count(position, stop, step, has_stop, self._length)
        result = List[T](count)
        while result._length < count:
            result.append(self._items[position])
            if result._length < count:
                position += step
        return result

    def copy(self) -> List[T]:
        return self.__getslice__(0, MAXIMUM)

    def clear(self) -> None:
        """CPython empties first and drops then: items that look at the list find it empty."""
        items = self._items
        length = self._length
        self._items = Ptr[T](0)
        self._length = 0
        self._capacity = 0
        while length > 0:
            length -= 1
            take_slot(items, length)
        free_slots(items.address)

    def remove(self, value: T) -> None:
        position = self._find(value, 0, self._length)
        if position < 0:
            raise ValueError("list.remove(x): x not in list")
        self.pop(position)

    def _find(self, value: T, start: int, stop: int) -> int:
        position = start
        while position < min(stop, self._length):
            if self._items[position] == value:
                return position
            position += 1
        return -1

    def index(self, value: T, start: int = 0, stop: int = MAXIMUM) -> int:
        position = self._find(value, clamp_bound(start, self._length), clamp_bound(stop, self._length))
        if position < 0:
            raise ValueError(repr(value) + " is not in list")
        return position

    def count(self, value: T) -> int:
        total = 0
        position = 0
        while position < self._length:
            if self._items[position] == value:
                total += 1
            position += 1
        return total

    def __contains__(self, value: T) -> bool:
        return self._find(value, 0, self._length) >= 0

    def reverse(self) -> None:
        low = 0
        high = self._length - 1
        while low < high:
            lower = take_slot(self._items, low)
            initialise_slot(self._items, low, take_slot(self._items, high))
            initialise_slot(self._items, high, lower)
            low += 1
            high -= 1

    def sort(self, reverse: bool = False) -> None:
        """Stable. The list is empty while comparisons run, so that they cannot disturb the order being made."""
        items = self._items
        length = self._length
        capacity = self._capacity
        self._items = Ptr[T](0)
        self._length = 0
        self._capacity = 0
        modified = False
        try:
            sort_slots(items, length, reverse)
        finally:
            modified = self._capacity != 0
            self.clear()
            self._items = items
            self._length = length
            self._capacity = capacity
        if modified:
            raise ValueError("list modified during sort")

    def __eq__(self, other: List[T]) -> bool:  # type: ignore[override]
        if self._length != other._length:
            return False
        position = 0
        while position < self._length and position < other._length:
            if not equal(self._items[position], other._items[position]):
                return False
            position += 1
        return self._length == other._length

    def _first_difference(self, other: List[T]) -> int:
        position = 0
        while position < self._length and position < other._length:
            if not equal(self._items[position], other._items[position]):
                return position
            position += 1
        return -1

    def __lt__(self, other: List[T]) -> bool:
        position = self._first_difference(other)
        if position < 0:
            return self._length < other._length
        return less(self._items[position], other._items[position])

    def __gt__(self, other: List[T]) -> bool:
        return other.__lt__(self)

    def __le__(self, other: List[T]) -> bool:
        return not other.__lt__(self)

    def __ge__(self, other: List[T]) -> bool:
        return not self.__lt__(other)

    def __repr__(self) -> str:
        parts: list[str] = []
        position = 0
        while position < self._length:
            parts.append(repr(self._items[position]))
            position += 1
        return "[" + ", ".join(parts) + "]"

    def __str__(self) -> str:
        return self.__repr__()
