"""One system call as its handlers see it: six numbers, not yet believed. Linux x86-64: rdi, rsi, rdx, r10, r8, r9.

A handler answers with the call's result or raises OSError; only `dispatch` makes `-errno` of that. Addresses in it are
a program's claims and go through `mm.user_memory` alone.
"""

from __future__ import annotations

from runtime.abi.error_numbers import EINVAL
from runtime.lang import i32, truncate, u64


class SystemCall:
    """Number and arguments."""

    number: u64
    first: u64
    second: u64
    third: u64
    fourth: u64
    fifth: u64
    sixth: u64

    def __init__(self, number: u64, first: u64, second: u64, third: u64, fourth: u64, fifth: u64, sixth: u64) -> None:
        self.number = number
        self.first = first
        self.second = second
        self.third = third
        self.fourth = fourth
        self.fifth = fifth
        self.sixth = sixth


def as_descriptor(value: u64) -> int:
    """A file descriptor: the C type is int, so the upper half of the register does not count."""
    return int(truncate(i32, value))


def as_size(value: u64) -> int:
    """A number of bytes or an address that has to fit an int; EINVAL when it does not."""
    if value >= 1 << 63:
        raise OSError(EINVAL, "larger than any address")
    return int(value)
