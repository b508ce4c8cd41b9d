"""The table, and exceptions turned into error numbers; calls that need no ring 3."""

from __future__ import annotations

import errno
import struct
from collections.abc import Iterator

import pytest

from kernel.arch.x86_64 import hooks
from kernel.arch.x86_64.registers import RegisterFrame
from kernel.arch.x86_64.user_mode import exit_requested
from kernel.console.console import CONSOLE
from kernel.proc.process import CURRENT, Process
from kernel.proc.program_memory import MAPPING_TOP
from kernel.syscalls import dispatch, files, memory, system
from kernel.syscalls.system_call import SystemCall, as_descriptor, as_size
from runtime.host.machine import SimulatedMachine
from runtime.lang import pointer_to, u64, zeroed
from tests.kernel.memory_bench import machine_with_memory

LARGEST = (1 << 64) - 1
PRIVATE = 0x22


@pytest.fixture
def machine() -> Iterator[SimulatedMachine]:
    with machine_with_memory(2 << 20) as simulated:
        kept = hooks.HOOKS.system_call
        dispatch.initialise()
        yield simulated
        hooks.HOOKS.system_call = kept


@pytest.fixture
def process(machine: SimulatedMachine) -> Iterator[Process]:
    process = Process("test")
    process.memory.start_heap(0x500000)
    CURRENT.process = process
    yield process
    CURRENT.process = None
    process.destroy()


def call(number: int, *arguments: int) -> int:
    """Make a call as the entry code does; the result as a C program sees it."""
    frame = zeroed(RegisterFrame)
    frame.rax = u64(number)
    for name, value in zip(("rdi", "rsi", "rdx", "r10", "r8", "r9"), arguments, strict=False):
        setattr(frame, name, u64(value & LARGEST))
    dispatch.serve(pointer_to(frame))
    result = int(frame.rax)
    return result - (1 << 64) if result >= 1 << 63 else result


@pytest.mark.parametrize("number", [2, 3, 57, 500, 511, 512, 1 << 32, LARGEST])
def test_what_is_not_there(process: Process, number: int) -> None:
    assert call(number) == -errno.ENOSYS


def test_every_call_of_this_kernel_has_a_row() -> None:
    dispatch.initialise()
    filled = [number for number, row in enumerate(dispatch.TABLE.rows) if row is not dispatch.no_such_call]
    assert filled == [0, 1, 9, 11, 12, 39, 60, 63, 169, 231]


def raise_memory_error(call: SystemCall) -> u64:
    raise MemoryError


def raise_os_error(call: SystemCall) -> u64:
    raise OSError(errno.EXDEV, "a reason")


def raise_without_number(call: SystemCall) -> u64:
    raise OSError("only a text")


def raise_defect(call: SystemCall) -> u64:
    raise IndexError("a defect")


@pytest.mark.parametrize(
    ("handler", "number"),
    [(raise_memory_error, errno.ENOMEM), (raise_os_error, errno.EXDEV), (raise_without_number, errno.EINVAL)],
)
def test_conditions_become_numbers(process: Process, handler, number: int) -> None:
    dispatch.TABLE.rows[39] = handler  # the fixture fills the table anew
    assert call(39) == -number
    assert not exit_requested()


def test_a_defect_ends_the_program(process: Process) -> None:
    dispatch.TABLE.rows[39] = raise_defect
    call(39)
    assert exit_requested() and process.was_killed


def test_exit_and_getpid(process: Process) -> None:
    assert call(39) == process.number >= 2
    assert not exit_requested()
    call(60, 0x1234)
    assert exit_requested()


def test_the_heap_by_brk(process: Process) -> None:
    assert call(12, 0) == 0x500000
    assert call(12, 0x500800) == 0x500800
    assert call(12, LARGEST) == 0x500800
    assert call(12, 0x4FFFFF) == 0x500800


def test_anonymous_memory(process: Process) -> None:
    address = call(9, 0, 5000, 3, PRIVATE, -1, 0)
    assert address == MAPPING_TOP - 8192
    assert process.memory.space.pages == 2
    assert call(11, address, 5000) == 0
    assert process.memory.space.pages == 0
    assert call(11, address, 4096) == 0


@pytest.mark.parametrize(
    ("arguments", "number"),
    [
        ((0, 0, 3, PRIVATE, -1, 0), errno.EINVAL),  # no length
        ((0, 4096, 7, PRIVATE, -1, 0), errno.EACCES),  # writable and executable
        ((0, 4096, 8, PRIVATE, -1, 0), errno.EINVAL),  # unknown protection
        ((0, 4096, 3, 0x21, -1, 0), errno.EINVAL),  # shared
        ((0, 4096, 3, 0x32, -1, 0), errno.EINVAL),  # fixed
        ((0, 4096, 3, 0x40022, -1, 0), errno.EINVAL),  # huge pages
        ((0, 4096, 3, 0x02, 3, 0), errno.ENODEV),  # a file
        ((0, 4096, 3, PRIVATE, -1, 100), errno.EINVAL),  # offset within a page
        ((0, LARGEST, 3, PRIVATE, -1, 0), errno.ENOMEM),
        ((0, 1 << 46, 3, PRIVATE, -1, 0), errno.ENOMEM),
    ],
)
def test_mappings_that_are_refused(process: Process, arguments: tuple[int, ...], number: int) -> None:
    assert call(9, *arguments) == -number
    assert process.memory.space.pages == 0


@pytest.mark.parametrize(("address", "length"), [(1, 4096), (0, 0), (LARGEST - 4095, 4096), (0, LARGEST), (0, 1 << 62)])
def test_unmapping_that_is_refused(process: Process, address: int, length: int) -> None:
    assert call(11, address, length) == -errno.EINVAL


@pytest.mark.parametrize(
    ("number", "descriptor", "address", "size", "error"),
    [
        (1, 0, 0x400000, 1, errno.EBADF),
        (1, 3, 0x400000, 1, errno.EBADF),
        (1, -1, 0x400000, 1, errno.EBADF),
        (0, 1, 0x400000, 1, errno.EBADF),
        (1, 1, 0, 1, errno.EFAULT),
        (1, 1, 0xFFFF_8000_0000_0000, 1, errno.EFAULT),
        (1, 1, 0x7FFF_FFFF_EFFF, 2, errno.EFAULT),
        (1, 2, 0x8000_0000_0000, 1, errno.EFAULT),
        (0, 0, 0xFFFF_FFFF_8000_0000, 1, errno.EFAULT),
        (63, 0, 0, 0, errno.EFAULT),
    ],
)
def test_descriptors_and_addresses(
    process: Process, number: int, descriptor: int, address: int, size: int, error: int
) -> None:
    if number == 63:
        descriptor, address = address, 0
    assert call(number, descriptor, address, size) == -error


def test_nothing_to_move(process: Process) -> None:
    assert call(1, 1, 0x400000, 0) == 0
    assert call(0, 0, 0x400000, 0) == 0


def test_writing_copies_pieces_and_reports_short_counts(process: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[bytes] = []
    monkeypatch.setattr(CONSOLE, "write_bytes", shown.append)

    def copy(destination, source, size):
        if source >= 0x403000:
            raise OSError(errno.EFAULT, "not mapped")
        for index in range(size):
            destination[index] = (source + index) & 0xFF

    monkeypatch.setattr(files, "copy_from_user", copy)
    assert call(1, 1, 0x400000, 10000) == 10000
    assert [len(piece) for piece in shown] == [4096, 4096, 1808]
    assert call(1, 1, 0x401000, 10000) == 8192
    assert call(1, 1, 0x403000, 1) == -errno.EFAULT


def test_reading_gives_lines_and_keeps_the_rest(process: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    typed = list(b"abc\b\xc3\xa9\r\x04")
    monkeypatch.setattr(CONSOLE, "try_read_byte", lambda: typed.pop(0))
    monkeypatch.setattr(CONSOLE, "write_bytes", lambda data: None)
    given: list[bytes] = []
    monkeypatch.setattr(files, "write_array", lambda address, data: given.append(bytes(data)))
    assert [call(0, 0, 0x400000, 3), call(0, 0, 0x400000, 100), call(0, 0, 0x400000, 100)] == [3, 2, 0]
    assert b"".join(given) == "abé\n".encode()


def test_an_interrupted_read(process: Process) -> None:
    call(60, 1)
    assert call(0, 0, 0x400000, 1) == -errno.EINTR


def test_uname_has_six_fields_of_65_bytes() -> None:
    names = bytes(system.system_names())
    assert len(names) == 390
    fields = [field.rstrip(b"\0").decode() for (field,) in struct.iter_unpack("65s", names)]
    assert fields[0] == "Pyc" and fields[4] == "x86_64"


@pytest.mark.parametrize(
    ("first", "second", "command"),
    [(0, 0x28121969, 0x4321FEDC), (0xFEE1DEAD, 1, 0x4321FEDC), (0xFEE1DEAD, 0x28121969, 0x1111)],
)
def test_a_reboot_has_to_be_meant(process: Process, first: int, second: int, command: int) -> None:
    assert call(169, first, second, command) == -errno.EINVAL


@pytest.mark.parametrize(
    ("command", "expected"), [(0x01234567, "reset"), (0x4321FEDC, "power_off"), (0xCDEF0123, "halt")]
)
def test_reboot(process: Process, monkeypatch: pytest.MonkeyPatch, command: int, expected: str) -> None:
    class Ended(BaseException):
        pass

    def end(what: str):
        def run() -> None:
            done.append(what)
            if what != "power_off":
                raise Ended

        return run

    done: list[str] = []
    monkeypatch.setattr("kernel.arch.x86_64.power.reset", end("reset"))
    monkeypatch.setattr("kernel.arch.x86_64.power.power_off", end("power_off"))
    monkeypatch.setattr("kernel.arch.x86_64.power.halt_forever", end("halt"))
    request = SystemCall(*(u64(value) for value in (169, 0xFFFF_FFFF_FEE1_DEAD, 0x20112000, command, 0, 0, 0)))
    with pytest.raises(Ended):
        system.reboot(request)
    assert done[0] == expected
    assert call(169, 0xFEE1DEAD, 0x28121969, 0x89ABCDEF) == 0


def test_arguments_are_narrowed_as_c_does() -> None:
    assert as_descriptor(u64(0xFFFF_FFFF)) == -1
    assert as_descriptor(u64(0x1_0000_0001)) == 1
    with pytest.raises(OSError):
        as_size(u64(1 << 63))
    memory.check_flags(u64(0x22 | 0x4000 | 0x8000 | 0x20000), u64(3))
