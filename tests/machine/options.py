"""The command line of build.py: sub-commands, options, and which tools each command needs.

Standard library only: it runs before the virtual environment exists.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from tests.machine import packages
from tests.machine.disk_image import Addition
from tests.machine.packages import Tool
from tests.machine.qemu import DiskTransport, MachineKind, parse_memory

Value = TypeVar("Value")

RUN_TEXT = """\
Sets up, builds what has changed, and boots the disk image in QEMU with UEFI firmware. The guest's serial console is
this terminal. `poweroff` in the guest, or Ctrl-A X, ends the command.

With --exec the commands are typed one after the other at the guest's prompt; what the guest prints goes to standard
output, everything else to standard error, and the exit code is the status of the last command.
"""
RUN_EXAMPLES = """\
examples:
  build.py run
  build.py run --gui --memory 1G
  build.py run --exec 'mem; run /bin/hello' --timeout 60
  build.py run --exec 'run /bin/mine' --add build/mine:/bin/mine --machine pc --cpu qemu64
"""
IMAGE_TEXT = """\
Builds and writes a complete GPT disk image: one EFI system partition with the kernel and all programs.

To start a PC from a USB stick, find the stick's device name with `lsblk` and copy the image onto the whole stick, not
onto one of its partitions. Everything on the stick is lost:

  sudo dd if=FILE of=/dev/sdX bs=4M conv=fsync status=progress

This command itself never writes to a device.
"""
TEST_TEXT = """\
Sets up and runs every test. Further words go to pytest:

  build.py test tests/compiler -k parser
  build.py test -m 'not machine'
"""
MUTATE_TEXT = """\
Plants faults in the compiler, the runtime and the kernel's pure modules, one at a time in a copy of the tree, and runs
the tests of the changed module. The faults are spread over all folders; the same seed plants the same ones. A fault
that no test notices is listed with its place; a table gives the part noticed for each folder. Ctrl-C ends with the
table of what was tried. The exit code is 0 when at least 80 % were noticed.
"""
MUTATE_EXAMPLES = """\
examples:
  build.py mutate
  build.py mutate --count 20 --only kernel/fs
  build.py mutate --count 200 --seed 7
"""


def checked(parse: Callable[[str], Value]) -> Callable[[str], Value]:
    """A parser whose ValueError becomes argparse's one-line message."""

    def convert(text: str) -> Value:
        try:
            return parse(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return convert


def parse_seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds < 1e6:
        raise ValueError(f"{text!r} is not a number of seconds")
    return seconds


def parse_count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 1_000_000):
        raise ValueError(f"{text!r} is not a positive number")
    return int(text)


def parse_port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise ValueError(f"{text!r} is not a port number")
    return int(text)


def add_machine_options(parser: argparse.ArgumentParser) -> None:
    """The options that describe a machine, for run and debug."""
    group = parser.add_argument_group("the machine")
    group.add_argument("--memory", default="256M", type=checked(parse_memory), metavar="SIZE", help="default 256M")
    group.add_argument("--cpu", default="max", metavar="MODEL", help="a model QEMU knows, e.g. qemu64; default max")
    machines = [kind.value for kind in MachineKind]
    group.add_argument("--machine", default="q35", choices=machines, help="the chipset; default q35")
    group.add_argument("--accel", default="tcg", choices=["tcg", "kvm"], help="default tcg, which is the same anywhere")
    transports = [transport.value for transport in DiskTransport]
    group.add_argument(
        "--disk-transport", default="transitional", choices=transports, help="the virtio disk's interface"
    )
    group.add_argument(
        "--firmware", type=Path, metavar="FILE", help="a UEFI firmware image instead of the system's OVMF"
    )
    group.add_argument(
        "--secure-boot-firmware", action="store_true", help="OVMF built with secure boot (switched off) and SMM"
    )
    group.add_argument(
        "--icount", nargs="?", const="shift=auto", metavar="SPEC", help="count instructions (QEMU's -icount)"
    )
    group.add_argument("--gui", action="store_true", help="open the guest's screen in a window as well")
    group.add_argument(
        "--qemu-arg", action="append", default=[], metavar="WORD", help="one more word for QEMU (repeatable)"
    )
    files = parser.add_argument_group("the disk")
    files.add_argument(
        "--add",
        action="append",
        default=[],
        type=checked(Addition.parse),
        metavar="HOSTFILE:/guest/path",
        help="put one more file on the disk (repeatable)",
    )
    files.add_argument("--image", type=Path, metavar="FILE", help="boot this disk image; nothing is built")
    parser.add_argument("--keep", action="store_true", help="keep the folder with logs and firmware variables")


def add_run(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = add_command(commands, "run", "build and boot in QEMU", RUN_TEXT, RUN_EXAMPLES)
    parser.add_argument("--exec", metavar="COMMANDS", help="type these commands (separated by ;), then power off")
    parser.add_argument("--timeout", type=checked(parse_seconds), metavar="SECONDS", help="with --exec: default 60")
    parser.add_argument("--quiet", action="store_true", help="with --exec: leave out what is printed before the prompt")
    parser.add_argument(
        "--display-screenshot", type=Path, metavar="FILE.png", help="save the guest's screen after the last command"
    )
    add_machine_options(parser)


def add_debug(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    text = "Boots with the processor halted and attaches gdb, which knows the kernel's symbols and sources.\n"
    parser = add_command(commands, "debug", "boot under gdb", text)
    parser.add_argument("--port", default=1234, type=checked(parse_port), help="for gdb's connection; default 1234")
    parser.add_argument("--no-gdb", action="store_true", help="only wait for a debugger")
    add_machine_options(parser)


def add_command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, summary: str, text: str, end: str = ""
) -> argparse.ArgumentParser:
    return commands.add_parser(
        name,
        help=summary,
        description=text,
        epilog=end,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )


def make_parser() -> argparse.ArgumentParser:
    """All commands; the order is the order of the help."""
    parser = argparse.ArgumentParser(
        prog="build.py",
        description="Set up, build, run and test. Everything a command needs is installed first.",
        epilog="build.py COMMAND --help says more. Exit codes: 0 fine, 1 program wrong, 2 command line wrong, "
        "3 machine lacks something, 4 our fault, 124 time limit, 130 interrupted.",
        allow_abbrev=False,
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    add_run(commands)
    test = add_command(commands, "test", "run every test", TEST_TEXT)
    test.add_argument("pytest_arguments", nargs="*", metavar="PYTEST-ARGUMENT")
    setup_text = "Makes .venv from requirements.lock, with the pyc command, and installs system packages.\n"
    add_command(commands, "setup", "make .venv and install what is missing", setup_text)
    add_command(commands, "build", "build kernel, programs and disk image", "Builds what has changed into build/.\n")
    image = add_command(commands, "image", "write a disk image", IMAGE_TEXT)
    image.add_argument("-o", "--output", required=True, type=Path, metavar="FILE", help="where to write it")
    check = add_command(commands, "check", "format, lint and types", "ruff format, ruff check, mypy --strict.\n")
    check.add_argument("--fix", action="store_true", help="format and repair what can be repaired first")
    add_debug(commands)
    clean = add_command(commands, "clean", "remove what was built", "Removes build/ and the tools' caches.\n")
    clean.add_argument("--all", action="store_true", help="remove .venv as well")
    add_mutate(commands)
    bench = add_command(commands, "bench", "measure", "Prints medians over several rounds; nothing is asserted.\n")
    bench.add_argument("what", choices=["build", "boot"], help="build times, or the boot stage by stage")
    bench.add_argument("--rounds", type=checked(parse_count), default=5, metavar="N", help="default 5")
    return parser


def add_mutate(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = add_command(
        commands, "mutate", "see whether the tests notice planted faults", MUTATE_TEXT, MUTATE_EXAMPLES
    )
    parser.add_argument("--count", type=checked(parse_count), default=60, metavar="N", help="faults; default 60")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="chooses the faults; default 0")
    parser.add_argument("--only", metavar="PATH", help="a folder or file to break")
    parser.add_argument(
        "--limit", type=checked(parse_seconds), default=120.0, metavar="SECONDS", help="per fault; default 120"
    )


def parse(words: Sequence[str]) -> argparse.Namespace | None:
    """The options; None after printing the help, when no command was given."""
    parser = make_parser()
    if words and words[0] == "test":
        # pytest's own options are not ours to understand.
        own_help = list(words[1:2]) in (["--help"], ["-h"])
        if not own_help:
            return argparse.Namespace(command="test", pytest_arguments=list(words[1:]))
    arguments = parser.parse_args(words)
    if arguments.command is None:
        parser.print_help(sys.stderr)
        return None
    return arguments


def needed_tools(arguments: argparse.Namespace) -> tuple[Tool, ...]:
    """What the machine must have for this command."""
    match arguments.command:
        case "setup" | "test":
            return packages.EVERYTHING
        case "run":
            return (*packages.MACHINE, packages.WINDOW) if arguments.gui else packages.MACHINE
        case "debug":
            return (*packages.MACHINE, packages.DEBUGGER)
        case "bench" if arguments.what == "boot":
            return packages.MACHINE
        case _:
            return ()
