"""The lowest module of the library: system calls, and what the kernel put on the first stack.

Numbers and conventions are Linux's for x86-64 (System V ABI supplement, A.2): number in rax, arguments in rdi, rsi,
rdx, r10, r8, r9; the result or ``-errno`` in rax; rcx and r11 are lost.

Contract: the functions named ``system_call`` never raise; the others take and return plain numbers too, so that the
allocator and the output may use them before anything else works.
"""

from __future__ import annotations

from typing import Final

from runtime.core.utf8 import text_from_utf8_escaped
from runtime.lang import Array, Ptr, i64, inline, inline_assembly, new_array, truncate, u8, u64

READ: Final = 0
WRITE: Final = 1
MMAP: Final = 9
MUNMAP: Final = 11
IOCTL: Final = 16
GETPID: Final = 39
EXIT: Final = 60
EXIT_GROUP: Final = 231

PROT_READ_WRITE: Final = 3
MAP_PRIVATE_ANONYMOUS: Final = 0x22
TCGETS: Final = 0x5401  # ioctl: succeeds on terminals only
EINTR: Final = 4
HIGHEST_ERROR: Final = 4095  # results from -4095 to -1 are errors

GETRLIMIT: Final = 97
RLIMIT_STACK: Final = 3
DEFAULT_STACK_SIZE: Final[u64] = 8 * 1024 * 1024

_limits: Array[u64] = new_array(u64, 2)  # struct rlimit: soft and hard limit
_stack: Array[u64] = new_array(u64, 1)  # address of argc as the kernel left it


@inline
def system_call1(number: u64, first: u64) -> int:
    result = inline_assembly("syscall", "={rax},{rax},{rdi},~{rcx},~{r11},~{memory}", number, first)
    return int(truncate(i64, result))


@inline
def system_call3(number: u64, first: u64, second: u64, third: u64) -> int:
    result = inline_assembly(
        "syscall", "={rax},{rax},{rdi},{rsi},{rdx},~{rcx},~{r11},~{memory}", number, first, second, third
    )
    return int(truncate(i64, result))


@inline
def system_call6(number: u64, first: u64, second: u64, third: u64, fourth: u64, fifth: u64, sixth: u64) -> int:
    result = inline_assembly(
        "syscall",
        "={rax},{rax},{rdi},{rsi},{rdx},{r10},{r8},{r9},~{rcx},~{r11},~{memory}",
        number,
        first,
        second,
        third,
        fourth,
        fifth,
        sixth,
    )
    return int(truncate(i64, result))


def read_into(descriptor: u64, address: u64, length: u64) -> int:
    return system_call3(READ, descriptor, address, length)


def write_from(descriptor: u64, address: u64, length: u64) -> int:
    return system_call3(WRITE, descriptor, address, length)


def is_terminal(descriptor: u64) -> bool:
    settings = new_array(u64, 8)  # struct termios is 60 bytes
    return system_call3(IOCTL, descriptor, TCGETS, settings.pointer.address) == 0


def getpid() -> int:
    return system_call1(GETPID, 0)


def stack_size() -> u64:
    """Bytes the stack may grow to (getrlimit RLIMIT_STACK, soft); 8 MiB where the system does not say."""
    answer = system_call3(GETRLIMIT, RLIMIT_STACK, _limits.pointer.address, 0)
    return _limits[0] if answer == 0 else DEFAULT_STACK_SIZE


def remember_stack(address: u64) -> None:
    """Called once by the entry code with the address of argc."""
    _stack.pointer[0] = address


def program_arguments() -> list[str]:
    """``sys.argv``: the vector behind argc, decoded with surrogateescape."""
    arguments: list[str] = []
    stack = _stack.pointer[0]
    if stack == 0:
        return [""]
    words = Ptr[u64](stack)
    index: u64 = 0
    while index < words[0]:
        arguments.append(text_at(words[index + 1]))
        index += 1
    return arguments


def text_at(address: u64) -> str:
    """The zero-terminated string at ``address``."""
    source = Ptr[u8](address)
    length = 0
    while source[length] != 0:
        length += 1
    return text_from_utf8_escaped(address, length)
