"""The conversation with the monitor, held with a script that plays the guest."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.machine.console_session import ConsoleSession, GuestGone, TimedOut, split_commands
from tests.machine.serial import ProcessChannel

GUEST = Path(__file__).resolve().parents[1] / "machine" / "fake" / "guest.py"


def soon(seconds: float = 20.0) -> float:
    return time.monotonic() + seconds


@contextmanager
def guest_session(*options: str) -> Iterator[tuple[ConsoleSession, list[str]]]:
    shown: list[str] = []
    command = [sys.executable, "-S", str(GUEST), *options]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        channel = ProcessChannel(process)
        try:
            yield ConsoleSession(channel, shown.append), shown
        finally:
            channel.close()
            process.kill()


def test_commands_give_their_output_and_status() -> None:
    with guest_session() as (session, shown):
        session.wait_for_prompt(soon())
        first = session.run("say hello", soon())
        second = session.run("status 42", soon())
    assert (first.status, first.lines) == (0, ("hello",))
    assert (second.status, second.lines) == (42, ())
    assert shown == ["BdsDxe: starting Boot0001", "kernel starts", "pyc> say hello", "hello", "pyc> status 42"]


def test_output_without_a_line_end_belongs_to_the_command() -> None:
    with guest_session() as (session, _):
        session.wait_for_prompt(soon())
        assert session.run("raw no end", soon()).lines == ("no end",)
        assert session.run("say next", soon()).lines == ("next",)


def test_a_prompt_printed_by_a_program_is_not_the_prompt() -> None:
    with guest_session() as (session, _):
        session.wait_for_prompt(soon())
        assert session.run("raw pyc> ", soon()).lines == ("pyc> ",)
        assert session.run("status 3", soon()).status == 3


def test_negative_status_is_kept() -> None:
    with guest_session() as (session, _):
        session.wait_for_prompt(soon())
        assert session.run("status -9", soon()).status == -9


def test_bytes_that_are_not_text_pass_unchanged() -> None:
    with guest_session() as (session, _):
        session.wait_for_prompt(soon())
        (line,) = session.run("bytes ff c3a9 80", soon()).lines
    assert line.encode("utf-8", "surrogateescape") == b"\xff\xc3\xa9\x80"


def test_a_silent_guest_is_a_timeout_that_names_what_was_waited_for() -> None:
    with guest_session() as (session, _):
        session.wait_for_prompt(soon())
        with pytest.raises(TimedOut) as caught:
            session.run("hang", soon(0.5))
    assert "'hang'" in caught.value.waited_for
    assert caught.value.last_lines[-1] == "about to hang"


def test_no_prompt_is_a_timeout() -> None:
    with guest_session("--silent") as (session, _), pytest.raises(TimedOut) as caught:
        session.wait_for_prompt(soon(0.3))
    assert "prompt" in caught.value.waited_for
    assert caught.value.last_lines == []


def test_a_guest_that_dies_is_noticed_at_once() -> None:
    with guest_session() as (session, _):
        session.wait_for_prompt(soon())
        started = time.monotonic()
        with pytest.raises(GuestGone) as caught:
            session.run("die 3", soon())
        assert time.monotonic() - started < 5
    assert caught.value.last_lines[-1] == "falling over"


def test_power_off_ends_the_conversation() -> None:
    with guest_session() as (session, _):
        session.wait_for_prompt(soon())
        session.send("poweroff")
        session.wait_for_end(soon())


@pytest.mark.parametrize(
    ("text", "commands"),
    [
        ("mem; run /bin/hello", ["mem", "run /bin/hello"]),
        ("", []),
        (" ;; \n ; ", []),
        ("one\ntwo", ["one", "two"]),
        ("say 'a;b'; say \"c;d\"", ["say 'a;b'", 'say "c;d"']),
        ('say "it\'s"; x', ['say "it\'s"', "x"]),
        (r"say a\;b; c", [r"say a\;b", "c"]),
        (r"say 'a\'; c", [r"say 'a\'", "c"]),
        ("say 'open; x", ["say 'open; x"]),
    ],
)
def test_commands_are_split_outside_quotes(text: str, commands: list[str]) -> None:
    assert split_commands(text) == commands


@given(st.lists(st.text(st.characters(exclude_characters=";\n\\'\"", codec="utf-8"), min_size=1)))
def test_joined_commands_split_again(parts: list[str]) -> None:
    wanted = [part.strip() for part in parts if part.strip()]
    assert split_commands(";".join(parts)) == wanted
