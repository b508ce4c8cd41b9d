"""What counts as a program's memory, judged before any byte is touched."""

from __future__ import annotations

import pytest

from kernel.arch.x86_64.address_layout import USER_TOP
from kernel.mm.user_memory import check_range, fix_up
from runtime.host.image import image
from runtime.lang import u64


@pytest.mark.parametrize(
    ("address", "size"),
    [(0x400000, 1), (0x10000, 4096), (USER_TOP - 1, 1), (USER_TOP - 4096, 4096), (0x400000, 0), (0, 0)],
)
def test_ranges_inside_pass(address: int, size: int) -> None:
    check_range(u64(address), u64(size))


@pytest.mark.parametrize(
    ("address", "size"),
    [
        (0, 1),
        (0xFFFF, 1),
        (USER_TOP - 1, 2),
        (USER_TOP, 1),
        (0x8000_0000_0000, 0),
        (0xFFFF_8000_0000_0000, 8),
        (0xFFFF_FFFF_FFFF_FFFF, 2),
        (0x400000, 0xFFFF_FFFF_FFFF_FFFF),
        (0x400000, 0xFFFF_FFFF_FFC0_0000),
    ],
)
def test_ranges_outside_and_around_the_end_are_refused(address: int, size: int) -> None:
    with pytest.raises(OSError, match=r"null page|outside of the user half") as caught:
        check_range(u64(address), u64(size))
    assert caught.value.errno == 14


def test_the_exception_table_is_made_of_ranges(monkeypatch: pytest.MonkeyPatch) -> None:
    labels = {"user_copy_start": 100, "user_copy_end": 102, "user_fill_start": 200, "user_fill_end": 202}
    monkeypatch.setattr(image, "symbols", labels)
    answers = {address: int(fix_up(u64(address))) for address in (99, 100, 101, 102, 199, 200, 201, 202)}
    assert answers == {99: 0, 100: 102, 101: 102, 102: 0, 199: 0, 200: 202, 201: 202, 202: 0}
