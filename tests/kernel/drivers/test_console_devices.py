"""Serial port and keyboard against scripted registers."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

import pytest

from kernel.debug.raw_serial import RAW_SERIAL
from kernel.drivers.keyboard_8042 import Keyboard8042
from kernel.drivers.keyboard_layout import KeyboardLayout
from kernel.drivers.uart_16550 import Uart16550
from runtime.host.machine import SimulatedMachine, use_machine


class SerialPort:
    """A 16550 that is always, never, or after sixteen bytes ready."""

    def __init__(self) -> None:
        self.sent = bytearray()
        self.received: deque[int] = deque()
        self.is_ready = True
        self.looks = 0

    def read(self, offset: int, size: int) -> int:
        if offset == 0:
            return self.received.popleft()
        self.looks += 1
        return (0x20 if self.is_ready else 0) | (1 if self.received else 0)

    def write(self, offset: int, size: int, value: int) -> None:
        assert offset == 0
        self.sent.append(value)


@pytest.fixture
def machine() -> Iterator[SimulatedMachine]:
    with use_machine(SimulatedMachine()) as simulated:
        yield simulated


@pytest.fixture
def port(machine: SimulatedMachine) -> Iterator[SerialPort]:
    port = SerialPort()
    machine.map_port(range(0x3F8, 0x400), port)
    RAW_SERIAL.present = True
    yield port
    RAW_SERIAL.present = False


def test_lines_end_as_terminals_want_it(port: SerialPort) -> None:
    Uart16550().write_bytes(b"a\nb\r\nc")
    assert bytes(port.sent) == b"a\r\nb\r\nc"


def test_the_transmitter_is_asked_once_per_fifo(port: SerialPort) -> None:
    Uart16550().write_bytes(bytes(range(64, 114)))
    assert len(port.sent) == 50 and port.looks == 4


def test_a_stuck_transmitter_is_given_up(port: SerialPort, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kernel.drivers.uart_16550.SERIAL_POLL_LIMIT", 20)
    port.is_ready = False
    uart = Uart16550()
    uart.write_bytes(b"hello")
    assert not uart.is_present() and port.looks == 20 and not port.sent


def test_bytes_arrive_in_order(port: SerialPort) -> None:
    port.received.extend(b"ab")
    uart = Uart16550()
    assert [uart.read_byte() for _ in range(3)] == [97, 98, -1]


def test_a_port_that_vanished_gives_nothing(machine: SimulatedMachine) -> None:
    RAW_SERIAL.present = True
    assert Uart16550().read_byte() == -1
    RAW_SERIAL.present = False
    assert Uart16550().read_byte() == -1


class Controller:
    """An 8042 with a keyboard that has typed something."""

    def __init__(self, codes: bytes = b"", takes_commands: bool = True) -> None:
        self.output = deque((code, False) for code in b"\xfa\xfa")
        self.codes = codes
        self.takes_commands = takes_commands
        self.configuration = 0x03
        self.commands: list[int] = []
        self.expects_configuration = False

    def read(self, offset: int, size: int) -> int:
        if offset == 0:
            return self.output.popleft()[0] if self.output else 0
        from_mouse = bool(self.output) and self.output[0][1]
        busy = 0 if self.takes_commands else 2
        return (1 if self.output else 0) | busy | (0x20 if from_mouse else 0)

    def write(self, offset: int, size: int, value: int) -> None:
        if offset == 0 and self.expects_configuration:
            self.configuration, self.expects_configuration = value, False
            return
        self.commands.append(value)
        self.expects_configuration = value == 0x60
        if value == 0x20:
            self.output.append((self.configuration, False))
        if value == 0xAE:
            self.output.extend((code, False) for code in self.codes)


def keyboard_on(machine: SimulatedMachine, controller: Controller, expected: bool = True) -> Keyboard8042:
    class DataPort:
        read = staticmethod(lambda _offset, size: controller.read(0, size))
        write = staticmethod(lambda _offset, size, value: controller.write(0, size, value))

    class CommandPort:
        read = staticmethod(lambda _offset, size: controller.read(4, size))
        write = staticmethod(lambda _offset, size, value: controller.write(4, size, value))

    machine.map_port(range(0x60, 0x61), DataPort())
    machine.map_port(range(0x64, 0x65), CommandPort())
    keyboard = Keyboard8042()
    keyboard.detect(expected)
    return keyboard


def typed(keyboard: Keyboard8042) -> bytes:
    found = bytearray()
    while (byte := keyboard.read_byte()) >= 0:
        found.append(byte)
    return bytes(found)


def test_a_keyboard_is_set_up_and_read(machine: SimulatedMachine) -> None:
    controller = Controller(bytes([0x23, 0xA3, 0x2A, 0x17, 0x97, 0xAA, 0xE0, 0x48, 0xE0, 0xC8, 0x1C]))
    keyboard = keyboard_on(machine, controller)
    assert keyboard.is_present()
    assert controller.commands == [0xAD, 0xA7, 0x20, 0x60, 0xAE]
    assert controller.configuration == 0x40
    assert typed(keyboard) == b"hI\x1b[A\r"


def test_a_mouse_is_not_a_keyboard(machine: SimulatedMachine) -> None:
    controller = Controller()
    keyboard = keyboard_on(machine, controller)
    controller.output.extend([(0x1E, True), (0x1E, False)])
    assert typed(keyboard) == b"a"


def test_no_controller(machine: SimulatedMachine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kernel.drivers.keyboard_8042.POLL_LIMIT", 20)
    keyboard = Keyboard8042()
    keyboard.detect(True)
    assert not keyboard.is_present() and keyboard.read_byte() == -1
    assert not keyboard_on(machine, Controller(takes_commands=False)).is_present()


def test_acpi_may_forbid_to_look(machine: SimulatedMachine) -> None:
    controller = Controller()
    assert not keyboard_on(machine, controller, False).is_present()
    assert controller.commands == []


def keys(*codes: int) -> bytes:
    layout = KeyboardLayout()
    found = b""
    for code in codes:
        packed = layout.take(code)
        found += packed.to_bytes((packed.bit_length() + 7) // 8, "big")
    return found


def test_modifiers() -> None:
    assert keys(0x1D, 0x2E, 0xAE, 0x9D, 0x2E) == b"\x03c"
    assert keys(0x3A, 0xBA, 0x1E, 0x02, 0x2A, 0x1E, 0x02) == b"A1a!"
    assert keys(0xE0, 0x2A, 0x1E) == b"a"
    assert keys(0x0E, 0x0F, 0x01, 0x39, 0x58, 0xFF) == b"\x7f\t\x1b "
