"""The first serial port, polled: the sink that works from the first instruction and in a panic. Rank 2.

It is the one module of this folder that touches ports: a panic must not depend on a driver that may be what broke.
The UART driver uses the same constants (they live here once) and may take the log over with `log.replace_serial`.

Contract: `detect` decides whether a port is there (a scratch register that remembers); without one every write is a
no-op. A transmitter that stays busy for SERIAL_POLL_LIMIT polls makes the port absent, so no loop waits for hardware
that is gone. Owner: the log, which writes with interrupts as they are; characters of two contexts may interleave,
nothing worse.

Reference: National Semiconductor PC16550D, section 8 (registers); the base address is the PC convention for COM1.
"""

from __future__ import annotations

from typing import Final

from kernel.config import SERIAL_POLL_LIMIT
from kernel.debug.log_sink import LogSink
from runtime.lang import port_read, port_write, u8, u16

COM1: Final = 0x3F8

# Register offsets. With the divisor latch open, 0 and 1 are the divisor's halves.
TRANSMIT_HOLDING: Final = 0
INTERRUPT_ENABLE: Final = 1
FIFO_CONTROL: Final = 2
LINE_CONTROL: Final = 3
MODEM_CONTROL: Final = 4
LINE_STATUS: Final = 5
SCRATCH: Final = 7

EIGHT_BITS_NO_PARITY: Final = 0x03
DIVISOR_LATCH: Final = 0x80
DIVISOR_115200: Final = 1
# FIFOs on, both cleared, receive trigger at 14 bytes.
FIFO_ENABLE: Final = 0xC7
# DTR, RTS, and OUT2, which gates the interrupt line on a PC.
MODEM_READY: Final = 0x0B
TRANSMITTER_EMPTY: Final = 0x20

SCRATCH_PATTERN: Final = 0x5A
LINE_FEED: Final = 10
CARRIAGE_RETURN: Final = 13


class RawSerial(LogSink):
    """COM1 without interrupts."""

    present: bool = False

    def detect(self) -> None:
        """Find out whether COM1 exists and set it to 115200 baud, 8N1, FIFOs on, interrupts off."""
        first = self._scratch_remembers(SCRATCH_PATTERN)
        second = self._scratch_remembers(SCRATCH_PATTERN ^ 0xFF)
        if not (first and second):
            self.present = False
            return
        self._write_register(INTERRUPT_ENABLE, 0)
        self._write_register(LINE_CONTROL, DIVISOR_LATCH)
        self._write_register(TRANSMIT_HOLDING, DIVISOR_115200)
        self._write_register(INTERRUPT_ENABLE, 0)
        self._write_register(LINE_CONTROL, EIGHT_BITS_NO_PARITY)
        self._write_register(FIFO_CONTROL, FIFO_ENABLE)
        self._write_register(MODEM_CONTROL, MODEM_READY)
        self.present = True

    def write_character(self, code: int) -> None:
        if code == LINE_FEED:
            self._transmit(CARRIAGE_RETURN)
        self._transmit(code if code < 0x80 else ord("?"))

    def _transmit(self, code: int) -> None:
        if not self.present:
            return
        for _ in range(SERIAL_POLL_LIMIT):
            if port_read(u8, u16(COM1 + LINE_STATUS)) & TRANSMITTER_EMPTY != 0:
                port_write(u8, u16(COM1 + TRANSMIT_HOLDING), u8(code))
                return
        self.present = False

    def _scratch_remembers(self, pattern: int) -> bool:
        self._write_register(SCRATCH, pattern)
        return port_read(u8, u16(COM1 + SCRATCH)) == pattern

    def _write_register(self, offset: int, value: int) -> None:
        port_write(u8, u16(COM1 + offset), u8(value))


RAW_SERIAL = RawSerial()
