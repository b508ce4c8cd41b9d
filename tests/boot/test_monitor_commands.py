"""The monitor's commands: what they print, their statuses, and the line editor, all over the serial line."""

from __future__ import annotations

import re

import pytest

from tests.boot.conftest import TEXT_FILES
from tests.boot.guest import COUNT_LINE, Guest

pytestmark = pytest.mark.machine

USAGE, NOT_FOUND, INTERRUPTED = 2, 127, 130
COMMANDS = (
    "mem usermode usertest isolate elf lspci blkread ls cat run selftest halt reboot poweroff uptime stages repeat "
    "exit help"
)


def test_help_names_every_command(guest: Guest) -> None:
    lines = guest.lines("help")
    assert {line.split()[0] for line in lines if line.startswith("  ")} == set(COMMANDS.split())
    assert all(re.fullmatch(r"  \S.{27} \S.*", line) for line in lines if line.startswith("  "))


def test_mem_adds_up(guest: Guest) -> None:
    (line,) = guest.lines("mem")
    found = COUNT_LINE.fullmatch(line)
    assert found is not None
    total, allocated, free = map(int, found.groups())
    assert total == allocated + free
    # 256 MiB, less what the firmware keeps and the kernel's image.
    assert 230 * 256 < total < 256 * 256
    assert allocated < 400


def test_usermode(guest: Guest) -> None:
    assert guest.lines("usermode") == ["Hello from Ring 3!"]


def test_usertest(guest: Guest) -> None:
    fault, verdict = guest.lines("usertest")
    assert fault.startswith("Page fault in user mode! read of 0xffffffff80000000 at rip 0x400000: ")
    assert fault.endswith("(error code 0x5)")
    assert verdict == "Protection test passed!"


def test_isolate(guest: Guest) -> None:
    first, second, hello, again, reclaimed = guest.lines("isolate")
    roots = [
        re.fullmatch(rf"Process {name}: CR3 = (0x[0-9a-f]+)", line)
        for name, line in zip("AB", (first, second), strict=True)
    ]
    assert roots[0] is not None
    assert roots[1] is not None
    assert roots[0][1] != roots[1][1]
    assert hello == again == "Hello from Ring 3!"
    assert re.fullmatch(r"Frames reclaimed: [1-9]\d*", reclaimed)


def test_elf(guest: Guest) -> None:
    lines = guest.lines("elf")
    assert lines[0] == "Running ELF binary in Ring 3..."
    assert re.fullmatch(r"Entry point: 0x4[0-9a-f]{5}", lines[1])
    assert lines[2] == "LOAD segments: 3"
    assert lines[3] == "Hello, world!"
    assert re.fullmatch(r"Frames: before=(\d+), after=\1, reclaimed=0", lines[4])
    assert len(lines) == 5


def test_lspci(guest: Guest) -> None:
    lines = guest.lines("lspci")
    assert all(
        re.fullmatch(r"[0-9a-f]{2}:[0-9a-f]{2}\.[0-7] [0-9a-f]{4}:[0-9a-f]{4} class [0-9a-f]{4} .+", line)
        for line in lines
    )
    assert lines[0] == "00:00.0 8086:29c0 class 0600 host bridge"
    assert any(" 1af4:1001 class 0100 " in line for line in lines)
    # The ISA bridge, function 0 of a device with several: all of them are found.
    assert sum(line.startswith("00:1f.") for line in lines) == 3


def test_blkread(guest: Guest) -> None:
    lines = guest.lines("blkread")
    assert lines[0] == "Sector 0:"
    assert len(lines) == 34
    assert lines[32].startswith("01f0  ")
    assert " 55 aa " in lines[32]
    assert lines[33] == "Boot signature: 55AA"
    header = guest.lines("blkread 1")
    assert header[1].startswith("0000  45 46 49 20 50 41 52 54 ")
    assert "EFI PART" in header[1]
    assert header[-1] == "Boot signature: none"
    assert guest.lines("blkread 0x1") == header


@pytest.mark.parametrize("words", ["99999999", "135168", "x", "-1", "1 2", "0x", "99999999999999999999"])
def test_blkread_refuses_what_is_no_sector(guest: Guest, words: str) -> None:
    assert guest.run(f"blkread {words}").status in (1, USAGE)


def test_ls(guest: Guest) -> None:
    lines = guest.lines("ls /texts")
    assert lines[0] == "Directory: /texts"
    assert re.fullmatch(r"Name +Size Attr", lines[1])
    assert lines[-1] == f"{len(TEXT_FILES)} file(s)"
    listed = {line[:32].rstrip(): line[32:].split()[0] for line in lines[2:-1]}
    assert listed == {path.removeprefix("/texts/"): str(len(text)) for path, text in TEXT_FILES.items()}
    assert guest.lines("ls")[2].split()[1] == "<DIR>"
    assert guest.lines("ls /TEXTS/../texts/./")[2:] == lines[2:]


@pytest.mark.parametrize("path", [path for path in TEXT_FILES if path != "/texts/long.txt"])
def test_cat_shows_every_byte(guest: Guest, path: str) -> None:
    assert "\n".join(guest.lines(f"cat '{path}'")) == TEXT_FILES[path].decode().removesuffix("\n")


def test_cat_shows_long_files_and_several(guest: Guest) -> None:
    assert guest.lines("cat /texts/long.txt") == TEXT_FILES["/texts/long.txt"].decode().splitlines()
    assert guest.lines("cat /texts/hello.txt /texts/hello.txt") == ["Hello from FAT16!"] * 2


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("cat /missing", "cat: /missing: no such file or directory"),
        ("cat /bin", "cat: /bin is a directory"),
        ("ls /texts/hello.txt", "ls: /texts/hello.txt is not a directory"),
        ("ls /missing/deeper", "ls: /missing/deeper: no such file or directory"),
    ],
)
def test_files_that_are_not_there(guest: Guest, command: str, reason: str) -> None:
    assert guest.lines(command, status=1) == [reason]


@pytest.mark.parametrize("command", ["cat", "ls a b", "repeat", "repeat 0 mem", "repeat x mem", "exit 128"])
def test_wrong_command_lines_show_the_usage(guest: Guest, command: str) -> None:
    (line,) = guest.lines(command, status=USAGE)
    assert line.startswith(f"usage: {command.split()[0]}")


def test_selftest(guest: Guest) -> None:
    lines = guest.lines("selftest")
    names = ["memory_allocator", "paging", "virtio_blk", "fat16", "elf_loader", "user_isolation"]
    assert lines[0] == "=== SELFTEST START ==="
    assert [line for line in lines if line.startswith("[")] == [f"[PASS] {name}" for name in names]
    assert lines[-1] == "=== SELFTEST END: 6/6 PASSED ==="


def test_uptime_goes_on(guest: Guest) -> None:
    def ticks() -> int:
        found = re.fullmatch(r"up (\d+\.\d{3}) s, (\d+) ticks", guest.lines("uptime")[0])
        assert found is not None
        return int(found[2])

    first = ticks()
    guest.run_with_keys("run /bin/probe read", [b"\x04"])
    assert ticks() > first + 10


def test_the_boot_took_less_than_the_budget(guest: Guest) -> None:
    stages = guest.stages()
    assert list(stages) == [
        *("entry", "first serial byte", "firmware left", "page tables built", "higher half", "interrupts ready"),
        *("memory ready", "clock ready", "devices ready", "disk ready", "prompt"),
    ]
    # The emulated machine shares its processors with others; the budget has room.
    assert stages["prompt"][1] < 1.5


@pytest.mark.parametrize("command", ["nonsense", "MEM", "./run", "mem;nonsense", "ünïcode", "'mem '"])
def test_unknown_commands(guest: Guest, command: str) -> None:
    lines = guest.lines(command, status=NOT_FOUND)
    assert lines[-1].endswith(": unknown command; `help` lists them")


def test_a_line_has_several_commands_and_the_status_of_the_last(guest: Guest) -> None:
    assert guest.lines("usermode;usermode ; usermode") == ["Hello from Ring 3!"] * 3
    assert guest.run("nonsense; usermode").status == 0
    assert guest.run("usermode;; ;cat /missing;").status == 1


@pytest.mark.parametrize("command", ["cat 'abc", 'cat "abc', "cat abc\\"])
def test_unfinished_quotes(guest: Guest, command: str) -> None:
    assert len(guest.lines(command, status=USAGE)) == 1


LEFT, RIGHT, UP, DOWN = "\x1b[D", "\x1b[C", "\x1b[A", "\x1b[B"
HOME, END, DELETE, BACKSPACE = "\x1b[H", "\x1b[F", "\x1b[3~", "\x7f"


@pytest.mark.parametrize(
    "keys",
    [
        "usermoe" + LEFT + "d",
        "sermode" + HOME + "u",
        "sermode" + "\x01" + "u" + "\x05",
        "usermodexx" + BACKSPACE * 2,
        "xusermode" + "\x1b[1~" + DELETE,
        "user日本mode" + LEFT * 4 + BACKSPACE * 2,
        "nonsense here" + "\x15" + "usermode",
        "usermode nonsense" + "\x17" + BACKSPACE,
        "usermodenonsense" + LEFT * 8 + "\x0b",
        "ermode" + "\x02" * 6 + "us" + "\x06" * 6,
        "usermode" + "\x1b[15~" + "\x1bOP" + "\x1b\x1b[5~",
        "user" + "\x0c" + "mode",
        "\x04\x15" + "usermode",
        "usermode" + LEFT * 20 + RIGHT * 20,
    ],
)
def test_a_line_is_edited(guest: Guest, keys: str) -> None:
    assert guest.lines(keys)[-1] == "Hello from Ring 3!"


def test_history(guest: Guest) -> None:
    guest.lines("cat /texts/hello.txt")
    guest.lines("usermode")
    assert guest.lines(UP) == ["Hello from Ring 3!"]
    assert guest.lines(UP + UP) == ["Hello from FAT16!"]
    assert guest.lines("\x10\x10\x10\x0e") == ["Hello from Ring 3!"]
    assert guest.lines("usermode" + UP + UP + DOWN + DOWN) == ["Hello from Ring 3!"]
    # An older line is changed without changing the history.
    guest.lines("usermode")
    assert guest.run(UP + "x").status == NOT_FOUND
    assert guest.lines(UP + UP) == ["Hello from Ring 3!"]


def test_a_line_that_is_too_long_is_cut_not_obeyed_wrongly(guest: Guest) -> None:
    result = guest.run("cat " + "x" * 1100)
    assert result.status == 1
    assert guest.lines("usermode") == ["Hello from Ring 3!"]


def test_control_c_gives_up_the_line(guest: Guest) -> None:
    assert guest.press(b"nonsense\x03").status == INTERRUPTED
    assert guest.lines("usermode") == ["Hello from Ring 3!"]


def test_a_pasted_line_arrives_whole(guest: Guest) -> None:
    # 600 bytes at once: more than the UART's FIFO holds, so the ring behind it has to take them.
    result = guest.run("; ".join(["usermode"] * 60))
    assert list(result.lines).count("Hello from Ring 3!") == 60
