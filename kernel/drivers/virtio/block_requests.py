"""The shape of one block request in DMA memory: header, data, status. VIRTIO 1.2, 5.2.6. Pure.

    page 0     | header 16 | status 1 | …
    data       | sector | sector | …

The header and the status byte share a page that no data touches, so that a device writing past its data cannot forge
the status of a request without being caught by the queue's length check.
"""

from __future__ import annotations

from typing import Final

from kernel.drivers.virtio.queue import BufferPiece
from kernel.drivers.virtio.registers import (
    BLOCK_HEADER_SIZE,
    BLOCK_REQUEST_IN,
    BLOCK_SECTOR_SIZE,
    BLOCK_STATUS_OK,
    BLOCK_STATUS_UNSUPPORTED,
)
from kernel.lib.byte_codec import put_u32, put_u64
from runtime.abi.error_numbers import EIO, EOPNOTSUPP
from runtime.lang import Array, PhysicalAddress, u8, u64

STATUS_OFFSET: Final = BLOCK_HEADER_SIZE
# No device writes this status: it tells whether the device wrote one at all.
STATUS_UNWRITTEN: Final = 0xAA


def prepare_read(control: Array[u8], sector: int) -> None:
    """Fill the header of a read, and the status byte with something that is none."""
    put_u32(control, 0, BLOCK_REQUEST_IN)
    put_u32(control, 4, 0)
    put_u64(control, 8, u64(sector))
    control[STATUS_OFFSET] = u8(STATUS_UNWRITTEN)


def read_chain(control: PhysicalAddress, data: PhysicalAddress, sectors: int) -> list[BufferPiece]:
    """The three descriptors of a read."""
    return [
        BufferPiece(control, BLOCK_HEADER_SIZE, False),
        BufferPiece(data, sectors * BLOCK_SECTOR_SIZE, True),
        BufferPiece(control + STATUS_OFFSET, 1, True),
    ]


def check_status(status: int, sector: int) -> None:
    """Raise what the status byte says."""
    if status == BLOCK_STATUS_OK:
        return
    if status == BLOCK_STATUS_UNSUPPORTED:
        raise OSError(EOPNOTSUPP, "virtio-blk: the device does not know the request")
    if status == STATUS_UNWRITTEN:
        raise OSError(EIO, f"virtio-blk: the device finished the read of sector {sector} without a status")
    raise OSError(EIO, f"virtio-blk: error {status} while reading sector {sector}")
