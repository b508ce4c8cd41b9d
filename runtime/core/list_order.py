"""Sorting slots: stable, linear on what is already in order, never more than n log n comparisons.

Idea: short runs by binary insertion, then merges of neighbours, the left one moved aside. A comparison may raise: at
any moment each value sits in exactly one slot, and the values moved aside fill exactly the gap that merging left.

Contract: ``less`` is the only question asked. Moves change no counts.
"""

from __future__ import annotations

from typing import Final, TypeVar

from runtime.core.slots import free_slots, move_slots, slot_memory
from runtime.lang import Ptr, initialise_slot, inline, size_of, take_slot

T = TypeVar("T")

RUN: Final = 24  # items that insertion sorts faster than merging


@inline
def less(a: T, b: T) -> bool:
    return a < b  # type: ignore[operator, no-any-return]


@inline
def equal(a: T, b: T) -> bool:
    return a == b


@inline
def _comes_before(a: T, b: T, reverse: bool) -> bool:
    return less(b, a) if reverse else less(a, b)


def sort_slots(items: Ptr[T], length: int, reverse: bool) -> None:
    if length < 2 or _is_ordered(items, length, reverse):
        return
    start = 0
    while start < length:
        _insertion_sort(items + start, min(RUN, length - start), reverse)
        start += RUN
    if length > RUN:
        _merge_runs(items, length, reverse)


def _is_ordered(items: Ptr[T], length: int, reverse: bool) -> bool:
    index = 1
    while index < length:
        if _comes_before(items[index], items[index - 1], reverse):
            return False
        index += 1
    return True


def _insertion_sort(items: Ptr[T], length: int, reverse: bool) -> None:
    index = 1
    while index < length:
        low = 0
        high = index
        while low < high:
            middle = (low + high) // 2
            if _comes_before(items[index], items[middle], reverse):
                high = middle
            else:
                low = middle + 1
        if low < index:
            value = take_slot(items, index)
            move_slots(items + (low + 1), items + low, index - low)
            initialise_slot(items, low, value)
        index += 1


def _merge_runs(items: Ptr[T], length: int, reverse: bool) -> None:
    aside = Ptr[T](slot_memory(length, size_of(T)))  # type: ignore[misc]
    try:
        width = RUN
        while width < length:
            start = 0
            while start + width < length:
                right = min(width, length - start - width)
                if _comes_before(items[start + width], items[start + width - 1], reverse):
                    _merge(items + start, width, right, aside, reverse)
                start += 2 * width
            width *= 2
    finally:
        free_slots(aside.address)


def _merge(items: Ptr[T], left: int, right: int, aside: Ptr[T], reverse: bool) -> None:
    """Merge ``items[:left]`` and ``items[left:left + right]``; ``aside`` has room for the left part."""
    move_slots(aside, items, left)
    taken = 0
    place = 0
    following = left
    end = left + right
    try:
        while taken < left and following < end:
            if _comes_before(items[following], aside[taken], reverse):
                initialise_slot(items, place, take_slot(items, following))
                following += 1
            else:
                initialise_slot(items, place, take_slot(aside, taken))
                taken += 1
            place += 1
    finally:
        move_slots(items + place, aside + taken, left - taken)
