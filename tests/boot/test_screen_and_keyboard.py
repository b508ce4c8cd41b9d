"""A PC without a serial port: the screen shows everything, the keyboard controller is typed on."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.boot.screen_text import screen_lines
from tests.machine.qemu import Console, MachineOptions, background_process, command_line, run_folder
from tests.machine.qmp import Monitor
from tests.machine.screen import take_screenshot

pytestmark = pytest.mark.machine

LIMIT_SECONDS = 90.0
KEYS = {" ": "spc", "/": "slash", "\n": "ret", ";": "semicolon"}


class ScreenUser:
    """Somebody who sees the screen and types."""

    def __init__(self, monitor: Monitor, folder: Path) -> None:
        self._monitor = monitor
        self._folder = folder

    def type(self, text: str) -> None:
        for character in text:
            key = {"type": "qcode", "data": KEYS.get(character, character.lower())}
            shift = [{"type": "qcode", "data": "shift"}] if character.isupper() else []
            self._monitor.command("send-key", keys=[*shift, key], **{"hold-time": 20})
            time.sleep(0.05)

    def wait_for(self, line: str) -> list[str]:
        """Until a line of the screen is this one, and the last one is the prompt."""
        deadline = time.monotonic() + LIMIT_SECONDS
        shown: list[str] = []
        while time.monotonic() < deadline:
            time.sleep(0.5)
            picture = take_screenshot(self._monitor, self._folder)
            shown = screen_lines(picture) if picture.width >= 640 else []
            if line in shown and shown[-1] in ("pyc>", "pyc> ?"):
                return shown
        raise AssertionError(f"{line!r} did not appear:\n" + "\n".join(shown))


def without_serial_port(words: list[str]) -> list[str]:
    return ["none" if word == "chardev:com1" else word for word in words]


def test_screen_and_keyboard_are_enough(disk_image: Path) -> None:
    with run_folder() as folder:
        command = without_serial_port(command_line(MachineOptions(), disk_image, Console.PIPES, folder))
        with (
            background_process(command, folder) as process,
            Monitor(folder.monitor_socket, lambda: process.poll() is None) as monitor,
        ):
            user = ScreenUser(monitor, folder.path)
            user.wait_for("Initializing virtio-blk... OK (135168 sectors, 66 MiB)")
            user.type("run /bin/hello\n")
            shown = user.wait_for("Hello, world!")
            assert "Program exited. Status: 0" in shown
            user.type("USERMODE\n")
            user.wait_for("USERMODE: unknown command; `help` lists them")
            user.type("poweroff\n")
            assert process.wait(20) == 0
