"""A device of single bytes in both directions: a serial port, a screen with a keyboard.

Contract: nothing here waits without a bound. Output to a device that is absent or stuck is dropped, because the
console must never stop the kernel. All methods may be called from any context that holds no rank above the
device's own lock.
"""

from __future__ import annotations


class CharacterDevice:
    """Base class of byte-wise devices."""

    def write_bytes(self, data: bytes) -> None:
        """Send all bytes, in order, or drop what the device does not take within the driver's limit."""

    def read_byte(self) -> int:
        """Return the next received byte (0 … 255), or -1 when none has arrived; never waits."""
        return -1

    def is_present(self) -> bool:
        """Tell whether a device answered when it was probed."""
        return False
