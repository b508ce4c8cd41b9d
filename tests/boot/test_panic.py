"""Kernels with a defect planted on purpose: what is served by it ends, or the machine stops and says where."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.boot.conftest import Patch
from tests.boot.guest import Guest, assert_nothing_lost, running_guest
from tests.boot.screen_text import screen_lines
from tests.machine.console_session import TimedOut

pytestmark = pytest.mark.machine

DEFECT_STATUS = 159
PANIC_SECONDS = 20.0

# getpid looks into an empty list; usermode does so while it holds the lock of the kernel stacks, lspci follows a wild
# pointer, and uptime never comes back from itself.
PATCHES = (
    Patch(
        "kernel/syscalls/processes.py",
        "    return u64(current_process().number)\n",
        "    numbers: list[int] = []\n    return u64(numbers[current_process().number])\n",
    ),
    Patch(
        "kernel/monitor/machine_commands.py",
        "    for device in MACHINE.pci_devices:\n",
        "    if len(words) == 2:\n        Ptr[u64](0xFFFF_9000_0000_0000)[0] = 1\n"
        "    for device in MACHINE.pci_devices:\n",
    ),
    Patch(
        "kernel/monitor/machine_commands.py",
        "from kernel.time import clock\n",
        "from kernel.mm.kernel_space import KERNEL_SPACE_LOCK\nfrom kernel.time import clock\n",
    ),
    Patch(
        "kernel/monitor/machine_commands.py",
        "from kernel.time.instant import seconds_text\n",
        "from kernel.time.instant import seconds_text\nfrom runtime.lang import Ptr, u64\n",
    ),
    Patch(
        "kernel/monitor/machine_commands.py",
        '    """When the boot reached what."""\n',
        '    """When the boot reached what."""\n    if len(words) == 2:\n        with KERNEL_SPACE_LOCK:\n'
        "            MACHINE.pci_devices[1000].class_name.upper()\n    if len(words) == 3:\n"
        "        MACHINE.pci_devices[1000].class_name.upper()\n",
    ),
)


@pytest.fixture(scope="module")
def defective_disk(patched_disks: Callable[[Sequence[Patch]], Path]) -> Path:
    return patched_disks(PATCHES)


def lines_after(guest: Guest, command: str, last: str) -> list[str]:
    """Type a command that ends the machine; everything up to its last words."""
    before = len(guest.transcript)
    guest.session.send(command)
    deadline = time.monotonic() + PANIC_SECONDS
    while not any(last in line for line in guest.transcript[before:]):
        try:
            guest.session.wait_for_end(min(deadline, time.monotonic() + 0.5))
        except TimedOut:
            assert time.monotonic() < deadline, "\n".join(guest.transcript[before:])
    return guest.transcript[before:]


def test_a_defect_in_a_system_call_ends_the_program_alone(defective_disk: Path) -> None:
    with running_guest(defective_disk) as guest:
        result = guest.run("run /bin/probe registers")
        assert result.status == DEFECT_STATUS
        text = "\n".join(result.lines)
        assert "A defect of the kernel while it served a system call; the program ends." in text
        assert re.search(r'File ".*kernel/syscalls/processes\.py", line \d+, in process_number', text), text
        assert "IndexError: list index out of range" in text
        assert_nothing_lost(result)
        assert "Hello, world!" in guest.lines("run /bin/hello")
        # The same in a command of the monitor: its traceback, and the prompt again.
        lines = guest.lines("stages a b", status=1)
        assert lines[0] == "stages: a defect of the kernel:"
        assert any(re.search(r'kernel/monitor/machine_commands\.py", line \d+, in show_stages', line) for line in lines)
        assert lines[-1] == "IndexError: list index out of range"
        assert guest.lines("usermode") == ["Hello from Ring 3!"]


def test_a_defect_under_a_spin_lock_stops_the_machine(defective_disk: Path) -> None:
    with running_guest(defective_disk) as guest:
        lines = lines_after(guest, "stages locked", "The machine is halted.")
        check_panic(lines, "show_stages")
        assert "IndexError: list index out of range" in lines
        # The screen says the same.
        time.sleep(1)
        shown = screen_lines(guest.screen())
        assert "The machine is halted." in shown[-1]
        assert any(line.startswith("PANIC: ") for line in shown)


def test_a_wild_pointer_of_the_kernel_stops_the_machine(defective_disk: Path) -> None:
    with running_guest(defective_disk) as guest:
        lines = lines_after(guest, "lspci wild", "The machine is halted.")
        assert "PANIC: page fault" in lines
        assert any("write of 0xffff900000000000 in kernel mode: the page is not mapped" in line for line in lines)
        assert any(re.search(r"rip", line) for line in lines)
        check_panic(lines, "lspci")


def check_panic(lines: list[str], function: str) -> None:
    """A reason, and a traceback of Python places that begins in the function and ends in kernel_main."""
    text = "\n".join(lines)
    assert "PANIC: " in text
    places = re.findall(r"^  (kernel/\S+\.py):(\d+) in (\S+) \[0xffffffff[0-9a-f]{8}\]", text, re.MULTILINE)
    functions = [name.rpartition(".")[2] for _, _, name in places]
    assert function in functions, text
    assert functions[-1] == "kernel_main", text
    assert functions.index(function) < functions.index("execute_line"), text
