"""The booted kernel, driven over its console: every command of the seed, programs that misbehave, and no frame lost."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.machine.boot import BootResult, GuestEnd
from tests.machine.console_session import CommandResult
from tests.machine.qemu import DiskTransport

pytestmark = pytest.mark.machine

BAD_MACHINE = b"\x7fELF\x02\x01\x01" + bytes(9) + struct.pack("<HHI", 2, 40, 1) + bytes(100)
CYCLE = 1000


@pytest.fixture(scope="module")
def damaged() -> dict[str, bytes]:
    return {"/bad/text.txt": b"not a program, 14 words and so on\n" * 4, "/bad/arm": BAD_MACHINE, "/bad/empty": b""}


def texts(result: CommandResult) -> str:
    return "\n".join(result.lines)


def frames(result: CommandResult) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", texts(result))]


def test_the_commands_of_the_seed(boot_commands: Callable[..., BootResult]) -> None:
    commands = [
        "mem",
        "usermode",
        "usertest",
        "isolate",
        "elf",
        "lspci",
        "blkread",
        "blkread 0x1",
        "ls",
        "ls /EFI/BOOT",
    ]
    commands += [
        "run /bin/hello",
        "selftest",
        "nonsense",
        "ls /nothing",
        "cat /bin",
        "run /EFI/BOOT/BOOTX64.EFI",
        "mem",
    ]
    result = boot_commands(commands)
    assert result.ending.kind is GuestEnd.POWERED_OFF
    answers = dict(zip(commands, result.results, strict=True))
    assert re.fullmatch(r"Frames: \d+ total, \d+ allocated, \d+ free", texts(result.results[0]))
    assert texts(answers["usermode"]) == "Hello from Ring 3!"
    assert re.search(r"Page fault in user mode! .*\nProtection test passed!", texts(answers["usertest"]))
    roots = re.findall(r"Process [AB]: CR3 = (0x\w+)", texts(answers["isolate"]))
    assert len(set(roots)) == 2 and "Frames reclaimed: " in texts(answers["isolate"])
    assert "Hello, world!" in texts(answers["elf"]) and "reclaimed=0" in texts(answers["elf"])
    assert re.search(r"1af4:10(01|42) class 0100", texts(answers["lspci"]))
    assert "Boot signature: 55AA" in texts(answers["blkread"])
    assert "EFI PART" in texts(answers["blkread 0x1"])
    assert texts(answers["ls"]).startswith("Directory: /\n") and "<DIR>" in texts(answers["ls"])
    assert "BOOTX64.EFI" in texts(answers["ls /EFI/BOOT"])
    run = texts(answers["run /bin/hello"])
    for line in ("Loading /bin/hello from disk...", "Running in Ring 3...", "Hello, world!", "Program exited."):
        assert line in run
    assert "reclaimed=0" in run
    assert answers["selftest"].lines[-1] == "=== SELFTEST END: 6/6 PASSED ==="
    assert (answers["nonsense"].status, answers["ls /nothing"].status, answers["cat /bin"].status) == (127, 1, 1)
    assert answers["run /EFI/BOOT/BOOTX64.EFI"].status == 126


def test_files_that_are_no_programs(
    boot_commands: Callable[..., BootResult], disk_with: Callable[[dict[str, bytes]], Path], damaged: dict[str, bytes]
) -> None:
    commands = [f"run {path}" for path in damaged]
    result = boot_commands([*commands, "cat /bad/text.txt"], image=disk_with(damaged))
    reasons = ["no ELF magic number", "built for machine 40", "too short for an ELF header"]
    for answer, reason in zip(result.results, reasons, strict=False):
        assert answer.status == 126 and reason in texts(answer) and "reclaimed=0" in texts(answer)
    assert texts(result.results[-1]) == damaged["/bad/text.txt"].decode().rstrip("\n")


@pytest.mark.slow
def test_a_thousand_faults_leave_memory_as_it_was(boot_commands: Callable[..., BootResult]) -> None:
    commands = ["repeat 2 run /bin/fault", "mem", f"repeat {CYCLE} run /bin/fault", "mem"]
    result = boot_commands(commands, timeout=300)
    assert [answer.status for answer in result.results] == [0, 0, 0, 0]
    assert frames(result.results[1]) == frames(result.results[3])
    assert f"{CYCLE} runs, each with status 139" in texts(result.results[2])


@pytest.mark.parametrize("transport", [DiskTransport.LEGACY, DiskTransport.MODERN])
def test_both_transports(boot_commands: Callable[..., BootResult], transport: DiskTransport) -> None:
    result = boot_commands(["run /bin/hello", "blkread"], disk_transport=transport, memory="64M")
    assert [answer.status for answer in result.results] == [0, 0]
    assert re.search(rb"Initializing virtio-blk\.\.\. OK \(\d+ sectors, \d+ MiB\)", result.serial)
