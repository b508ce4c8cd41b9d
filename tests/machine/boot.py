"""One boot driven over the serial console: what `build.py run --exec` and the booted tests share.

    boot(image, ["mem", "run /bin/hello"], options) → BootResult

The machine is always gone afterwards. A guest that falls silent, resets or dies ends the run with a `BootFailure`,
which says what was waited for and shows the last lines.
"""

from __future__ import annotations

import enum
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from tests.machine.console_session import CommandResult, ConsoleSession, GuestGone, SessionError, TimedOut
from tests.machine.problem import ExitCode, Problem
from tests.machine.qemu import Console, MachineOptions, RunFolder, background_process, command_line, run_folder
from tests.machine.qmp import Monitor, MonitorGone
from tests.machine.screen import emit_png, take_screenshot
from tests.machine.serial import ProcessChannel

DEFAULT_TIMEOUT_SECONDS = 60.0
POWER_OFF_COMMAND = "poweroff"
POWER_OFF_SECONDS = 10.0
EXIT_SECONDS = 5.0
# Commands after which no prompt comes.
LEAVING_COMMANDS = ("poweroff", "reboot")


class GuestEnd(enum.Enum):
    """How the machine ended."""

    POWERED_OFF = "switched itself off"
    RESET = "reset itself"
    DEBUG_EXIT = "ended through the debug-exit device"
    DIED = "died: QEMU ended"


@dataclass(frozen=True, slots=True)
class Ending:
    """How the machine ended, with the value written to the debug-exit device or QEMU's status."""

    kind: GuestEnd
    value: int = 0

    def describe(self) -> str:
        match self.kind:
            case GuestEnd.DEBUG_EXIT:
                return f"{self.kind.value} with the value {self.value}"
            case GuestEnd.DIED:
                return f"{self.kind.value} with status {self.value}"
            case _:
                return str(self.kind.value)


class BootFailure(Problem):
    """The conversation could not be finished; `ending` is None when the guest was still running."""

    def __init__(self, code: int, message: str, ending: Ending | None, serial: bytes) -> None:
        super().__init__(code, message)
        self.ending = ending
        self.serial = serial


@dataclass(frozen=True, slots=True)
class BootRequest:
    """What to do with a machine."""

    commands: Sequence[str]
    timeout: float = DEFAULT_TIMEOUT_SECONDS
    screenshot: Path | None = None
    show_boot: Callable[[str], None] = field(default=lambda _line: None)
    show_output: Callable[[str], None] = field(default=lambda _line: None)
    keep_folder: bool = False


@dataclass(frozen=True, slots=True)
class BootResult:
    """A conversation that came to its end."""

    results: tuple[CommandResult, ...]
    ending: Ending
    serial: bytes
    folder: Path
    seconds_to_prompt: float

    @property
    def status(self) -> int:
        """The status of the last command, as an exit code."""
        return exit_status(self.results[-1].status) if self.results else 0


def exit_status(status: int) -> int:
    """A process can report 8 bits only; what is not zero stays not zero."""
    return (status & 0xFF) or (1 if status else 0)


def boot(image: Path, request: BootRequest, options: MachineOptions | None = None) -> BootResult:
    """Boot, type the commands, switch off."""
    with run_folder(keep=request.keep_folder) as folder:
        command = command_line(options or MachineOptions(), image, Console.PIPES, folder)
        with folder.serial_log.open("wb") as log, background_process(command, folder) as process:
            channel = ProcessChannel(process, log)
            with closing(channel):
                return Conversation(process, channel, folder, request).hold()


class Conversation:
    """One run from the first byte to the end of the machine."""

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        channel: ProcessChannel,
        folder: RunFolder,
        request: BootRequest,
    ) -> None:
        self._process = process
        self._folder = folder
        self._request = request
        self._show = request.show_boot
        self._session = ConsoleSession(channel, lambda line: self._show(line))
        self._started = time.monotonic()
        self._deadline = self._started + request.timeout

    def hold(self) -> BootResult:
        """The whole conversation."""
        try:
            monitor = Monitor(self._folder.monitor_socket, lambda: self._process.poll() is None)
        except MonitorGone as error:
            raise self._refusal() from error
        with monitor:
            return self._talk(monitor)

    def _talk(self, monitor: Monitor) -> BootResult:
        results: list[CommandResult] = []
        try:
            self._session.wait_for_prompt(self._deadline)
            seconds = time.monotonic() - self._started
            self._show = self._request.show_output
            leaving = False
            for command in self._request.commands:
                if leaving := command in LEAVING_COMMANDS:
                    self._session.send(command)
                    break
                results.append(self._session.run(command, self._deadline))
            self._save_screenshot(monitor)
            ending = self._leave(monitor, leaving=leaving)
        except TimedOut as error:
            message = f"no answer within {self._request.timeout:g} s: waited for {error.waited_for}"
            raise BootFailure(
                ExitCode.TIMED_OUT, with_lines(message, error.last_lines), None, self._serial()
            ) from error
        except GuestGone as error:
            raise self._gone(error, monitor) from error
        return BootResult(tuple(results), ending, self._serial(), self._folder.path, seconds)

    def _leave(self, monitor: Monitor, *, leaving: bool) -> Ending:
        """Switch off, or let the guest leave by the command it was given."""
        self._show = self._request.show_output if leaving else lambda _line: None
        if not leaving:
            self._session.send(POWER_OFF_COMMAND)
        self._session.wait_for_end(min(self._deadline, time.monotonic() + POWER_OFF_SECONDS))
        return self._ending(monitor)

    def _save_screenshot(self, monitor: Monitor) -> None:
        if self._request.screenshot is not None:
            picture = take_screenshot(monitor, self._folder.path)
            self._request.screenshot.write_bytes(emit_png(picture))

    def _ending(self, monitor: Monitor) -> Ending:
        """Read how QEMU ended; the stream's end comes a moment before the process's."""
        try:
            status = self._process.wait(EXIT_SECONDS)
        except subprocess.TimeoutExpired:
            return Ending(GuestEnd.DIED, -1)
        match monitor.shutdown_reason():
            case "guest-shutdown":
                return Ending(GuestEnd.POWERED_OFF)
            case "guest-reset":
                return Ending(GuestEnd.RESET)
        if status > 0 and status & 1:
            return Ending(GuestEnd.DEBUG_EXIT, status >> 1)
        return Ending(GuestEnd.DIED, status)

    def _refusal(self) -> BootFailure:
        """QEMU did not come up: a model it does not know, too much memory."""
        reason = self._folder.error_log.read_text(errors="replace").strip() or "it gave no reason"
        return BootFailure(ExitCode.COMMAND_LINE_WRONG, f"QEMU refused to start: {reason}", None, b"")

    def _gone(self, error: SessionError, monitor: Monitor) -> BootFailure:
        return self._failure(f"waited for {error.waited_for}", self._ending(monitor), error.last_lines)

    def _failure(self, message: str, ending: Ending, lines: list[str]) -> BootFailure:
        message = f"the guest {ending.describe()}; {message}"
        if ending.kind is GuestEnd.DIED:
            lines = [*lines, *self._folder.error_log.read_text(errors="replace").splitlines()[-10:]]
        return BootFailure(ExitCode.OUR_FAULT, with_lines(message, lines), ending, self._serial())

    def _serial(self) -> bytes:
        return self._folder.serial_log.read_bytes()


def with_lines(message: str, lines: Sequence[str]) -> str:
    """A message followed by the last lines of the transcript."""
    if not lines:
        return message + "; nothing was printed"
    return message + "; the last lines were:\n" + "\n".join(f"  | {line}" for line in lines)
