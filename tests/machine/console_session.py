r"""The conversation with the guest's monitor: wait for the prompt, type a command, read its status.

The protocol: the monitor prints `pyc> ` when it listens. After each command it prints the "command finished" mark
`ESC ] 133 ; D ; status BEL` and then the next prompt. Typed characters are echoed.

    ended on time                    CommandResult(status, lines)
    nothing in time                  TimedOut      (what was waited for, the last lines)
    the stream ends                  GuestGone     (likewise)

The session knows nothing of QEMU: a channel is anything that can be read with a time limit and written.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from tests.machine.terminal_text import Line, StatusMark, TerminalText

PROMPT = "pyc> "
# How much of the past is shown when something goes wrong.
REMEMBERED_LINES = 20
READ_SLICE_SECONDS = 0.25


class Channel(Protocol):
    """A two-way stream of bytes."""

    def read(self, timeout: float) -> bytes | None:
        """What has come within the time (perhaps nothing); None at the end of the stream."""

    def write(self, data: bytes) -> None:
        """Send all of it; silently nothing when the other side is gone (the next read says so)."""


class SessionError(Exception):
    """The conversation cannot go on.

    SessionError
    ├── TimedOut     the guest is alive (perhaps) but silent
    └── GuestGone    the stream has ended
    """

    def __init__(self, waited_for: str, last_lines: list[str]) -> None:
        super().__init__(waited_for)
        self.waited_for = waited_for
        self.last_lines = last_lines


class TimedOut(SessionError):
    """Nothing fitting came before the deadline."""


class GuestGone(SessionError):
    """The stream ended in the middle of the conversation."""


@dataclass(frozen=True, slots=True)
class CommandResult:
    """What a command printed (without its own echo) and the status it ended with."""

    command: str
    status: int
    lines: tuple[str, ...]


def split_commands(text: str) -> list[str]:
    """Commands separated by `;` or line ends, outside quotes; empty ones are dropped.

    Quotes and backslashes stay: the guest's own shell interprets them.
    """
    commands, current, quote, escaped = [], "", "", False
    for character in text:
        if escaped:
            escaped = False
        elif character == "\\" and quote != "'":
            escaped = True
        elif quote:
            quote = "" if character == quote else quote
        elif character in "\"'":
            quote = character
        elif character in ";\n":
            commands.append(current)
            current = ""
            continue
        current += character
    commands.append(current)
    return [command.strip() for command in commands if command.strip()]


class ConsoleSession:
    """One conversation; `show` receives each finished line as it comes."""

    def __init__(self, channel: Channel, show: Callable[[str], None] = lambda _line: None) -> None:
        self._channel = channel
        self._show = show
        self._text = TerminalText()
        self._past: deque[str] = deque(maxlen=REMEMBERED_LINES)
        self._lines: list[str] = []
        self._status: int | None = None

    def wait_for_prompt(self, deadline: float) -> None:
        """Until the monitor listens for the first time."""
        self._receive_until(lambda: self._at_prompt(), deadline, f"the prompt {PROMPT!r}")

    def run(self, command: str, deadline: float) -> CommandResult:
        """Type one command at the prompt and wait for its status and the next prompt."""
        self.send(command)
        return self.wait_for_result(command, deadline)

    def wait_for_result(self, command: str, deadline: float) -> CommandResult:
        """Wait for the end of a command that was sent."""
        waited_for = f"the end of the command {command!r}"
        self._receive_until(lambda: self._status is not None and self._at_prompt(), deadline, waited_for)
        assert self._status is not None
        return CommandResult(command, self._status, tuple(self._lines[1:]))

    def send(self, command: str) -> None:
        """Type a command; `wait_for_result` gets its answer if it has one."""
        self.press(command.encode("utf-8", "surrogateescape") + b"\r")

    def press(self, keys: bytes) -> None:
        """Send bytes as they are; what comes from now on is the answer to them."""
        self._lines = []
        self._status = None
        self._channel.write(keys)

    def wait_for_end(self, deadline: float) -> None:
        """Until the stream ends, as it does when the guest has switched itself off."""
        try:
            self._receive_until(lambda: False, deadline, "the guest to switch itself off")
        except GuestGone:
            return

    def last_lines(self) -> list[str]:
        """The end of the transcript, the unfinished line included."""
        current = self._text.current_line
        return [*self._past, current] if current.strip() else list(self._past)

    def _at_prompt(self) -> bool:
        # A command's output may end without a line end, so the prompt need not start the line.
        return self._text.current_line.endswith((PROMPT, PROMPT.rstrip()))

    def _receive_until(self, is_done: Callable[[], bool], deadline: float, waited_for: str) -> None:
        while not is_done():
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimedOut(waited_for, self.last_lines())
            data = self._channel.read(min(left, READ_SLICE_SECONDS))
            if data is None:
                raise GuestGone(waited_for, self.last_lines())
            for event in self._text.feed(data):
                match event:
                    case Line(text):
                        self._take_line(text)
                    case StatusMark(status):
                        self._take_status(status)

    def _take_status(self, status: int) -> None:
        if self._text.current_line:
            # Output that ended without a line end still belongs to the command, not to the prompt.
            self._take_line(self._text.finish_line())
        self._status = status

    def _take_line(self, text: str) -> None:
        self._past.append(text)
        if self._status is None:
            self._lines.append(text)
        self._show(text)
