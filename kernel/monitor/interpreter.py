"""The command table and how a line is carried out.

Every command is a row here. Several commands of a line run one after the other, whatever their status; the line's
status is that of the last. A condition that leaves a command is shown in one line; a defect of the kernel is shown with
its traceback, and the monitor goes on.
"""

from __future__ import annotations

from kernel.console import console
from kernel.lib.text import parse_number, plural
from kernel.mm.physical_memory import free_frames
from kernel.monitor import disk_commands, machine_commands, program_commands, ring3_commands, selftest_command
from kernel.monitor.command import (
    STATUS_FAILED,
    STATUS_FINE,
    STATUS_NOT_FOUND,
    STATUS_USAGE,
    Command,
    complain,
    reject_usage,
)
from kernel.monitor.command_line import CommandLineError, split_line
from runtime.core.exceptions import BaseException_
from runtime.core.tracebacks import print_traceback

COMMANDS: list[Command] = [
    Command("blkread", "[SECTOR]", "show a sector of the disk", disk_commands.blkread),
    Command("cat", "PATH ...", "show files", disk_commands.cat),
    Command("elf", "", "run the program inside the kernel", program_commands.elf),
    Command("exit", "[VALUE]", "end the emulator through its debug-exit device", machine_commands.leave),
    Command("halt", "", "stop the processor", machine_commands.halt),
    Command("isolate", "", "run two programs in separate address spaces", ring3_commands.isolate),
    Command("ls", "[PATH]", "list a directory", disk_commands.ls),
    Command("lspci", "", "list the PCI functions", machine_commands.lspci),
    Command("mem", "[-v]", "count the physical frames", machine_commands.mem),
    Command("poweroff", "", "switch the machine off", machine_commands.poweroff),
    Command("reboot", "", "restart the machine", machine_commands.reboot),
    Command("run", "PATH [ARGUMENT ...]", "run a program from the disk", program_commands.run),
    Command("selftest", "", "let the kernel check itself", selftest_command.selftest),
    Command("stages", "", "when the boot reached what", machine_commands.show_stages),
    Command("uptime", "", "time since the boot", machine_commands.uptime),
    Command("usermode", "", "print from ring 3", ring3_commands.usermode),
    Command("usertest", "", "let ring 3 touch kernel memory", ring3_commands.usertest),
]


def execute_line(line: str) -> int:
    """Carry out a typed line; its status."""
    try:
        commands = split_line(line)
    except CommandLineError as error:
        console.line(f"{error}")
        return STATUS_USAGE
    status = STATUS_FINE
    for words in commands:
        status = execute(words)
    return status


def execute(words: list[str]) -> int:
    """Carry out one command, whatever leaves it."""
    name = words[0]
    try:
        return dispatch(words)
    except MemoryError:
        return complain(name, "out of memory")
    except OSError as error:
        return complain(name, reason_of(error))
    except BaseException as defect:
        console.line(f"{name}: a defect of the kernel:")
        if isinstance(defect, BaseException_):
            print_traceback(defect)
        return STATUS_FAILED


def dispatch(words: list[str]) -> int:
    """Find the command and run it. `help` and `repeat` know the table and so are not in it."""
    name = words[0]
    if name == "help":
        return show_help()
    if name == "repeat":
        return repeat(words)
    for command in COMMANDS:
        if command.name == name:
            run = command.run
            return run(words)
    console.line(f"{name}: unknown command; `help` lists them")
    return STATUS_NOT_FOUND


def reason_of(error: OSError) -> str:
    """The text that the raiser gave, else the number."""
    text = error.strerror
    if text is not None and len(text) > 0:
        return text
    return f"error {error.errno}"


def show_help() -> int:
    """One line per command."""
    for command in COMMANDS:
        show_command(command.name, command.usage, command.summary)
    show_command("help", "", "this list")
    show_command("repeat", "COUNT COMMAND ...", "run a command many times, stopping at the first failure")
    console.line("Commands of one line are separated by `;`.")
    return STATUS_FINE


def show_command(name: str, usage: str, summary: str) -> None:
    call = f"{name} {usage}"
    console.line(f"  {call:<28} {summary}")


def repeat(words: list[str]) -> int:
    """Run a command COUNT times without its output; report the count and the frames, stop at the first failure."""
    count = parse_number(words[1]) if len(words) > 2 else None
    if count is None or count == 0:
        return reject_usage("repeat COUNT COMMAND ...")
    command = words[2:]
    before = free_frames()
    wanted = execute_quietly(command)
    for done in range(1, count):
        status = execute_quietly(command)
        if status != wanted:
            console.line(f"Run {done + 1} of {count}: status {status} instead of {wanted}")
            return STATUS_FAILED
    console.line(f"{plural(count, 'run')}, each with status {wanted}")
    console.line(f"Frames: before={before}, after={free_frames()}, reclaimed={free_frames() - before}")
    return STATUS_FINE if free_frames() == before else STATUS_FAILED


def execute_quietly(words: list[str]) -> int:
    """Carry out a command with the console silent."""
    console.CONSOLE.quiet = True
    try:
        return execute(words)
    finally:
        console.CONSOLE.quiet = False
