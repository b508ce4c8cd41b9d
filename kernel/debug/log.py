"""The kernel log: text and numbers to every registered sink, without allocating. Rank 2.

It works before the heap exists and inside a panic: numbers are written digit by digit from a fixed buffer, nothing is
formatted into a string. What was written is kept in a ring (LOG_HISTORY_BYTES), and a sink that registers late gets it
replayed, so the screen shows the boot from its first line.

Sinks: the serial sink is wired at compile time (the raw port, replaced once the UART driver runs), the screen and one
more register themselves. Owner of all state here: the boot CPU; a line written by an interrupt may land inside another
line, and nothing worse happens, because a sink keeps no state across characters that a second writer could break.
"""

from __future__ import annotations

from kernel.config import LOG_HISTORY_BYTES
from kernel.debug.log_sink import LogSink, code_at, show
from kernel.debug.raw_serial import RAW_SERIAL
from runtime.lang import Ptr, export, new_array, truncate, u8, u64

HISTORY = new_array(u8, LOG_HISTORY_BYTES)


class Log:
    """The sinks, and how much has been written."""

    def __init__(self) -> None:
        self.serial: LogSink = RAW_SERIAL
        self.screen: LogSink | None = None
        self.extra: LogSink | None = None
        self.written: int = 0

    def put(self, code: int) -> None:
        HISTORY[self.written % LOG_HISTORY_BYTES] = truncate(u8, code)
        self.written += 1
        show(self.serial, code)
        screen = self.screen
        if screen is not None:
            show(screen, code)
        extra = self.extra
        if extra is not None:
            show(extra, code)


LOG = Log()


def write(text: str) -> None:
    """Write a text as it is; a line ends with "\\n"."""
    for position in range(len(text)):
        LOG.put(code_at(text, position))


def line(text: str) -> None:
    """Write a text and end the line."""
    write(text)
    LOG.put(10)


def end_line() -> None:
    LOG.put(10)


def write_decimal(value: u64) -> None:
    """Write an unsigned number in decimal."""
    divisor: u64 = 1
    while value // divisor >= 10:
        divisor = divisor * 10
    while divisor != 0:
        LOG.put(ord("0") + int(value // divisor % 10))
        divisor = divisor // 10


def write_hexadecimal(value: u64, digits: int = 1) -> None:
    """Write "0x" and at least so many hexadecimal digits."""
    LOG.put(ord("0"))
    LOG.put(ord("x"))
    position = 15
    while position >= 0:
        digit = int((value >> (position * 4)) & 0xF)
        if digit != 0 or position < digits or value >> (position * 4) != 0:
            LOG.put(ord("0") + digit if digit < 10 else ord("a") + digit - 10)
        position -= 1


def replace_serial(sink: LogSink) -> None:
    """Let a driver take over the serial side of the log. Nothing is replayed: the port has shown it already."""
    LOG.serial = sink


def register_screen(sink: LogSink) -> None:
    """Add the screen and show it what has been logged so far."""
    replay(sink)
    LOG.screen = sink


def register_extra(sink: LogSink) -> None:
    """Add one more sink (a test's collector) and show it what has been logged so far."""
    replay(sink)
    LOG.extra = sink


def replay(sink: LogSink) -> None:
    """Give a sink what the ring still holds, oldest first."""
    first = LOG.written - LOG_HISTORY_BYTES
    for position in range(first if first > 0 else 0, LOG.written):
        sink.write_character(int(HISTORY[position % LOG_HISTORY_BYTES]))


def use_serial_only() -> None:
    """For a panic inside a panic: the raw port, and nothing that a driver wrote."""
    LOG.serial = RAW_SERIAL
    LOG.screen = None
    LOG.extra = None


@export("pyc_write")
def write_for_language(descriptor: u64, address: u64, length: u64) -> u64:
    """Where the language runtime writes (tracebacks): the log, whatever the descriptor. Answers the bytes taken."""
    text = Ptr[u8](address)
    position: u64 = 0
    while position < length:
        LOG.put(int(text[position]))
        position += 1
    return length


@export("pyc_is_terminal")
def is_terminal(descriptor: u64) -> u64:
    """What the runtime asks before it buffers: the log is none."""
    return 0
