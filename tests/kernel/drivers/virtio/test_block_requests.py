"""Requests of the block device as bytes and descriptors: virtio 1.2, 5.2.6."""

from __future__ import annotations

import errno
import struct

import pytest

from kernel.drivers.virtio.block_requests import check_status, prepare_read, read_chain
from runtime.lang import PhysicalAddress, new_array, u8, u64


@pytest.mark.parametrize("sector", [0, 1, 0x1_0203_0405_0607, 2**63 - 1])
def test_the_header_of_a_read(sector: int) -> None:
    control = new_array(u8, 24)
    for index in range(24):
        control[index] = u8(0x55)
    prepare_read(control, sector)
    # Type 0 is a read; the status byte holds what no device writes; what follows is not touched.
    assert bytes(control) == struct.pack("<IIQ", 0, 0, sector) + b"\xaa" + b"\x55" * 7


def test_the_chain_of_a_read() -> None:
    chain = read_chain(PhysicalAddress(u64(0x1000)), PhysicalAddress(u64(0x8000)), 3)
    assert [(int(piece.address.value), piece.length, piece.device_writes) for piece in chain] == [
        (0x1000, 16, False),
        (0x8000, 1536, True),
        (0x1010, 1, True),
    ]


@pytest.mark.parametrize(
    ("status", "number"), [(1, errno.EIO), (2, errno.EOPNOTSUPP), (0xAA, errno.EIO), (3, errno.EIO)]
)
def test_every_status_but_zero_is_an_error(status: int, number: int) -> None:
    check_status(0, 5)
    with pytest.raises(OSError, match="virtio-blk") as caught:
        check_status(status, 5)
    assert caught.value.errno == number
