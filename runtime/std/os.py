"""``os``: the process, as far as system calls reach it today."""

from __future__ import annotations

from typing import Final

from runtime.core.os_errors import os_error
from runtime.core.text_objects import bytes_data
from runtime.lang import u64
from runtime.std import posix

name: Final = "posix"
sep: Final = "/"
linesep: Final = "\n"


def getpid() -> int:
    return posix.getpid()


def write(descriptor: int, data: bytes) -> int:
    """One ``write``; how many bytes the kernel took."""
    result = posix.write_from(u64(descriptor), bytes_data(data), u64(len(data)))
    if result < 0:
        raise os_error(-result)
    return result


def _exit(status: int) -> None:
    """End the process at once: no ``finally``, nothing flushed."""
    posix.system_call1(posix.EXIT_GROUP, u64(status & 0xFF))
