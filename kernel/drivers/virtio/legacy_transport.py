"""The legacy PCI transport: registers in the I/O space of BAR 0. VIRTIO 1.2, 4.1.4.8 (virtio 0.9.5).

The device dictates the queue's size; its address is given as a page number, and the layout is fixed. Native byte order
is little endian here.
"""

from __future__ import annotations

from typing import Final

from kernel.drivers.virtio.queue import VirtQueue
from kernel.drivers.virtio.registers import (
    LEGACY_DEVICE_CONFIGURATION,
    LEGACY_DEVICE_FEATURES,
    LEGACY_DRIVER_FEATURES,
    LEGACY_QUEUE_ADDRESS,
    LEGACY_QUEUE_ALIGNMENT,
    LEGACY_QUEUE_NOTIFY,
    LEGACY_QUEUE_SELECT,
    LEGACY_QUEUE_SIZE,
    LEGACY_STATUS,
)
from kernel.drivers.virtio.transport import VirtioTransport
from runtime.abi.error_numbers import EINVAL
from runtime.lang import port_read, port_write, u8, u16, u32, u64

# The page number has 32 bits.
HIGHEST_QUEUE_ADDRESS: Final = 1 << 44


class LegacyTransport(VirtioTransport):
    """One device; `base` is the first of its ports."""

    _base: int

    def __init__(self, base: int) -> None:
        self._base = base

    def status(self) -> int:
        return int(port_read(u8, self._port(LEGACY_STATUS)))

    def set_status(self, status: int) -> None:
        port_write(u8, self._port(LEGACY_STATUS), u8(status & 0xFF))

    def device_features(self) -> u64:
        return u64(port_read(u32, self._port(LEGACY_DEVICE_FEATURES)))

    def accept_features(self, features: u64) -> None:
        port_write(u32, self._port(LEGACY_DRIVER_FEATURES), u32(features & 0xFFFF_FFFF))

    def queue_size(self, index: int) -> int:
        port_write(u16, self._port(LEGACY_QUEUE_SELECT), u16(index))
        return int(port_read(u16, self._port(LEGACY_QUEUE_SIZE)))

    def enable_queue(self, index: int, queue: VirtQueue) -> None:
        address = queue.physical.value
        if address % LEGACY_QUEUE_ALIGNMENT != 0 or address >= HIGHEST_QUEUE_ADDRESS:
            raise OSError(EINVAL, "virtio: a legacy queue must lie on a page below 16 TiB")
        port_write(u16, self._port(LEGACY_QUEUE_SELECT), u16(index))
        port_write(u32, self._port(LEGACY_QUEUE_ADDRESS), u32(address // LEGACY_QUEUE_ALIGNMENT))

    def notify(self, index: int) -> None:
        port_write(u16, self._port(LEGACY_QUEUE_NOTIFY), u16(index))

    def read_configuration(self, offset: int) -> int:
        return int(port_read(u32, self._port(LEGACY_DEVICE_CONFIGURATION + offset)))

    def _port(self, register: int) -> u16:
        return u16(self._base + register)
