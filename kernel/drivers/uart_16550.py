"""The serial port as a console device: bounded output, polled input. PC16550D data sheet, section 8.

The registers and their set-up are `kernel.debug.raw_serial`'s, which needs them before any driver exists; this driver
adds input and bulk output. A port that does not answer is absent, and everything said to it is dropped. No interrupt
is used: `read_byte` is polled by the timer tick and the idle loop (console.poll_input).

Contract: CharacterDevice. Output is bytes; a line feed without a carriage return before it gets one.
"""

from __future__ import annotations

from typing import Final

from kernel.config import SERIAL_POLL_LIMIT
from kernel.debug.raw_serial import COM1, LINE_STATUS, RAW_SERIAL, TRANSMIT_HOLDING, TRANSMITTER_EMPTY
from kernel.interfaces.character_device import CharacterDevice
from runtime.lang import port_read, port_write, u8, u16

DATA_READY: Final = 0x01
# Bytes that the transmitter takes at once when it reports empty (PC16550D, 8.4: FIFO mode).
FIFO_DEPTH: Final = 16
NO_DEVICE: Final = 0xFF

LINE_FEED: Final = 10
CARRIAGE_RETURN: Final = 13


class Uart16550(CharacterDevice):
    """COM1 after `RAW_SERIAL.detect`. Owner: the console; input may be polled in interrupt context."""

    # How many bytes the transmitter still takes before it has to be asked again.
    _room: int = 0
    _last: int = 0

    def is_present(self) -> bool:
        """Whether the port answered, and has not been given up since."""
        return RAW_SERIAL.present

    def write_bytes(self, data: bytes) -> None:
        """Send text."""
        for byte in data:
            if byte == LINE_FEED and self._last != CARRIAGE_RETURN:
                self._send(CARRIAGE_RETURN)
            self._send(byte)
            self._last = byte

    def read_byte(self) -> int:
        """The next received byte, or -1."""
        if not RAW_SERIAL.present:
            return -1
        status = port_read(u8, u16(COM1 + LINE_STATUS))
        # All ones means that the port has gone: a real one never reports every error at once.
        if status == NO_DEVICE or status & DATA_READY == 0:
            return -1
        return int(port_read(u8, u16(COM1 + TRANSMIT_HOLDING)))

    def _send(self, byte: int) -> None:
        """Send one byte, asking the transmitter only when its FIFO may be full."""
        if not RAW_SERIAL.present:
            return
        if self._room == 0:
            if not self._wait_until_empty():
                RAW_SERIAL.present = False
                return
            self._room = FIFO_DEPTH
        port_write(u8, u16(COM1 + TRANSMIT_HOLDING), u8(byte))
        self._room -= 1

    def _wait_until_empty(self) -> bool:
        for _ in range(SERIAL_POLL_LIMIT):
            if port_read(u8, u16(COM1 + LINE_STATUS)) & TRANSMITTER_EMPTY != 0:
                return True
        return False


UART = Uart16550()
