"""How a virtio device is reached: what the two PCI transports have in common. VIRTIO 1.2, 2.1 and 4.1.

`VirtioTransport` is the base class that the block driver uses; the legacy transport speaks through I/O ports, the
modern one through structures in memory, and the fake of the tests extends it too. Nothing here trusts the device: a
status of all ones or an unexpected zero means that it is gone. Errors: OSError with EIO or ENXIO.
"""

from __future__ import annotations

from typing import Final

from kernel.drivers.virtio.queue import VirtQueue
from kernel.drivers.virtio.registers import STATUS_FAILED, STATUS_NEEDS_RESET
from runtime.abi.error_numbers import ENXIO
from runtime.lang import u64

# What every register of a function reads as that has left the bus.
ALL_ONES_STATUS: Final = 0xFF
# Polls until a device that was reset must say so (2.1.2: it shows status 0 when it is done).
RESET_POLL_LIMIT: Final = 100_000


class VirtioTransport:
    """Base class; the defaults play a device that is not there."""

    # Whether FEATURES_OK and VERSION_1 have to be negotiated.
    is_modern: bool = False

    def status(self) -> int:
        """The device status, 0 … 255."""
        return ALL_ONES_STATUS

    def set_status(self, status: int) -> None:
        """Write the device status; 0 resets."""

    def device_features(self) -> u64:
        """What the device offers."""
        return u64(0)

    def accept_features(self, features: u64) -> None:
        """What the driver takes of it."""

    def queue_size(self, index: int) -> int:
        """Entries that the device wants or allows at most; 0 when there is no such queue."""
        return 0

    def enable_queue(self, index: int, queue: VirtQueue) -> None:
        """Tell the device where the queue lies."""

    def notify(self, index: int) -> None:
        """Tell the device to look at a queue."""

    def read_configuration(self, offset: int) -> int:
        """A 32-bit field of the device's own configuration."""
        return 0

    def configuration_generation(self) -> int:
        """Changes whenever the device changes its configuration; always 0 for legacy devices."""
        return 0

    # ------------------------------------------------------------------------------------------- built on the above

    def add_status(self, bit: int) -> None:
        """Set one more bit of the status."""
        self.set_status(self.status() | bit)

    def reset(self) -> None:
        """Reset the device and wait until it has; ENXIO when it never does."""
        self.set_status(0)
        for _ in range(RESET_POLL_LIMIT):
            if self.status() == 0:
                return
        raise OSError(ENXIO, "virtio: the device does not reset")

    def is_gone(self) -> bool:
        """Whether a running device has vanished or was reset behind our back."""
        status = self.status()
        return status == 0 or status == ALL_ONES_STATUS

    def wants_reset(self) -> bool:
        """Whether the device has given up (2.1.2: DEVICE_NEEDS_RESET)."""
        return self.status() & (STATUS_NEEDS_RESET | STATUS_FAILED) != 0

    def read_configuration64(self, offset: int) -> u64:
        """Two halves that belong together: read again until the generation stands still (2.5.3)."""
        for _ in range(16):
            before = self.configuration_generation()
            low = u64(self.read_configuration(offset))
            high = u64(self.read_configuration(offset + 4))
            if self.configuration_generation() == before:
                return low | high << 32
        raise OSError(ENXIO, "virtio: the configuration never stands still")
