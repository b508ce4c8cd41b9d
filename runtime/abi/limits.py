"""Limits that kernel and programs share: Linux's where Linux has one, else those of the address-space layout."""

from __future__ import annotations

from typing import Final

# Linux, include/uapi/linux/limits.h; bytes unless said otherwise, terminating zeros included
NAME_MAX: Final = 255  # without the terminating zero
PATH_MAX: Final = 4096
PIPE_BUF: Final = 4096  # writes up to this length are atomic
ARG_MAX: Final = 131072  # arguments and environment together
IOV_MAX: Final = 1024  # vectors in one readv or writev
NGROUPS_MAX: Final = 65536  # groups
HOST_NAME_MAX: Final = 64  # without the terminating zero
LOGIN_NAME_MAX: Final = 256
OPEN_MAX: Final = 1024  # file descriptors of a process
RW_COUNT_MAX: Final = 0x7FFFF000  # bytes that one read or write moves at most

# x86-64: Intel SDM volume 3, 4.5 "4-Level Paging"
PAGE_SIZE: Final = 4096
PAGE_SHIFT: Final = 12

# The address space of a program
PROGRAM_BASE: Final = 0x40_0000  # where executables are linked
STACK_LIMIT: Final = 8 * 1024 * 1024  # bytes of stack, grown on demand
USER_ADDRESS_LIMIT: Final = 0x7FFF_FFFF_F000  # first address that no program has; the last page stays unmapped

# Values of `int`
INT_MAX: Final = 0x7FFF_FFFF_FFFF_FFFF
INT_MIN: Final = -0x8000_0000_0000_0000
ERRNO_MAX: Final = 4095  # results from -ERRNO_MAX to -1 are errors (include/linux/err.h, MAX_ERRNO)
