"""Region bookkeeping against a model that has one entry per page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.proc.memory_regions import MemoryRegion, RegionList, page_down, page_up

PAGE = 4096
PAGES = 24


def region(first: int, end: int, writable: bool = True) -> MemoryRegion:
    return MemoryRegion(first * PAGE, end * PAGE, True, writable, False)


def pages_of(regions: RegionList) -> dict[int, bool]:
    found: dict[int, bool] = {}
    for index in range(len(regions)):
        item = regions.region(index)
        for page in range(item.start // PAGE, item.end // PAGE):
            assert page not in found
            found[page] = item.writable
    return found


ranges = st.tuples(st.integers(0, PAGES - 1), st.integers(1, 8), st.booleans(), st.booleans())


@given(st.lists(ranges, max_size=25))
def test_inserting_and_removing_follow_the_model(steps: list[tuple[int, int, bool, bool]]) -> None:
    regions, model = RegionList(), dict[int, bool]()
    for first, count, inserts, writable in steps:
        end = min(first + count, PAGES)
        touched = range(first, end)
        assert regions.overlaps(first * PAGE, end * PAGE) == any(page in model for page in touched)
        if not inserts:
            regions.remove(first * PAGE, end * PAGE)
            model = {page: value for page, value in model.items() if page not in touched}
        elif not any(page in model for page in touched):
            regions.insert(region(first, end, writable))
            model |= dict.fromkeys(touched, writable)
        assert pages_of(regions) == model
        starts = [regions.region(index).start for index in range(len(regions))]
        assert starts == sorted(starts)


@given(st.sets(st.integers(0, PAGES - 1)), st.integers(1, 6))
def test_the_highest_gap_is_found(taken: set[int], size: int) -> None:
    regions = RegionList()
    for page in taken:
        regions.insert(region(page, page + 1))
    fits = [p for p in range(PAGES - size + 1) if not any(q in taken for q in range(p, p + size))]
    found = regions.find_gap(size * PAGE, 0, PAGES * PAGE)
    assert found == (max(fits) * PAGE if fits else -1)


def test_a_gap_lies_within_its_bounds() -> None:
    regions = RegionList()
    regions.insert(region(4, 6))
    assert regions.find_gap(PAGE, 5 * PAGE, 7 * PAGE) == 6 * PAGE
    assert regions.find_gap(2 * PAGE, 5 * PAGE, 7 * PAGE) == -1
    assert regions.find_gap(PAGE, 4 * PAGE, 6 * PAGE) == -1


def test_finding_by_address() -> None:
    regions = RegionList()
    regions.insert(region(2, 4))
    assert regions.find(2 * PAGE - 1) is None
    found = regions.find(4 * PAGE - 1)
    assert found is not None and found.end == 4 * PAGE
    assert regions.find(4 * PAGE) is None


def test_overlapping_regions_are_a_defect() -> None:
    regions = RegionList()
    regions.insert(region(2, 4))
    with pytest.raises(AssertionError):
        regions.insert(region(3, 5))


@given(st.integers(0, 1 << 50))
def test_rounding(address: int) -> None:
    assert page_down(address) <= address <= page_up(address)
    assert page_up(address) - page_down(address) in (0, PAGE)
    assert page_up(address) % PAGE == page_down(address) % PAGE == 0
