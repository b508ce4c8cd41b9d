"""The system-call table and the one place where exceptions become error numbers.

Both entries, `syscall` and `int 0x80`, come here with the same registers.

    a result             rax = result
    OSError              rax = -errno
    MemoryError          rax = -ENOMEM
    any other exception  a defect of the kernel: its traceback is logged and the calling program ends
    an unknown number    rax = -ENOSYS

Owner of the table: filled once by `initialise`, read-only afterwards.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from kernel.arch.x86_64.hooks import NO_SUCH_CALL, register_system_call
from kernel.arch.x86_64.registers import RegisterFrame
from kernel.arch.x86_64.user_mode import request_exit
from kernel.debug import log
from kernel.proc.process import CURRENT
from kernel.syscalls import files, memory, processes, system
from kernel.syscalls.system_call import SystemCall
from runtime.abi import syscall_numbers as numbers
from runtime.abi.error_numbers import EINVAL, ENOMEM
from runtime.abi.limits import ERRNO_MAX
from runtime.core.exceptions import BaseException_
from runtime.core.tracebacks import print_traceback
from runtime.lang import Ptr, u64, wrapping_sub

# Numbers below this have a row; the highest that is served is far below.
TABLE_SIZE: Final = 512
# What a shell shows for a program that SIGSYS ended: the kernel could not serve it.
DEFECT_STATUS: Final = 159


def no_such_call(call: SystemCall) -> u64:
    """Every row that nobody has filled."""
    return NO_SUCH_CALL


class CallTable:
    """One function per number."""

    def __init__(self) -> None:
        self.rows: list[Callable[[SystemCall], u64]] = [no_such_call for _ in range(TABLE_SIZE)]


TABLE = CallTable()


def initialise() -> None:
    """Fill the table and take over both entries."""
    rows = TABLE.rows
    rows[numbers.SYS_READ] = files.read
    rows[numbers.SYS_WRITE] = files.write
    rows[numbers.SYS_MMAP] = memory.map_memory
    rows[numbers.SYS_MUNMAP] = memory.unmap_memory
    rows[numbers.SYS_BRK] = memory.set_break
    rows[numbers.SYS_GETPID] = processes.process_number
    rows[numbers.SYS_EXIT] = processes.leave
    rows[numbers.SYS_EXIT_GROUP] = processes.leave
    rows[numbers.SYS_UNAME] = system.describe
    rows[numbers.SYS_REBOOT] = system.reboot
    register_system_call(serve)


def serve(frame: Ptr[RegisterFrame]) -> None:
    """The hook: run the call that the frame describes and put its result into the frame."""
    registers = frame[0]
    call = SystemCall(
        registers.rax, registers.rdi, registers.rsi, registers.rdx, registers.r10, registers.r8, registers.r9
    )
    registers.rax = result_of(call)


def result_of(call: SystemCall) -> u64:
    """What rax is afterwards."""
    try:
        handler = TABLE.rows[int(call.number)] if call.number < TABLE_SIZE else no_such_call
        return handler(call)
    except MemoryError:
        return error_result(ENOMEM)
    except OSError as error:
        return error_result(error_number(error))
    except BaseException as defect:
        end_after_defect(defect)
        return error_result(EINVAL)


def error_number(error: OSError) -> int:
    """The errno; one that was raised without a number counts as EINVAL."""
    number = error.errno
    return number if number is not None and 0 < number <= ERRNO_MAX else EINVAL


def error_result(number: int) -> u64:
    """`-errno` as the register holds it."""
    assert 0 < number <= ERRNO_MAX, "not an error number"
    return wrapping_sub(u64(0), u64(number))


def end_after_defect(defect: BaseException) -> None:
    """The kernel is wrong, not the program; the program ends, because what it asked for is half done."""
    log.line("A defect of the kernel while it served a system call; the program ends.")
    if isinstance(defect, BaseException_):
        print_traceback(defect)
    process = CURRENT.process
    if process is not None:
        process.was_killed = True
    request_exit(DEFECT_STATUS)
