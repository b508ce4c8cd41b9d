"""Entry of a Linux-ABI program: from the first stack to the exit status.

The kernel enters at ``_start`` with rsp on argc, aligned to 16 (System V ABI supplement, 3.4.1). The modules' bodies
run in import order; then what is buffered goes out and the process ends: 0, the status of ``SystemExit``, 1 after an
uncaught exception whose traceback goes to stderr, 120 when the last flush fails (as CPython).

Contract: owns the symbols that the core leaves to the platform: memory pages, writing, panic.
The modules imported only for the symbols they export are named here, because nobody else names them.
"""

from __future__ import annotations

from typing import Final, NoReturn

from runtime.core import memory as memory
from runtime.core import memory_blocks as memory_blocks
from runtime.core import objects as objects
from runtime.core.exceptions import BaseException_, SystemExit_
from runtime.core.output import drain_output, write_error_text
from runtime.core.tracebacks import print_traceback
from runtime.lang import (
    Array,
    assembly,
    export,
    external,
    inline,
    naked,
    new_array,
    object_from_address,
    truncate,
    u64,
    unreachable,
)
from runtime.std import posix

FLUSH_FAILED: Final = 120
SMALLEST_STACK: Final[u64] = 0x4_0000
LARGEST_STACK: Final[u64] = 0x4000_0000
STACK_RESERVE: Final[u64] = 0x2_0000
"""Bytes for signal frames, for functions outside call cycles, and for printing the traceback."""
STACK_LIMIT: Array[u64] = new_array(u64, 1)


@naked
@export("_start")
def start() -> NoReturn:
    assembly("""
        xor ebp, ebp          # the outermost frame has none below it
        mov rdi, rsp
        and rsp, -16
        call pyc_program_start
        ud2
    """)


@export("pyc_stack_limit")
@inline
def stack_limit() -> u64:
    """The lowest address that recursive functions may use of the stack."""
    return STACK_LIMIT[0]


def _find_stack_limit(stack: u64) -> u64:
    """The end of the stack by the resource limit, with room left for what does not test it."""
    size = min(max(posix.stack_size(), SMALLEST_STACK), LARGEST_STACK)
    return stack - size + STACK_RESERVE


@external("pyc_run_program")
def run_program() -> None:
    """Every module's body in import order; made by the compiler."""


@export("pyc_program_start")
def program_start(stack: u64) -> NoReturn:
    posix.remember_stack(stack)
    STACK_LIMIT[0] = _find_stack_limit(stack)
    status = 0
    try:
        run_program()
    except BaseException as error:
        if isinstance(error, BaseException_):
            status = _reported(error)
    _leave(status)


def _reported(error: BaseException_) -> int:
    """As _status_after; an exception whose own text raises one still ends the program with status 1."""
    try:
        return _status_after(error)
    except BaseException:
        return 1


def _status_after(error: BaseException_) -> int:
    """Print what an exception that left every module has to say; the exit status."""
    drain_output()
    if not isinstance(error, SystemExit_):
        print_traceback(error)
        return 1
    if error.shows_message():
        write_error_text(str(error))
        write_error_text("\n")
    return error.exit_status()


def _leave(status: int) -> NoReturn:
    if drain_output() != 0:
        status = FLUSH_FAILED
    posix.system_call1(posix.EXIT_GROUP, u64(status & 0xFF))
    unreachable()


@export("pyc_panic")
def panic(exception: u64) -> NoReturn:
    """A defect in a function that must not raise."""
    _reported(object_from_address(BaseException_, exception))
    posix.system_call1(posix.EXIT_GROUP, 1)
    unreachable()


@export("pyc_map_pages")
def map_pages(size: u64) -> u64:
    result = posix.system_call6(
        posix.MMAP, 0, size, posix.PROT_READ_WRITE, posix.MAP_PRIVATE_ANONYMOUS, 0xFFFF_FFFF_FFFF_FFFF, 0
    )
    return truncate(u64, result) if result < -posix.HIGHEST_ERROR or result > 0 else u64(0)


@export("pyc_unmap_pages")
def unmap_pages(address: u64, size: u64) -> None:
    posix.system_call3(posix.MUNMAP, address, size, 0)


@export("pyc_write")
def write(descriptor: u64, address: u64, length: u64) -> u64:
    """Bytes taken or minus the error number; a call that a signal interrupted is made again."""
    result = posix.write_from(descriptor, address, length)
    while result == -posix.EINTR:
        result = posix.write_from(descriptor, address, length)
    return truncate(u64, result)


@export("pyc_read")
def read(descriptor: u64, address: u64, length: u64) -> u64:
    """Bytes read, 0 at the end, or minus the error number; an interrupted call is made again."""
    result = posix.read_into(descriptor, address, length)
    while result == -posix.EINTR:
        result = posix.read_into(descriptor, address, length)
    return truncate(u64, result)


@export("pyc_is_terminal")
def is_terminal(descriptor: u64) -> u64:
    return 1 if posix.is_terminal(descriptor) else 0
