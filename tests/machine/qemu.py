"""QEMU: the options of a machine, the command line they make, and a process that never outlives its owner.

The machine has a serial port (COM1), a VGA display, a disk on virtio-blk, UEFI firmware in flash memory, and the
debug-exit device at port 0xf4: the guest writes v and QEMU ends with status (v << 1) | 1 (QEMU hw/misc/debugexit.c).
"""

from __future__ import annotations

import enum
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.machine import packages
from tests.machine.firmware import Firmware, FirmwareKind, find_firmware, given_firmware
from tests.machine.problem import ExitCode, Problem

DEBUG_EXIT_PORT = 0xF4
STOP_SECONDS = 5.0


class MachineKind(enum.Enum):
    """QEMU's two PC chipsets."""

    Q35 = "q35"
    PC = "pc"


class DiskTransport(enum.Enum):
    """Which interfaces the virtio disk offers (VirtIO 1.2 §4.1, and its legacy interface)."""

    LEGACY = "legacy"
    MODERN = "modern"
    TRANSITIONAL = "transitional"

    def device_options(self) -> str:
        match self:
            case DiskTransport.LEGACY:
                return "disable-modern=on,disable-legacy=off"
            case DiskTransport.MODERN:
                return "disable-modern=off,disable-legacy=on"
            case DiskTransport.TRANSITIONAL:
                return "disable-modern=off,disable-legacy=off"


class Display(enum.Enum):
    """Where the guest's screen goes."""

    NONE = "none"
    WINDOW = "gtk"


class Console(enum.Enum):
    """Where the guest's serial port goes."""

    PIPES = "pipes"  # the process's standard streams, bytes as they are
    TERMINAL = "terminal"  # the same, with QEMU's escape key Ctrl-A
    FILE = "file"  # a log in the run's folder


@dataclass(frozen=True, slots=True)
class MachineOptions:
    """Everything about a machine that may be chosen; the defaults boot everywhere."""

    machine: MachineKind = MachineKind.Q35
    cpu: str = "max"
    memory: str = "256M"
    accelerator: str = "tcg"
    disk_transport: DiskTransport = DiskTransport.TRANSITIONAL
    secure_boot_firmware: bool = False
    firmware: Path | None = None
    display: Display = Display.NONE
    icount: str = ""
    gdb_port: int = 0
    more: tuple[str, ...] = ()

    def chosen_firmware(self) -> Firmware:
        if self.firmware is not None:
            return given_firmware(self.firmware)
        return find_firmware(FirmwareKind.SECURE_BOOT if self.secure_boot_firmware else FirmwareKind.PLAIN)


@dataclass(frozen=True, slots=True)
class RunFolder:
    """The files of one run: firmware variables, sockets, logs."""

    path: Path

    @property
    def variables(self) -> Path:
        return self.path / "variables.fd"

    @property
    def monitor_socket(self) -> Path:
        return self.path / "monitor"

    @property
    def serial_log(self) -> Path:
        return self.path / "serial.log"

    @property
    def error_log(self) -> Path:
        return self.path / "qemu.log"


@contextmanager
def run_folder(*, keep: bool = False) -> Iterator[RunFolder]:
    """A temporary folder; its path is short enough for a socket's name."""
    folder = Path(tempfile.mkdtemp(prefix="pyc-run-"))
    try:
        yield RunFolder(folder)
    finally:
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)


def quote_value(path: Path) -> str:
    """A file name inside a QEMU option list: commas are doubled (QEMU's keyval rule)."""
    return str(path).replace(",", ",,")


def firmware_arguments(options: MachineOptions, folder: RunFolder) -> list[str]:
    firmware = options.chosen_firmware()
    code = f"if=pflash,unit=0,format=raw,readonly=on,file={quote_value(firmware.code)}"
    if firmware.variables is None:
        return ["-drive", code]
    shutil.copyfile(firmware.variables, folder.variables)
    return ["-drive", code, "-drive", f"if=pflash,unit=1,format=raw,file={quote_value(folder.variables)}"]


def machine_arguments(options: MachineOptions) -> list[str]:
    machine = options.machine.value
    arguments = ["-nodefaults", "-no-user-config", "-cpu", options.cpu, "-m", options.memory, "-vga", "std"]
    if options.secure_boot_firmware:
        machine = "q35,smm=on"
        arguments += ["-global", "driver=cfi.pflash01,property=secure,value=on"]
    arguments += ["-machine", machine, "-accel", options.accelerator, "-display", options.display.value]
    if options.icount:
        arguments += ["-icount", options.icount]
    if options.gdb_port:
        arguments += ["-gdb", f"tcp:localhost:{options.gdb_port}", "-S"]
    return arguments


def disk_arguments(image: Path, transport: DiskTransport) -> list[str]:
    # A snapshot: the image that was built stays as it was built.
    drive = f"if=none,id=disk,format=raw,snapshot=on,file={quote_value(image)}"
    device = f"virtio-blk-pci,id=disk0,drive=disk,bootindex=0,{transport.device_options()}"
    return ["-drive", drive, "-device", device]


def console_arguments(console: Console, folder: RunFolder) -> list[str]:
    match console:
        case Console.PIPES:
            # A reset ends QEMU: whoever reads the pipes is told instead of seeing the machine start again.
            return ["-chardev", "stdio,id=com1,mux=off,signal=off", "-serial", "chardev:com1", "-no-reboot"]
        case Console.TERMINAL:
            multiplexed = "stdio,id=com1,mux=on,signal=off"
            return ["-chardev", multiplexed, "-serial", "chardev:com1", "-mon", "chardev=com1,mode=readline"]
        case Console.FILE:
            return ["-serial", f"file:{folder.serial_log}"]


def command_line(options: MachineOptions, image: Path, console: Console, folder: RunFolder) -> list[str]:
    """The whole command; makes the copy of the firmware's variables on the way."""
    program = packages.find_program(packages.QEMU.program)
    if program is None:
        line = packages.install_line([packages.QEMU.package])
        raise Problem(ExitCode.MACHINE_LACKS, f"{packages.QEMU.program} was not found; install with:\n  {line}")
    if not image.is_file():
        raise Problem(ExitCode.PROGRAM_WRONG, f"disk image {image}: no such file")
    return [
        program,
        *machine_arguments(options),
        *firmware_arguments(options, folder),
        *disk_arguments(image, options.disk_transport),
        *console_arguments(console, folder),
        *("-qmp", f"unix:{folder.monitor_socket},server=on,wait=off"),
        *("-device", f"isa-debug-exit,iobase={DEBUG_EXIT_PORT:#x},iosize=0x04"),
        *options.more,
    ]


def dying_with_parent(command: list[str]) -> list[str]:
    """Have the kernel end the process with its parent, even when the parent is killed (prctl PR_SET_PDEATHSIG)."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "KILL", *command] if setpriv else command


@contextmanager
def background_process(command: list[str], folder: RunFolder) -> Iterator[subprocess.Popen[bytes]]:
    """QEMU with its standard streams on pipes; gone when the block is left, however it is left.

    It is in a session of its own, so Ctrl-C reaches its owner alone.
    """
    with folder.error_log.open("wb") as errors:
        process = subprocess.Popen(
            dying_with_parent(command),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        stop(process)


def stop(process: subprocess.Popen[bytes]) -> None:
    """Ask, then insist."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            try:
                stream.close()
            except BrokenPipeError:
                continue


def parse_memory(text: str) -> str:
    """A size as QEMU takes it (`64M`, `6G`); ValueError for anything else."""
    if not re.fullmatch(r"[1-9]\d{0,6}[MG]", text):
        raise ValueError(f"{text!r} is not a memory size such as 256M or 6G")
    return text
