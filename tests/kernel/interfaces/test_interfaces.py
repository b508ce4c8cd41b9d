"""What the base classes themselves promise: range checks, silent absent devices, deadlines."""

from __future__ import annotations

import errno

import pytest

from kernel.interfaces.block_device import BlockDevice
from kernel.interfaces.character_device import CharacterDevice
from kernel.interfaces.clock_source import ClockSource, Deadline
from runtime.lang import new_array, u8


class ManualClock(ClockSource):
    """A clock that the test moves."""

    now = 5

    def nanoseconds(self) -> int:
        return self.now


def test_a_deadline_passes_when_its_time_is_up() -> None:
    clock = ManualClock()
    deadline = Deadline(clock, 10)
    clock.now = 14
    assert (deadline.has_passed(), deadline.remaining()) == (False, 1)
    clock.now = 15
    assert (deadline.has_passed(), deadline.remaining()) == (True, 0)
    clock.now = 99
    assert deadline.remaining() == 0
    assert Deadline(clock, 0).has_passed()


@pytest.mark.parametrize(
    ("first", "count", "size"), [(0, 11, 11 * 512), (10, 1, 512), (-1, 1, 512), (0, -1, 0), (0, 1, 511), (9, 2, 1024)]
)
def test_requests_that_leave_the_device_are_the_callers_fault(first: int, count: int, size: int) -> None:
    with pytest.raises(OSError) as caught:
        BlockDevice(512, 10).check_range(first, count, new_array(u8, size))
    assert caught.value.errno == errno.EINVAL


def test_the_edges_of_a_device_are_inside() -> None:
    device = BlockDevice(512, 10)
    device.check_range(0, 10, new_array(u8, 5120))
    device.check_range(10, 0, new_array(u8, 0))
    with pytest.raises(OSError) as caught:
        device.read_sectors(0, 1, new_array(u8, 512))
    assert caught.value.errno == errno.EIO


def test_an_absent_character_device_is_silent() -> None:
    device = CharacterDevice()
    device.write_bytes(b"lost")
    assert (device.read_byte(), device.is_present()) == (-1, False)
