"""Lists on slots whose state is checked, operation by operation against CPython's list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.core import list_order
from runtime.core.lists import List
from tests.runtime.core.simulated_slots import SlotMachine, Slots

pytestmark = pytest.mark.usefixtures("machine")


@pytest.fixture(scope="module")
def machine() -> Iterator[SlotMachine]:
    slots = SlotMachine()
    with pytest.MonkeyPatch.context() as patch:
        slots.install(patch)
        yield slots


def make(items: list[Any]) -> Any:
    result: Any = List()
    for item in items:
        result.append(item)
    return result


def contents(made: Any) -> list[Any]:
    """The items; raw slots fill the rest of the capacity exactly."""
    store = made._items.store or []
    assert len(store) == made._capacity
    assert all(repr(value) == "raw" for value in store[made._length :])
    return [made._items[index] for index in range(made._length)]


def attempt(call: Any, *arguments: Any) -> Any:
    try:
        value = call(*arguments)
    except (IndexError, ValueError) as error:
        return type(error), str(error)
    return contents(value) if isinstance(value, List) else value


small = st.integers(0, 5)
index = st.integers(-8, 8)
operation = st.one_of(
    st.tuples(st.just("append"), small),
    st.tuples(st.just("pop")),
    st.tuples(st.just("pop"), index),
    st.tuples(st.just("insert"), index, small),
    st.tuples(st.just("remove"), small),
    st.tuples(st.just("index"), small),
    st.tuples(st.just("index"), small, index, index),
    st.tuples(st.just("count"), small),
    st.tuples(st.just("reverse")),
    st.tuples(st.just("sort")),
    st.tuples(st.just("clear")),
    st.tuples(st.just("copy")),
    st.tuples(st.just("__getitem__"), index),
    st.tuples(st.just("__setitem__"), index, small),
    st.tuples(st.just("__mul__"), st.integers(-1, 3)),
    st.tuples(st.just("__contains__"), small),
    st.tuples(st.just("__repr__")),
)


@given(st.lists(operation, max_size=40))
def test_operations(operations: list[tuple[Any, ...]]) -> None:
    ours, theirs = make([]), list[int]()
    for name, *arguments in operations:
        assert attempt(getattr(ours, name), *arguments) == attempt(getattr(theirs, name), *arguments), name
        assert contents(ours) == theirs
        assert len(ours) == len(theirs) and bool(ours) == bool(theirs)


@given(st.lists(small, max_size=9), st.lists(small, max_size=9), index, index)
def test_two_lists(a: list[int], b: list[int], start: int, stop: int) -> None:
    assert contents(make(a) + make(b)) == a + b
    assert contents(make(a).__getslice__(start, stop)) == a[start:stop]
    extended = make(a)
    extended += make(b)
    assert contents(extended) == a + b
    extended.extend(extended)
    assert contents(extended) == (a + b) * 2
    assert (make(a) == make(b)) == (a == b)
    assert (make(a) < make(b), make(a) <= make(b), make(a) > make(b), make(a) >= make(b)) == (
        a < b, a <= b, a > b, a >= b,
    )  # fmt: skip


class Keyed:
    """Ordered by key alone, so that stability shows; the comparison fails after a number of calls."""

    calls = 0
    limit = 10**9

    def __init__(self, key: int, place: int) -> None:
        self.key = key
        self.place = place

    def __lt__(self, other: Keyed) -> bool:
        Keyed.calls += 1
        if Keyed.calls > Keyed.limit:
            raise ValueError("no more comparisons")
        return self.key < other.key


@given(st.lists(st.integers(0, 12), max_size=150), st.booleans())
def test_sorting_is_stable(keys: list[int], reverse: bool) -> None:
    Keyed.limit = 10**9
    items = [Keyed(key, place) for place, key in enumerate(keys)]
    ours = make(items)
    ours.sort(reverse)
    assert contents(ours) == sorted(items, key=lambda item: item.key, reverse=reverse)


@given(st.lists(st.integers(0, 99), min_size=30, max_size=120), st.integers(0, 600))
def test_a_failing_comparison_loses_nothing(machine: SlotMachine, keys: list[int], limit: int) -> None:
    Keyed.calls, Keyed.limit = 0, limit
    items = [Keyed(key, place) for place, key in enumerate(keys)]
    ours = make(items)
    before = machine.allocated
    try:
        ours.sort()
    except ValueError:
        pass
    assert sorted(map(id, contents(ours))) == sorted(map(id, items))
    assert machine.allocated == before


def test_comparisons_stay_near_the_bound() -> None:
    Keyed.calls, Keyed.limit = 0, 10**9
    ours = make([Keyed(key * 7919 % 1024, key) for key in range(1024)])
    ours.sort()
    assert Keyed.calls < 1024 * 10
    Keyed.calls = 0
    ours.sort()
    assert Keyed.calls == 1023


def test_changing_a_list_while_it_is_sorted() -> None:
    ours = make([])

    class Meddler(Keyed):
        def __lt__(self, other: Keyed) -> bool:
            ours.append(self)
            return self.key < other.key

    for key in (2, 1, 3):
        ours.append(Meddler(key, 0))
    with pytest.raises(ValueError, match="list modified during sort"):
        ours.sort()
    assert [item.key for item in contents(ours)] == [1, 2, 3]


def test_dropping_releases_every_slot(machine: SlotMachine) -> None:
    before = machine.allocated
    ours = make(list(range(100)))
    assert machine.allocated == before + 1
    ours.__drop__()
    assert machine.allocated == before


def test_growth_is_cpythons() -> None:
    ours = make([])
    capacities: list[int] = []
    for number in range(100):
        ours.append(number)
        if not capacities or capacities[-1] != ours._capacity:
            capacities.append(ours._capacity)
    assert capacities[:8] == [4, 8, 16, 24, 32, 40, 52, 64]


def test_null_pointer_is_never_followed() -> None:
    assert Slots(None, 0).address == 0
    list_order.sort_slots(Slots(None, 0), 0, False)  # type: ignore[arg-type]
