"""A PS/2 keyboard behind the 8042 controller, polled. IBM PC/AT technical reference, "Keyboard controller".

Many machines have none: a status of all ones, or a controller that never takes a command, means absent. Every wait is
bounded. Interrupts of the controller stay off; the timer tick and the idle loop poll. Bytes of the mouse are dropped.
"""

from __future__ import annotations

from typing import Final

from kernel.drivers.keyboard_layout import KeyboardLayout
from kernel.interfaces.character_device import CharacterDevice
from kernel.lib.ring_buffer import RingBuffer
from runtime.lang import port_read, port_write, u8, u16

DATA_PORT: Final = 0x60
STATUS_PORT: Final = 0x64

OUTPUT_FULL: Final = 0x01
INPUT_FULL: Final = 0x02
FROM_MOUSE: Final = 0x20
NO_DEVICE: Final = 0xFF

READ_CONFIGURATION: Final = 0x20
WRITE_CONFIGURATION: Final = 0x60
DISABLE_FIRST: Final = 0xAD
DISABLE_SECOND: Final = 0xA7
ENABLE_FIRST: Final = 0xAE
# Of the configuration byte: both interrupts, the first port's clock off, translation to scan-code set 1.
INTERRUPTS: Final = 0x03
FIRST_CLOCK_OFF: Final = 0x10
TRANSLATION: Final = 0x40

# One poll takes about 1 us; the slowest answer, of the keyboard itself, takes some 20 ms.
POLL_LIMIT: Final = 50_000
# Bytes that a forgotten buffer can hold.
STALE_LIMIT: Final = 32
# Scan codes looked at in one poll: bounds the time in interrupt context.
CODES_PER_POLL: Final = 8
RING_BYTES: Final = 64


class Keyboard8042(CharacterDevice):
    """The keyboard as a terminal's key stream. Owner: the console, which polls with interrupts off."""

    _present: bool = False
    _layout: KeyboardLayout
    _bytes: RingBuffer

    def __init__(self) -> None:
        self._layout = KeyboardLayout()
        self._bytes = RingBuffer(RING_BYTES)

    def detect(self, may_be_there: bool) -> None:
        """Set the controller up; `may_be_there` is what ACPI says (touching an absent one can hang a laptop)."""
        self._present = may_be_there and status() != NO_DEVICE and self._configure()

    def is_present(self) -> bool:
        return self._present

    def read_byte(self) -> int:
        """The next byte of the key stream, or -1."""
        if not self._present:
            return -1
        if len(self._bytes) == 0:
            self._take_codes()
        return self._bytes.get()

    def _take_codes(self) -> None:
        for _ in range(CODES_PER_POLL):
            flags = status()
            if flags == NO_DEVICE or flags & OUTPUT_FULL == 0:
                return
            code = int(port_read(u8, u16(DATA_PORT)))
            if flags & FROM_MOUSE == 0:
                self._put_key(self._layout.take(code))

    def _put_key(self, packed: int) -> None:
        """Queue the bytes of a key, the highest first; leading zeros are none."""
        for shift in range(24, -1, -8):
            if packed >> shift != 0:
                self._bytes.put(packed >> shift & 0xFF)

    def _configure(self) -> bool:
        """Ports off, buffer empty, interrupts off, translation on, first port on."""
        if not (send_command(DISABLE_FIRST) and send_command(DISABLE_SECOND)):
            return False
        for _ in range(STALE_LIMIT):
            if status() & OUTPUT_FULL == 0:
                break
            port_read(u8, u16(DATA_PORT))
        if not send_command(READ_CONFIGURATION):
            return False
        configuration = receive()
        if configuration < 0 or not send_command(WRITE_CONFIGURATION) or not wait_for_room():
            return False
        wanted = configuration & ~(INTERRUPTS | FIRST_CLOCK_OFF) | TRANSLATION
        port_write(u8, u16(DATA_PORT), u8(wanted & 0xFF))
        return send_command(ENABLE_FIRST)


def status() -> int:
    return int(port_read(u8, u16(STATUS_PORT)))


def send_command(command: int) -> bool:
    """Give the controller a command; False when it takes none."""
    if not wait_for_room():
        return False
    port_write(u8, u16(STATUS_PORT), u8(command))
    return True


def wait_for_room() -> bool:
    for _ in range(POLL_LIMIT):
        if status() & INPUT_FULL == 0:
            return True
    return False


def receive() -> int:
    """The controller's answer, or -1 when none comes."""
    for _ in range(POLL_LIMIT):
        if status() & OUTPUT_FULL != 0:
            return int(port_read(u8, u16(DATA_PORT)))
    return -1


KEYBOARD = Keyboard8042()
