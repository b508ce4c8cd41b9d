"""A machine that stays up while a test talks to it: commands, raw bytes, QEMU's monitor.

    with running_guest(image, memory="64M") as guest:
        guest.run("mem").lines
        guest.type(b"\x03")
        guest.monitor.command("device_del", id="disk0")

The machine is switched off, or killed, when the block is left. `run` never waits longer than its limit.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.machine.bench_boot import stages_of
from tests.machine.boot import POWER_OFF_COMMAND, POWER_OFF_SECONDS
from tests.machine.console_session import CommandResult, ConsoleSession, SessionError
from tests.machine.qemu import Console, MachineOptions, background_process, command_line, run_folder
from tests.machine.qmp import Monitor
from tests.machine.screen import Picture, take_screenshot
from tests.machine.serial import ProcessChannel

PROMPT_SECONDS = 90.0
COMMAND_SECONDS = 60.0
FRAMES_LINE = re.compile(r"Frames: before=(\d+), after=(\d+), reclaimed=(-?\d+)")
COUNT_LINE = re.compile(r"Frames: (\d+) total, (\d+) allocated, (\d+) free")


@dataclass(slots=True)
class Guest:
    """One machine at its prompt."""

    session: ConsoleSession
    channel: ProcessChannel
    monitor: Monitor
    folder: Path
    # Everything printed, as lines; the boot's come first.
    transcript: list[str] = field(default_factory=list)
    seconds_to_prompt: float = 0.0

    def run(self, command: str, seconds: float = COMMAND_SECONDS) -> CommandResult:
        """Type a command and wait for its status."""
        return self.session.run(command, time.monotonic() + seconds)

    def lines(self, command: str, status: int = 0) -> list[str]:
        """What a command prints; its status must be the one given."""
        result = self.run(command)
        assert result.status == status, f"{command!r} ended with {result.status}:\n" + "\n".join(result.lines)
        return list(result.lines)

    def type(self, keys: bytes) -> None:
        """Send bytes as they are."""
        self.channel.write(keys)

    def press(self, keys: bytes) -> CommandResult:
        """Type bytes that lead to a status."""
        self.session.press(keys)
        return self.session.wait_for_result(repr(keys), time.monotonic() + COMMAND_SECONDS)

    def run_with_keys(self, command: str, keys: Sequence[bytes], pause: float = 0.4) -> CommandResult:
        """Start a command and type for it, with a pause before each piece; wait for its status."""
        self.session.send(command)
        for piece in keys:
            time.sleep(pause)
            self.type(piece)
        return self.session.wait_for_result(command, time.monotonic() + COMMAND_SECONDS)

    def free_frames(self) -> int:
        """The third number of `mem`."""
        found = COUNT_LINE.fullmatch(self.lines("mem")[0])
        assert found is not None
        return int(found[3])

    def stages(self) -> dict[str, tuple[float, float]]:
        """What the kernel said about its boot: stage → (seconds since the one before, seconds since the first byte)."""
        return stages_of("\n".join(self.transcript))

    def screen(self) -> Picture:
        """What the display shows now."""
        return take_screenshot(self.monitor, self.folder)


@contextmanager
def running_guest(
    image: Path, edit: Callable[[list[str]], list[str]] = lambda words: words, **machine: Any
) -> Iterator[Guest]:
    """Boot to the prompt; keyword arguments are the fields of MachineOptions, `edit` changes QEMU's command line."""
    with run_folder() as folder:
        command = edit(command_line(MachineOptions(**machine), image, Console.PIPES, folder))
        transcript: list[str] = []
        with (
            folder.serial_log.open("wb") as log,
            background_process(command, folder) as process,
            closing(ProcessChannel(process, log)) as channel,
            Monitor(folder.monitor_socket, lambda: process.poll() is None) as monitor,
        ):
            started = time.monotonic()
            guest = Guest(ConsoleSession(channel, transcript.append), channel, monitor, folder.path, transcript)
            try:
                guest.session.wait_for_prompt(started + PROMPT_SECONDS)
                guest.seconds_to_prompt = time.monotonic() - started
                yield guest
            except SessionError as error:
                raise AssertionError(f"waited for {error.waited_for}:\n" + "\n".join(transcript[-40:])) from error
            switch_off(guest)


def switch_off(guest: Guest) -> None:
    """Ask; `background_process` ends what does not obey."""
    guest.session.send(POWER_OFF_COMMAND)
    try:
        guest.session.wait_for_end(time.monotonic() + POWER_OFF_SECONDS)
    except SessionError:
        return


def frames_of(result: CommandResult) -> tuple[int, int]:
    """The frames before and after a program, from the line that `run` ends with."""
    found = [match for line in result.lines if (match := FRAMES_LINE.fullmatch(line))]
    assert found, f"{result.command!r} says nothing about frames:\n" + "\n".join(result.lines)
    before, after, reclaimed = map(int, found[-1].groups())
    assert reclaimed == after - before
    return before, after


def assert_nothing_lost(result: CommandResult) -> None:
    before, after = frames_of(result)
    assert before == after, f"{result.command!r} lost {before - after} frames:\n" + "\n".join(result.lines)


def program_output(result: CommandResult) -> list[str]:
    """What the program itself printed: the lines between the announcement and the exit line."""
    lines = list(result.lines)
    start = lines.index("Running in Ring 3...") + 1
    end = max(index for index, line in enumerate(lines) if line.startswith("Program exited. Status: "))
    return lines[start:end]
