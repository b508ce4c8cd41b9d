"""A UEFI application from `pyc build --target uefi`, started by OVMF from a disk image: text, objects, a traceback.

OVMF's console goes to the serial port through its PC-ANSI terminal driver, which cannot show everything: what is not
in code page 437 comes out as another single character, so such text is compared by place, not by letter.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from compiler.__main__ import main
from compiler.image.disk import write_disk_image
from tests.machine.qemu import Console, MachineOptions, background_process, command_line, run_folder
from tests.machine.serial import ProcessChannel

APPLICATION = '''\
"""What a program does, as far as the firmware can show it."""

from __future__ import annotations


class Greeter:
    def __init__(self, name: str) -> None:
        self.name = name

    def greet(self) -> str:
        return f"Hello, {self.name}: {6 * 7:#x}"


class Polite(Greeter):
    def greet(self) -> str:
        return super().greet() + ", please"


TABLE: list[int] = [3, 1, 2]


def fail(depth: int) -> None:
    if depth == 0:
        raise ValueError("the end")
    fail(depth - 1)


def main() -> None:
    for greeter in [Greeter("world"), Polite("Grüße")]:
        print(greeter.greet())
    TABLE.sort()
    print("sorted", TABLE, sum(TABLE))
    text = ""
    for number in range(300):
        text += str(number)
    print(len(text), text[-6:])
    try:
        fail(1)
    except ValueError as error:
        print("caught", error)
    fail(2)


if __name__ == "__main__":
    main()
'''
BOOT_SECONDS = 100.0


def read_until(image: Path, is_enough: Callable[[str], bool]) -> str:
    """Boot, and give what the serial port says until it is enough."""
    with run_folder() as folder:
        command = command_line(MachineOptions(), image, Console.PIPES, folder)
        with background_process(command, folder) as process, closing(ProcessChannel(process)) as channel:
            deadline = time.monotonic() + BOOT_SECONDS
            text = ""
            while time.monotonic() < deadline and not is_enough(text):
                data = channel.read(0.5)
                if data is None:
                    break
                text += data.decode("cp437")
            return text


@pytest.mark.machine
def test_an_application_runs_under_ovmf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("app.py").write_text(APPLICATION)
    assert main(["build", "--target", "uefi", "app.py"]) == 0
    write_disk_image(tmp_path / "disk.img", {}, efi_boot=Path("app.efi").read_bytes())
    # The firmware tells the status itself: an uncaught exception is status 1, which it calls a load error.
    text = read_until(tmp_path / "disk.img", lambda text: re.search("failed to start [^\n]*\n", text) is not None)
    lines = text.replace("\r", "").split("\n")
    start = lines.index("Hello, world: 0x2a")
    expected = [
        "Hello, world: 0x2a",
        "Hello, Gr..e: 0x2a, please",
        r"sorted \[1, 2, 3\] 6",
        "790 298299",
        "caught the end",
        r"Traceback \(most recent call last\):",
        '  File "app.py", line 41, in main',
        '  File "app.py", line 25, in fail',
        '  File "app.py", line 25, in fail',
        '  File "app.py", line 24, in fail',
        "ValueError: the end",
        "BdsDxe: failed to start .*: Load Error",
    ]
    for line, pattern in zip(lines[start:], expected, strict=False):
        assert re.fullmatch(pattern, line), f"{line!r} is not {pattern!r}"


REFUSED = {
    "def other() -> None:\n    pass\n": "needs a function `main`",
    "def main(count: int) -> None:\n    pass\n": "takes nothing and returns nothing",
    "def main() -> int:\n    return 1\n": "takes nothing and returns nothing",
    "print(1)\n\n\ndef main() -> None:\n    pass\n": "no module body runs on this target",
    "def main() -> None:\n    print(1.5)\n": "floating point",
    "import os\n\n\ndef main() -> None:\n    print(os.getpid())\n": "calls the operating system",
    "import sys\n\n\ndef main() -> None:\n    print(sys.argv)\n": "calls the operating system",
}


@pytest.mark.parametrize("source", REFUSED)
def test_what_an_application_cannot_be_is_refused(
    source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("app.py").write_text(source)
    assert main(["build", "--target", "uefi", "app.py"]) == 1
    assert REFUSED[source] in capfd.readouterr().err
    assert not Path("app.efi").exists()
