"""Programs from the disk: their output, arguments, input and status; the same files judged on Linux and by CPython."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.boot.conftest import SOURCES
from tests.boot.guest import Guest, assert_nothing_lost, frames_of, program_output
from tests.machine.layout import ROOT

pytestmark = pytest.mark.machine

INTERRUPTED = 130
FAULTED = 139
END_OF_INPUT = b"\x04"
CONTROL_C = b"\x03"


def test_the_first_run_already_gives_everything_back(guest: Guest) -> None:
    for command in ("run /bin/hello", "elf", "run /bin/allocate", "run /bin/hello"):
        assert_nothing_lost(guest.run(command))
    assert guest.lines("mem") == guest.lines("mem")


def test_run_has_the_seeds_form(guest: Guest) -> None:
    lines = guest.lines("run /bin/hello")
    listed = next(line for line in guest.lines("ls /bin") if line.startswith("hello "))
    size = int(listed.split()[1])
    before, after = frames_of(guest.run("run /bin/hello"))
    assert lines[0] == "Loading /bin/hello from disk..."
    assert lines[1] == f"Loaded {size} bytes"
    assert lines[2].startswith("Entry point: 0x4")
    assert lines[3] == "LOAD segments: 3"
    assert lines[4:7] == ["Running in Ring 3...", "Hello, world!", "Program exited. Status: 0"]
    assert lines[7] == f"Frames: before={before}, after={after}, reclaimed=0"


@pytest.mark.parametrize(
    ("command", "arguments"),
    [
        ("run /bin/args", []),
        ("run /bin/args one two", ["one", "two"]),
        ("run /bin/args 'two words' \"and three more\" es\\ caped", ["two words", "and three more", "es caped"]),
        ("run /bin/args '' a \"\"", ["", "a", ""]),
        ("run /bin/args 'a;b' c\\;d", ["a;b", "c;d"]),
        ("run /bin/args Grüße 日本語 🎉 é", ["Grüße", "日本語", "🎉", "é"]),
        ("run /bin/args " + " ".join(["word"] * 180), ["word"] * 180),
    ],
    ids=["none", "two", "quoted", "empty", "separators", "unicode", "many"],
)
def test_arguments_arrive(guest: Guest, command: str, arguments: list[str]) -> None:
    result = guest.run(command)
    assert result.status == 0
    assert program_output(result) == ["/bin/args", *arguments]
    assert_nothing_lost(result)


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("hello", ROOT / "user" / "programs" / "hello.py"),
        ("allocate", ROOT / "user" / "programs" / "allocate.py"),
        ("leaves", SOURCES / "leaves.py"),
    ],
)
def test_programs_do_what_cpython_does(guest: Guest, name: str, source: Path) -> None:
    expected = subprocess.run([sys.executable, str(source)], capture_output=True, text=True, check=False)
    result = guest.run(f"run /bin/{name}")
    printed = "\n".join(program_output(result))
    assert printed == expected.stdout.removesuffix("\n")
    assert result.status == expected.returncode
    assert_nothing_lost(result)


def test_an_uncaught_exception_prints_cpythons_traceback(guest: Guest) -> None:
    source = SOURCES / "raises.py"
    judge = subprocess.run([sys.executable, str(source)], capture_output=True, text=True, check=False, cwd=ROOT)
    expected = [line for line in judge.stderr.splitlines() if set(line.strip()) - set("^~")]
    result = guest.run("run /bin/raises")
    printed = program_output(result)
    assert result.status == judge.returncode == 1
    assert printed[:2] == ["before", "Traceback (most recent call last):"]
    places = [line.rpartition("/")[2] for line in expected if line.startswith("  File ")]
    assert [line.rpartition("/")[2] for line in printed if line.startswith("  File ")] == places
    assert printed[-1] == expected[-1] == "ZeroDivisionError: integer division or modulo by zero"
    assert_nothing_lost(result)


def test_a_program_survives_the_end_of_memory(guest: Guest) -> None:
    result = guest.run("run /bin/fills_memory")
    assert program_output(result) == ["out of memory: True True True"]
    assert result.status == 0
    assert_nothing_lost(result)


@pytest.mark.parametrize(("given", "wanted"), [(0, 0), (1, 1), (42, 42), (255, 255), (256, 0), (300, 44)])
def test_the_exit_status_is_eight_bits(guest: Guest, given: int, wanted: int) -> None:
    result = guest.run(f"run /bin/probe status {given}")
    assert result.status == wanted
    assert f"Program exited. Status: {wanted}" in result.lines


def test_several_commands_of_one_line(guest: Guest) -> None:
    lines = guest.lines("run /bin/probe status 3; run /bin/hello; run /bin/probe status 5", status=5)
    assert lines.count("Hello, world!") == 1
    assert [line for line in lines if line.startswith("Program exited")] == [
        "Program exited. Status: 3",
        "Program exited. Status: 0",
        "Program exited. Status: 5",
    ]


def test_input_comes_line_by_line(guest: Guest) -> None:
    # Read four bytes at a time; the backspace is edited before the program sees anything.
    result = guest.run_with_keys("run /bin/probe read", [b"hellp\x7fo\r", "ü\r".encode(), END_OF_INPUT])
    text = "\n".join(program_output(result))
    # What is typed is echoed in between.
    assert text.startswith("hello\n[hell][o\n]ü\n[ü\n]")
    assert text.endswith("read: 0")
    assert result.status == 0
    assert_nothing_lost(result)


@pytest.mark.parametrize("what", ["spin", "read"])
def test_control_c_ends_a_program(guest: Guest, what: str) -> None:
    result = guest.run_with_keys(f"run /bin/probe {what}", [CONTROL_C])
    assert result.status == INTERRUPTED
    assert_nothing_lost(result)


@pytest.mark.parametrize(
    ("command", "status", "reason"),
    [
        ("run", 2, "usage: run PATH"),
        ("run /bin/missing", 1, "no such file"),
        ("run /missing/hello", 1, "no such file"),
        ("run /bin", 1, "is a directory"),
        ("run /bin/hello/deeper", 1, "is not a directory"),
        ("run " + "x" * 300, 1, "a name of 300 characters; the limit is 255"),
    ],
)
def test_what_is_no_file_is_refused(guest: Guest, command: str, status: int, reason: str) -> None:
    lines = guest.lines(command, status=status)
    assert any(reason in line for line in lines), lines


def test_linux_answers_the_same_calls_alike(guest: Guest, probe_program: Path) -> None:
    judge = subprocess.run([str(probe_program), "calls"], capture_output=True, text=True, check=True)
    result = guest.run("run /bin/probe calls")
    assert program_output(result) == judge.stdout.splitlines()
    assert len(judge.stdout.splitlines()) > 40
    assert_nothing_lost(result)


def test_calls_with_answers_of_our_own(guest: Guest) -> None:
    result = guest.run("run /bin/probe own")
    answers = dict(line.rsplit(": ", 1) for line in program_output(result) if ": " in line)
    assert answers == {
        "mmap writable and executable": "-13",
        "mmap of a file": "-19",
        "mmap fixed": "-22",
        "mmap shared": "-22",
        "mmap of 1 TiB": "-12",
        "mmap of 1 TiB without access": "1",
        "reboot without magic": "-22",
        "reboot with half of it": "-22",
        "reboot with an unknown command": "-22",
        "number 2^63": "-38",
        "open": "-38",
        "fork": "-38",
        "int 0x80 getpid": "1",
        "int 0x80 number 5000": "-38",
        "int 0x80 write from null": "-14",
        "int 0x80 write": "17",
    }
    assert "by the interrupt" in program_output(result)
    assert_nothing_lost(result)


def test_registers_survive_both_entries(guest: Guest, probe_program: Path) -> None:
    judge = subprocess.run([str(probe_program), "registers"], capture_output=True, text=True, check=True)
    result = guest.run("run /bin/probe registers")
    assert program_output(result) == judge.stdout.splitlines()
    assert set(judge.stdout.splitlines()) == {
        "changed by syscall: 0",
        "changed by int 0x80: 0",
        "changed by syscall with odd flags: 0",
        "changed by int 0x80 with odd flags: 0",
    }


def test_the_stack_grows_and_keeps_its_content(guest: Guest) -> None:
    result = guest.run("run /bin/probe stack")
    assert (program_output(result), result.status) == (["words lost: 0"], 0)
    assert_nothing_lost(result)


def test_memory_calls_give_zeroed_memory_until_none_is_left(guest: Guest) -> None:
    result = guest.run("run /bin/probe memory")
    assert program_output(result) == [
        "mappings are pages: 1",
        "a hole is filled at the hint: 1",
        "words lost: 0",
        "memory ends: 1",
        "mmap then: -12",
        "brk then stays: 1",
    ]
    assert_nothing_lost(result)
