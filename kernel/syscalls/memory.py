"""brk, mmap and munmap: a program's own memory. Linux, include/uapi/asm-generic/mman-common.h.

Only private anonymous mappings exist here. A flag that this kernel does not implement is refused, never ignored; the
hints about paging are no more than hints and are accepted. Nothing is writable and executable.

Errors: EINVAL for what is not supported or makes no sense, EACCES for writable and executable, ENODEV for a file
mapping, ENOMEM. `brk` never fails: it answers with the break as it is.
"""

from __future__ import annotations

from typing import Final

from kernel.proc.process import current_process
from kernel.syscalls.system_call import SystemCall, as_size
from runtime.abi.error_numbers import EACCES, EINVAL, ENODEV
from runtime.abi.limits import PAGE_SIZE
from runtime.lang import u64

PROT_READ: Final = 1
PROT_WRITE: Final = 2
PROT_EXEC: Final = 4
KNOWN_PROTECTION: Final = 7

MAP_PRIVATE: Final = 0x02
MAP_ANONYMOUS: Final = 0x20
MAP_NORESERVE: Final = 0x4000
MAP_POPULATE: Final = 0x8000
MAP_STACK: Final = 0x20000
# Everything that may be set; MAP_SHARED, MAP_FIXED, MAP_GROWSDOWN, MAP_HUGETLB and the rest are refused.
KNOWN_FLAGS: Final = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_POPULATE | MAP_STACK


def set_break(call: SystemCall) -> u64:
    """brk(address)"""
    memory = current_process().memory
    if call.first >= 1 << 63:
        return u64(memory.break_end)
    return u64(memory.set_break(int(call.first)))


def map_memory(call: SystemCall) -> u64:
    """mmap(hint, length, protection, flags, descriptor, offset)"""
    check_flags(call.fourth, call.third)
    if call.second == 0 or call.sixth % PAGE_SIZE != 0:
        raise OSError(EINVAL, "no length, or an offset within a page")
    hint = int(call.first) if call.first < 1 << 47 else 0
    writable = call.third & PROT_WRITE != 0
    executable = call.third & PROT_EXEC != 0
    length = int(min(call.second, u64(1) << 62))
    memory = current_process().memory
    return u64(memory.map_anonymous(hint, length, call.third != 0, writable, executable))


def check_flags(flags: u64, protection: u64) -> None:
    """Refuse what is not implemented."""
    if flags & ~KNOWN_FLAGS != 0 or flags & MAP_PRIVATE == 0:
        raise OSError(EINVAL, "an unsupported mapping flag")
    if flags & MAP_ANONYMOUS == 0:
        raise OSError(ENODEV, "only anonymous mappings")
    if protection & ~KNOWN_PROTECTION != 0:
        raise OSError(EINVAL, "an unknown protection")
    if protection & PROT_WRITE != 0 and protection & PROT_EXEC != 0:
        raise OSError(EACCES, "writable and executable")


def unmap_memory(call: SystemCall) -> u64:
    """munmap(address, length)"""
    current_process().memory.unmap(as_size(call.first), as_size(call.second))
    return 0
