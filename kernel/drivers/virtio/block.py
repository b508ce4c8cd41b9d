"""A virtio disk: set up, read by polling, given up when it misbehaves. VIRTIO 1.2, 3.1 and 5.2.

One queue, one request at a time, its data through a bounce buffer of DMA memory: after a time-out the device may still
write there, and nowhere else. Completion is polled within a time limit, during which the device's status is looked at.

    fine                   the sectors
    an error status        EIO, the disk goes on
    nonsense in the ring,
    time-out, gone         EIO, ETIMEDOUT, ENXIO; the device is reset and every later read is ENXIO

Owner: whoever holds the device; requests are not serialised here. Not for interrupt context.
"""

from __future__ import annotations

from typing import Final

from kernel.drivers.virtio.block_requests import STATUS_OFFSET, check_status, prepare_read, read_chain
from kernel.drivers.virtio.queue import VirtQueue, legacy_layout, modern_layout
from kernel.drivers.virtio.registers import (
    BLOCK_CAPACITY,
    BLOCK_SECTOR_SIZE,
    FEATURE_VERSION_1,
    STATUS_ACKNOWLEDGE,
    STATUS_DRIVER,
    STATUS_DRIVER_OK,
    STATUS_FAILED,
    STATUS_FEATURES_OK,
)
from kernel.drivers.virtio.transport import VirtioTransport
from kernel.interfaces.block_device import BlockDevice
from kernel.interfaces.clock_source import ClockSource, Deadline
from kernel.mm.dma import DmaBuffer
from runtime.abi.error_numbers import EIO, ENXIO, ETIMEDOUT
from runtime.lang import Array, memory_fence, spin_pause, u8, u64

REQUEST_QUEUE: Final = 0
# Entries that are enough for one request at a time; a legacy device dictates more.
MODERN_QUEUE_SIZE: Final = 16
# Descriptors of a request.
CHAIN_LENGTH: Final = 3
# Sectors of the bounce buffer: 64 KiB.
SECTORS_PER_REQUEST: Final = 128
TIME_LIMIT_NANOSECONDS: Final = 5_000_000_000
# Polls between two looks at the device's status, each of which leaves the virtual machine.
POLLS_PER_LOOK: Final = 4096
# 2^53 sectors are four zebibytes; more is a lie and would overflow byte counts.
LARGEST_CAPACITY: Final = 1 << 53


class VirtioBlock(BlockDevice):
    """A disk that works, until `is_dead`."""

    is_dead: bool = False
    _transport: VirtioTransport
    _clock: ClockSource
    _queue: VirtQueue
    _queue_memory: DmaBuffer
    _control: DmaBuffer
    _data: DmaBuffer

    def __init__(self, transport: VirtioTransport, clock: ClockSource) -> None:
        """Bring the device up; OSError or MemoryError when that fails, and the device is left reset and failed."""
        super().__init__(BLOCK_SECTOR_SIZE, 0)
        self._transport = transport
        self._clock = clock
        begin_negotiation(transport)
        self._control = DmaBuffer(BLOCK_SECTOR_SIZE)
        self._data = DmaBuffer(SECTORS_PER_REQUEST * BLOCK_SECTOR_SIZE)
        size = queue_entries(transport)
        layout = modern_layout(size) if transport.is_modern else legacy_layout(size)
        self._queue_memory = DmaBuffer(layout.total_size)
        self._queue = VirtQueue(self._queue_memory.pointer, self._queue_memory.physical, layout)
        self._queue.suppress_interrupts()
        transport.enable_queue(REQUEST_QUEUE, self._queue)
        self.sector_count = read_capacity(transport)
        transport.add_status(STATUS_DRIVER_OK)

    def read_sectors(self, first: int, count: int, buffer: Array[u8]) -> None:
        """Read sectors, as many per request as the bounce buffer holds."""
        self.check_range(first, count, buffer)
        done = 0
        while done < count:
            step = min(count - done, SECTORS_PER_REQUEST)
            self._read_piece(first + done, step)
            size = step * BLOCK_SECTOR_SIZE
            start = done * BLOCK_SECTOR_SIZE
            buffer[start : start + size].copy_from(self._data.bytes()[0:size])
            done += step

    def _read_piece(self, sector: int, count: int) -> None:
        """One request; its data is in the bounce buffer afterwards."""
        if self.is_dead:
            raise OSError(ENXIO, "virtio-blk: the disk was given up after an earlier error")
        prepare_read(self._control.bytes(), sector)
        try:
            self._queue.add_chain(read_chain(self._control.physical, self._data.physical, count))
            self._transport.notify(REQUEST_QUEUE)
            written = self._wait()
        except OSError:
            self._give_up()
            raise
        memory_fence()  # the data is read after the ring that announces it
        check_status(int(self._control.bytes()[STATUS_OFFSET]), sector)
        if written < count * BLOCK_SECTOR_SIZE:
            raise OSError(EIO, f"virtio-blk: {written} bytes of {count} sectors")

    def _wait(self) -> int:
        """Poll for the end of the only request in flight; the bytes that the device wrote."""
        deadline = Deadline(self._clock, TIME_LIMIT_NANOSECONDS)
        polls = 0
        while True:
            used = self._queue.take_used()
            if used is not None:
                return used.written
            polls += 1
            if polls % POLLS_PER_LOOK == 0:
                self._look_after_device(deadline)
            spin_pause()

    def _look_after_device(self, deadline: Deadline) -> None:
        """Raise when there is no use in waiting longer."""
        if self._transport.is_gone():
            raise OSError(ENXIO, "virtio-blk: the disk is gone")
        if self._transport.wants_reset():
            raise OSError(EIO, "virtio-blk: the disk reports a fatal error")
        if deadline.has_passed():
            raise OSError(ETIMEDOUT, "virtio-blk: the disk does not answer")

    def _give_up(self) -> None:
        """Stop the device, so that it writes nowhere any more; its buffers stay with it all the same."""
        self.is_dead = True
        self._transport.set_status(0)


def begin_negotiation(transport: VirtioTransport) -> None:
    """The steps of 3.1.1 up to the features. EIO when the device refuses them."""
    transport.reset()
    transport.add_status(STATUS_ACKNOWLEDGE)
    transport.add_status(STATUS_DRIVER)
    offered = transport.device_features()
    if not transport.is_modern:
        transport.accept_features(u64(0))
        return
    if offered & FEATURE_VERSION_1 == 0:
        transport.add_status(STATUS_FAILED)
        raise OSError(EIO, "virtio-blk: a modern device without VERSION_1")
    transport.accept_features(u64(FEATURE_VERSION_1))
    transport.add_status(STATUS_FEATURES_OK)
    if transport.status() & STATUS_FEATURES_OK == 0:
        transport.add_status(STATUS_FAILED)
        raise OSError(EIO, "virtio-blk: the device refuses the features")


def queue_entries(transport: VirtioTransport) -> int:
    """How many entries the queue gets; EIO when the device has none or too few."""
    offered = transport.queue_size(REQUEST_QUEUE)
    if offered < CHAIN_LENGTH + 1:
        transport.add_status(STATUS_FAILED)
        raise OSError(EIO, f"virtio-blk: a request queue of {offered} entries")
    return min(offered, MODERN_QUEUE_SIZE) if transport.is_modern else offered


def read_capacity(transport: VirtioTransport) -> int:
    """The disk's size in sectors; EIO for one that cannot be."""
    capacity = transport.read_configuration64(BLOCK_CAPACITY)
    if capacity > LARGEST_CAPACITY:
        transport.add_status(STATUS_FAILED)
        raise OSError(EIO, f"virtio-blk: a capacity of {capacity} sectors")
    return int(capacity)
