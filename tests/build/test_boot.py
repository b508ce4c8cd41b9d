"""A real QEMU with a guest of 200 bytes in its flash memory: prompt, status, power-off, reset, debug-exit, silence.

The guest is what the firmware would be: real-mode code at the reset vector that plays the monitor on COM1. So the
whole path from the command line to the exit code is tested without OVMF, compiler and kernel, in a second.
"""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.machine import packages
from tests.machine.boot import BootFailure, BootRequest, BootResult, Ending, GuestEnd, boot, exit_status
from tests.machine.layout import ROOT
from tests.machine.problem import ExitCode
from tests.machine.qemu import MachineOptions

pytestmark = pytest.mark.machine

FLASH_BYTES = 64 << 10

# The last character of a line is its status. A line that begins with p powers off, r resets, x writes 21 to the
# debug-exit port, s falls silent. COM1 is at 0x3F8; its line status register at 0x3FD (16550: bit 0 data, bit 5 empty).
GUEST = r"""
    .code16
start:
    movw %cs, %ax
    movw %ax, %ds
    movw $banner, %si
    call print
line:
    xorb %bl, %bl
next:
    movw $0x3fd, %dx
wait:
    inb %dx, %al
    testb $1, %al
    jz wait
    movw $0x3f8, %dx
    inb %dx, %al
    cmpb $13, %al
    je finish
    outb %al, %dx
    movb %al, %bh
    testb %bl, %bl
    jnz next
    movb $1, %bl
    cmpb $'p', %al
    je power_off
    cmpb $'r', %al
    je reset
    cmpb $'x', %al
    je debug_exit
    cmpb $'s', %al
    jne next
silent:
    hlt
    jmp silent
finish:
    movw $mark, %si
    call print
    movb %bh, %al
    outb %al, %dx
    movw $prompt, %si
    call print
    jmp line
power_off:                      /* Q35: ICH9 LPC, PMBASE at 0x40 and ACPI_CNTL at 0x44 (ICH9 datasheet 13.1) */
    movl $0x8000f840, %eax
    movw $0xcf8, %dx
    outl %eax, %dx
    movl $0x601, %eax
    movw $0xcfc, %dx
    outl %eax, %dx
    movl $0x8000f844, %eax
    movw $0xcf8, %dx
    outl %eax, %dx
    movb $0x80, %al
    movw $0xcfc, %dx
    outb %al, %dx
    movw $0x2000, %ax
    movw $0x604, %dx
    outw %ax, %dx
    jmp silent
reset:
    movw $0xcf9, %dx
    movb $6, %al
    outb %al, %dx
    jmp silent
debug_exit:
    movb $21, %al
    outb %al, $0xf4
    jmp silent
print:
    movw $0x3f8, %dx
character:
    lodsb
    testb %al, %al
    jz printed
    outb %al, %dx
    jmp character
printed:
    ret
banner: .ascii "tiny guest\r\npyc> \0"
mark:   .ascii "\r\n\033]133;D;\0"
prompt: .ascii "\007pyc> \0"
    .org 0xfff0
    .byte 0xe9                  /* jmp start, from the reset vector */
    .word start - (. + 2)
    .org 0xffff
    .byte 0
"""


@pytest.fixture(scope="module")
def flash(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The guest as a flash image; its stack-free calls need memory, which QEMU has from the start."""
    for tool in ("as", "objcopy", packages.QEMU.program):
        if packages.find_program(tool) is None:
            pytest.skip(f"{tool} is not installed")
    folder = tmp_path_factory.mktemp("guest")
    (folder / "guest.s").write_text(GUEST)
    subprocess.run(["as", "--32", "-o", "guest.o", "guest.s"], cwd=folder, check=True)
    subprocess.run(["objcopy", "-O", "binary", "-j", ".text", "guest.o", "flash.fd"], cwd=folder, check=True)
    image = folder / "flash.fd"
    assert image.stat().st_size == FLASH_BYTES
    return image


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    path = tmp_path / "disk.img"
    path.write_bytes(bytes(1 << 20))
    return path


def run(flash: Path, disk: Path, *commands: str, timeout: float = 30.0, screenshot: Path | None = None) -> BootResult:
    request = BootRequest(commands, timeout=timeout, screenshot=screenshot)
    return boot(disk, request, MachineOptions(firmware=flash, memory="16M"))


def test_commands_are_typed_and_the_machine_switches_itself_off(flash: Path, disk: Path) -> None:
    result = run(flash, disk, "mem 0", "ls 5")
    assert [command.status for command in result.results] == [0, 5]
    assert result.status == 5
    assert result.ending == Ending(GuestEnd.POWERED_OFF)
    assert b"tiny guest" in result.serial
    assert not result.folder.exists()


def test_a_guest_may_power_off_by_command(flash: Path, disk: Path) -> None:
    result = run(flash, disk, "mem 0", "poweroff")
    assert result.status == 0
    assert result.ending.kind is GuestEnd.POWERED_OFF


def test_a_reset_in_the_middle_is_said(flash: Path, disk: Path) -> None:
    with pytest.raises(BootFailure, match="reset itself") as caught:
        run(flash, disk, "run 1")
    assert caught.value.code == ExitCode.OUR_FAULT
    assert caught.value.ending == Ending(GuestEnd.RESET)


def test_debug_exit_carries_its_value(flash: Path, disk: Path) -> None:
    with pytest.raises(BootFailure, match="with the value 21") as caught:
        run(flash, disk, "x")
    assert caught.value.ending == Ending(GuestEnd.DEBUG_EXIT, 21)


def test_silence_is_a_timeout_with_the_last_lines(flash: Path, disk: Path) -> None:
    started = time.monotonic()
    with pytest.raises(BootFailure, match="waited for the end of the command 'silence'") as caught:
        run(flash, disk, "silence", timeout=3.0)
    assert caught.value.code == ExitCode.TIMED_OUT
    assert "tiny guest" in caught.value.message
    assert time.monotonic() - started < 15


def test_the_screen_becomes_a_png(flash: Path, disk: Path, tmp_path: Path) -> None:
    run(flash, disk, "mem 0", screenshot=tmp_path / "screen.png")
    assert (tmp_path / "screen.png").read_bytes().startswith(b"\x89PNG\r\n\x1a\n")


def test_what_qemu_refuses_is_shown(flash: Path, disk: Path) -> None:
    with pytest.raises(BootFailure, match=r"refused to start.*CPU model 'vax'") as caught:
        boot(disk, BootRequest(["mem"]), MachineOptions(firmware=flash, cpu="vax"))
    assert caught.value.code == ExitCode.COMMAND_LINE_WRONG


def start_build_py(flash: Path, disk: Path, *words: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, str(ROOT / "build.py"), "run", "--image", str(disk), "--firmware", str(flash), *words]
    # An owner that is killed cannot put its folder away; pytest does it then.
    environment = {**os.environ, "TMPDIR": str(disk.parent)}
    pipe = subprocess.PIPE
    return subprocess.Popen(
        command, env=environment, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, start_new_session=True
    )


def machines_with(disk: Path) -> list[int]:
    """The QEMU processes that have this disk."""
    found = []
    for folder in Path("/proc").iterdir():
        try:
            words = (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if b"qemu-system" in words and str(disk).encode() in words and b"build.py" not in words:
            found.append(int(folder.name))
    return found


def test_build_py_prints_the_guest_and_exits_with_its_status(flash: Path, disk: Path) -> None:
    with start_build_py(flash, disk, "--exec", "mem 0; ls 7", "--memory", "16M") as process:
        output, _ = process.communicate(timeout=60)
    assert output == b"tiny guest\npyc> mem 0\npyc> ls 7\n"
    assert process.returncode == 7


def test_build_py_quiet_leaves_the_start_out(flash: Path, disk: Path) -> None:
    with start_build_py(flash, disk, "--exec", "ls 0", "--quiet") as process:
        output, _ = process.communicate(timeout=60)
    assert (process.returncode, output) == (0, b"pyc> ls 0\n")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interruption_leaves_no_machine_behind(flash: Path, disk: Path, number: signal.Signals) -> None:
    with start_build_py(flash, disk, "--exec", "silence") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"tiny guest\n"
        assert len(machines_with(disk)) == 1
        process.send_signal(number)
        _, errors = process.communicate(timeout=30)
    assert process.returncode == ExitCode.INTERRUPTED
    assert b"Traceback" not in errors
    assert machines_with(disk) == []


def test_a_killed_owner_takes_the_machine_with_it(flash: Path, disk: Path) -> None:
    with start_build_py(flash, disk, "--exec", "silence") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"tiny guest\n"
        process.kill()
        process.wait()
        process.communicate(timeout=30)
    deadline = time.monotonic() + 10
    while machines_with(disk) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert machines_with(disk) == []


def leave_by_escape_key(run: subprocess.Popen[bytes], controller: int) -> None:
    os.write(controller, b"\x01x")
    assert run.wait(30) == ExitCode.FINE


def leave_by_power_off(run: subprocess.Popen[bytes], controller: int) -> None:
    os.write(controller, b"poweroff\r")
    assert run.wait(30) == ExitCode.FINE


def end_from_outside(run: subprocess.Popen[bytes], _controller: int) -> None:
    run.send_signal(signal.SIGTERM)
    assert run.wait(30) == ExitCode.INTERRUPTED


@pytest.mark.parametrize("end", [leave_by_escape_key, leave_by_power_off, end_from_outside])
def test_the_terminal_is_left_as_it_was(
    flash: Path, disk: Path, end: Callable[[subprocess.Popen[bytes], int], None]
) -> None:
    """In a terminal of its own: type a command, leave, and compare line discipline and flags."""
    controller, terminal = pty.openpty()
    try:
        before, flags = termios.tcgetattr(terminal), fcntl.fcntl(terminal, fcntl.F_GETFL)
        command = [sys.executable, str(ROOT / "build.py"), "run", "--image", str(disk), "--firmware", str(flash)]
        with subprocess.Popen(command, stdin=terminal, stdout=terminal, stderr=terminal, start_new_session=True) as run:
            transcript = read_until(controller, b"tiny guest")
            transcript += read_until(controller, b"pyc> ")
            os.write(controller, b"mem 0\r")
            transcript += read_until(controller, b"pyc> ")
            end(run, controller)
        assert termios.tcgetattr(terminal) == before
        assert fcntl.fcntl(terminal, fcntl.F_GETFL) == flags
        assert machines_with(disk) == []
    finally:
        os.close(controller)
        os.close(terminal)


def read_until(handle: int, wanted: bytes, seconds: float = 30.0) -> bytes:
    data = b""
    deadline = time.monotonic() + seconds
    while wanted not in data:
        ready, _, _ = select.select([handle], [], [], max(0.0, deadline - time.monotonic()))
        assert ready, f"{wanted!r} did not come; there was {data!r}"
        data += os.read(handle, 1)
    return data


@pytest.mark.parametrize(("status", "code"), [(0, 0), (1, 1), (255, 255), (256, 1), (-1, 255), (-256, 1), (300, 44)])
def test_status_fits_a_process(status: int, code: int) -> None:
    assert exit_status(status) == code
