"""The tables of numbers, judged by Python's `errno`, by the running Linux and by what its headers say of the limits."""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import sys
from pathlib import Path

import pytest

from runtime.abi import error_numbers, limits, syscall_numbers

ERRORS = {name: value for name, value in vars(error_numbers).items() if name.startswith("E")}
CALLS = {name: value for name, value in vars(syscall_numbers).items() if name.startswith("SYS_")}
on_linux = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() != "x86_64", reason="the judge is Linux on x86-64"
)


@on_linux
def test_error_numbers_are_those_of_python():
    python = {name: value for name, value in vars(errno).items() if name.startswith("E") and name in ERRORS}
    assert {name: ERRORS[name] for name in python} == python
    assert set(errno.errorcode) - {0} <= set(ERRORS.values())


def test_every_linux_error_number_is_there_once():
    assert set(ERRORS.values()) == set(range(1, 134)) - {41, 58}  # Linux leaves these two out
    assert {name for name in ERRORS if list(ERRORS.values()).count(ERRORS[name]) > 1} == {
        "EAGAIN", "EWOULDBLOCK", "EDEADLK", "EDEADLOCK",
    }  # fmt: skip


def test_calls_are_numbered_without_repetition():
    assert len(set(CALLS.values())) == len(CALLS)
    assert set(range(335)) <= set(CALLS.values())


@on_linux
def test_calls_do_what_their_names_say(tmp_path: Path):
    call = ctypes.CDLL(None, use_errno=True).syscall
    assert call(syscall_numbers.SYS_GETPID) == os.getpid()
    assert call(syscall_numbers.SYS_GETUID) == os.getuid()
    path = tmp_path / "file"
    descriptor = call(syscall_numbers.SYS_OPEN, os.fsencode(path), os.O_CREAT | os.O_RDWR, 0o600)
    assert call(syscall_numbers.SYS_WRITE, descriptor, b"text", 4) == 4
    assert call(syscall_numbers.SYS_LSEEK, descriptor, 1, 0) == 1
    assert call(syscall_numbers.SYS_CLOSE, descriptor) == 0
    assert path.read_bytes() == b"text"
    assert call(syscall_numbers.SYS_UNLINK, os.fsencode(path)) == 0
    assert call(syscall_numbers.SYS_CLOSE, descriptor) == -1
    assert ctypes.get_errno() == error_numbers.EBADF


@on_linux
def test_limits_are_those_of_the_system():
    assert os.sysconf("SC_IOV_MAX") == limits.IOV_MAX
    assert os.pathconf("/", "PC_PIPE_BUF") == limits.PIPE_BUF
    assert 1 << limits.PAGE_SHIFT == limits.PAGE_SIZE == os.sysconf("SC_PAGE_SIZE")
    assert limits.USER_ADDRESS_LIMIT == (1 << 47) - limits.PAGE_SIZE
    assert (limits.INT_MIN, limits.INT_MAX) == (-(1 << 63), (1 << 63) - 1)
