"""`build.py run` and `build.py debug`: a machine with its console here, driven by commands, or under gdb."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.machine import build_tree, disk_image, terminal
from tests.machine.boot import DEFAULT_TIMEOUT_SECONDS, BootRequest, boot
from tests.machine.console_session import split_commands
from tests.machine.layout import DISK_IMAGE, KERNEL_SYMBOLS, ROOT
from tests.machine.packages import DEBUGGER, find_program
from tests.machine.problem import ExitCode, Problem
from tests.machine.progress import say
from tests.machine.qemu import (
    Console,
    DiskTransport,
    Display,
    MachineKind,
    MachineOptions,
    background_process,
    command_line,
    dying_with_parent,
    run_folder,
)


def machine_options(arguments: argparse.Namespace) -> MachineOptions:
    """The machine that the command line describes."""
    secure = arguments.secure_boot_firmware
    if secure and arguments.machine == MachineKind.PC.value:
        raise Problem(ExitCode.COMMAND_LINE_WRONG, "--secure-boot-firmware needs --machine q35")
    if secure and arguments.firmware:
        raise Problem(ExitCode.COMMAND_LINE_WRONG, "--secure-boot-firmware and --firmware exclude each other")
    if arguments.gui and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        raise Problem(
            ExitCode.MACHINE_LACKS, "--gui needs a graphical session: DISPLAY and WAYLAND_DISPLAY are not set"
        )
    return MachineOptions(
        machine=MachineKind(arguments.machine),
        cpu=arguments.cpu,
        memory=arguments.memory,
        accelerator=arguments.accel,
        disk_transport=DiskTransport(arguments.disk_transport),
        secure_boot_firmware=secure,
        firmware=arguments.firmware,
        display=Display.WINDOW if arguments.gui else Display.NONE,
        icount=arguments.icount or "",
        more=tuple(arguments.qemu_arg),
    )


@contextlib.contextmanager
def chosen_image(arguments: argparse.Namespace) -> Iterator[Path]:
    """The disk to boot: the built one, a given one, or the built one with files added."""
    if arguments.image is not None:
        if arguments.add:
            raise Problem(ExitCode.COMMAND_LINE_WRONG, "--add needs the disk that is built here, not --image")
        if not arguments.image.is_file():
            raise Problem(ExitCode.PROGRAM_WRONG, f"disk image {arguments.image}: no such file")
        yield arguments.image
        return
    additions = [(addition, addition.read()) for addition in arguments.add]
    build_tree.require_image()
    if not additions:
        yield DISK_IMAGE
        return
    tree = build_tree.root_tree(build_tree.compile_targets())
    tree.update({addition.guest_path: data for addition, data in additions})
    with run_folder(keep=arguments.keep) as folder:
        image = folder.path / "disk.img"
        disk_image.write(image, tree)
        yield image


def run(arguments: argparse.Namespace) -> int:
    """Boot what is built; the exit code is the last command's status."""
    options = machine_options(arguments)
    with chosen_image(arguments) as image:
        if arguments.exec is None and not arguments.display_screenshot:
            return run_interactive(image, options, arguments)
        return run_commands(image, options, arguments)


def show_line(line: str) -> None:
    """The guest's bytes, as text on standard output."""
    sys.stdout.buffer.write(line.encode("utf-8", "surrogateescape") + b"\n")
    sys.stdout.buffer.flush()


def show_nothing(_line: str) -> None:
    return


def run_commands(image: Path, options: MachineOptions, arguments: argparse.Namespace) -> int:
    """`--exec`: a conversation without a person."""
    request = BootRequest(
        commands=split_commands(arguments.exec or ""),
        timeout=DEFAULT_TIMEOUT_SECONDS if arguments.timeout is None else arguments.timeout,
        screenshot=arguments.display_screenshot,
        show_boot=show_nothing if arguments.quiet else show_line,
        show_output=show_line,
        keep_folder=arguments.keep,
    )
    result = boot(image, request, options)
    if arguments.keep:
        say(f"kept {result.folder}")
    return result.status


def run_interactive(image: Path, options: MachineOptions, arguments: argparse.Namespace) -> int:
    """QEMU in this terminal, until the guest powers off or Ctrl-A X is typed."""
    with run_folder(keep=arguments.keep) as folder, terminal.restored():
        command = command_line(options, image, Console.TERMINAL, folder)
        say("booting; Ctrl-A X leaves, Ctrl-A H lists more keys")
        status = wait_in_foreground(command, arguments.timeout)
        if arguments.keep:
            say(f"kept {folder.path}")
    if status == 0:
        return ExitCode.FINE
    if status == 1:
        raise Problem(ExitCode.COMMAND_LINE_WRONG, "QEMU refused to start; its reason is above")
    if status > 0 and status & 1:
        raise Problem(ExitCode.OUR_FAULT, f"the guest ended the machine with the value {status >> 1}")
    raise Problem(ExitCode.OUR_FAULT, f"QEMU ended with status {status}")


def wait_in_foreground(command: list[str], timeout: float | None) -> int:
    """Wait for a process that shares this terminal."""
    with subprocess.Popen(dying_with_parent(command)) as process:
        try:
            return process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise Problem(ExitCode.TIMED_OUT, f"the machine still ran after {timeout:g} s") from None
        finally:
            if process.poll() is None:
                process.kill()


def debug(arguments: argparse.Namespace) -> int:
    """QEMU halted before the first instruction, and gdb attached to it."""
    options = dataclasses.replace(machine_options(arguments), gdb_port=arguments.port)
    with chosen_image(arguments) as image, run_folder(keep=arguments.keep) as folder:
        command = command_line(options, image, Console.FILE, folder)
        with background_process(command, folder) as process, terminal.restored():
            say(f"the serial console is written to {folder.serial_log}")
            if arguments.no_gdb:
                say(f"waiting for a debugger on localhost:{arguments.port}")
                return process.wait()
            return subprocess.call(gdb_command(arguments.port), cwd=ROOT)


def gdb_command(port: int) -> list[str]:
    """gdb with the kernel's symbols, sources found from the root of the repository."""
    gdb = find_program(DEBUGGER.program)
    if gdb is None:
        raise Problem(ExitCode.MACHINE_LACKS, "gdb was not found; install with:\n  apt-get install -y gdb")
    command = [gdb, "-q", "-ex", "set confirm off", "-ex", "set architecture i386:x86-64"]
    if KERNEL_SYMBOLS.exists():
        command += ["-ex", f"symbol-file {KERNEL_SYMBOLS}"]
    else:
        say(f"{KERNEL_SYMBOLS.name} is missing: addresses will have no names")
    command += ["-ex", f"target remote localhost:{port}"]
    # In hardware, because nothing is mapped there yet; `continue` stops in the first line of the kernel's story.
    return [*command, "-ex", "thbreak kernel_main"]
