"""The log without formatting, the raw serial port, and look-ups in a line table that the linker's own code wrote."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.formats import line_table
from kernel.config import LOG_HISTORY_BYTES
from kernel.debug import line_lookup, log
from kernel.debug.log_sink import LogSink
from kernel.debug.raw_serial import LINE_STATUS, SCRATCH, TRANSMIT_HOLDING, RawSerial
from runtime.host.arenas import memory
from runtime.host.machine import SimulatedMachine, use_machine
from runtime.lang import u64


class Collector(LogSink):
    """Keeps what the log shows."""

    def __init__(self) -> None:
        self.text = ""

    def write_character(self, code: int) -> None:
        self.text += chr(code)


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Collector:
    collector = Collector()
    monkeypatch.setattr(log, "LOG", log.Log())
    log.LOG.serial = collector
    return collector


@given(st.integers(0, (1 << 64) - 1), st.integers(1, 16))
def test_numbers_are_written_as_python_does(value: int, digits: int) -> None:
    kept, collector = log.LOG, Collector()
    log.LOG = log.Log()
    try:
        log.LOG.serial = collector
        log.write_decimal(u64(value))
        log.write(" ")
        log.write_hexadecimal(u64(value), digits)
    finally:
        log.LOG = kept
    assert collector.text == f"{value} 0x{value:0{digits}x}"


def test_a_late_screen_sees_the_first_line(shown: Collector) -> None:
    log.line("first")
    screen = Collector()
    log.register_screen(screen)
    log.line("second")
    assert screen.text == shown.text == "first\nsecond\n"


def test_the_history_keeps_the_latest(shown: Collector) -> None:
    for number in range(3000):
        log.write_decimal(u64(number))
        log.end_line()
    screen = Collector()
    log.register_screen(screen)
    assert screen.text == shown.text[-LOG_HISTORY_BYTES:]


class FakePort:
    """A 16550 as far as a transmitter goes; `busy` never becomes ready."""

    def __init__(self, busy: bool = False) -> None:
        self.registers = [0] * 8
        self.sent = bytearray()
        self.busy = busy

    def read(self, offset: int, size: int) -> int:
        if offset == LINE_STATUS:
            return 0 if self.busy else 0x60
        return self.registers[offset]

    def write(self, offset: int, size: int, value: int) -> None:
        if offset == TRANSMIT_HOLDING and self.registers[3] & 0x80 == 0:
            self.sent.append(value)
        else:
            self.registers[offset] = value


def test_the_port_gets_carriage_returns() -> None:
    with use_machine(SimulatedMachine()) as machine:
        port = FakePort()
        machine.map_port(range(0x3F8, 0x400), port)
        serial = RawSerial()
        serial.detect()
        assert serial.present
        serial.write_text("a\nü")
    assert bytes(port.sent) == b"a\r\n?"


def test_without_a_port_nothing_waits() -> None:
    with use_machine(SimulatedMachine()):
        serial = RawSerial()
        serial.detect()
        assert not serial.present
        serial.write_text("lost")


def test_a_port_that_stays_busy_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kernel.debug.raw_serial.SERIAL_POLL_LIMIT", 100)
    with use_machine(SimulatedMachine()) as machine:
        port = FakePort(busy=True)
        machine.map_port(range(0x3F8, 0x400), port)
        serial = RawSerial()
        serial.detect()
        serial.write_text("x")
        assert not serial.present
    assert port.registers[SCRATCH] != 0


ROWS = [(0x100, 10, 0, 0), (0x110, 11, 0, 1), (0x200, 30, 1, 1), (0x240, 31, 1, 0xFFFF)]
FUNCTIONS = [("kernel.first", "kernel/first.py", 0x100, 0x40), ("kernel.second", "kernel/second.py", 0x200, 0x60)]
FILES = ["kernel/first.py", "kernel/second.py"]


def table_bytes() -> bytes:
    strings = b"".join(name.encode() + file.encode() for name, file, _, _ in FUNCTIONS)
    position, functions = 0, b""
    for name, file, start, size in FUNCTIONS:
        functions += line_table.FUNCTION.pack(position, len(name), position + len(name), len(file), start, size)
        position += len(name) + len(file)
    files = b""
    for file in FILES:
        files += line_table.FILE.pack(strings.index(file.encode()), len(file))
    rows = b"".join(line_table.ROW.pack(*row) for row in ROWS)
    at_rows = line_table.HEADER.size
    at_functions = at_rows + len(rows)
    at_files = at_functions + len(functions)
    at_strings = at_files + len(files)
    header = line_table.HEADER.pack(
        line_table.MAGIC, 1, len(ROWS), len(FUNCTIONS), len(FILES), at_rows, at_functions, at_files, at_strings,
        at_strings + len(strings),
    )  # fmt: skip
    return header + rows + functions + files + strings


def look_up(data: bytes, offset: int, shown: Collector) -> str:
    arena = memory.map_memory(0x7000_0000, max(len(data), 64), "line table")
    try:
        memory.write(0x7000_0000, data)
        table = line_lookup.LineTable()
        if not table.open(u64(0x7000_0000), u64(0x7000_0000 + len(data))):
            return "refused"
        shown.text = ""
        line_lookup.write_place(table, u64(offset))
        return shown.text
    finally:
        arena.release()


@pytest.mark.parametrize("offset", [0, 0xFF, 0x100, 0x10F, 0x110, 0x13F, 0x140, 0x1FF, 0x200, 0x23F, 0x25F, 0x260])
def test_look_ups_agree_with_the_host(shown: Collector, offset: int) -> None:
    data = table_bytes()
    text = look_up(data, offset, shown)
    if offset == 0x25F:
        assert text == "kernel/second.py in kernel.second"
        return
    view = line_table.read_line_table(data.replace(b"\xff\xff", b"\x01\x00"))
    place = view.find(offset)
    assert text == ("?" if place is None else f"{place.file}:{place.line} in {place.function}")


@pytest.mark.parametrize("change", [(0, b"X"), (4, b"\x02"), (8, b"\xff\xff"), (21, b"\xff"), (36, b"\xff\xff")])
def test_damaged_headers_are_refused(shown: Collector, change: tuple[int, bytes]) -> None:
    position, value = change
    data = bytearray(table_bytes())
    data[position : position + len(value)] = value
    assert look_up(bytes(data), 0x100, shown) == "refused"


def test_a_truncated_table_is_refused(shown: Collector) -> None:
    assert look_up(table_bytes()[:-1], 0x100, shown) == "refused"
    assert look_up(table_bytes()[:20], 0x100, shown) == "refused"
