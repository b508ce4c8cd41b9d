"""exit, exit_group and getpid. With one thread per process the first two are the same."""

from __future__ import annotations

from kernel.arch.x86_64.user_mode import request_exit
from kernel.proc.process import current_process
from kernel.syscalls.system_call import SystemCall
from runtime.lang import u64


def leave(call: SystemCall) -> u64:
    """exit(status): the program is not resumed. A parent sees eight bits of the status."""
    request_exit(call.first & 0xFF)
    return 0


def process_number(call: SystemCall) -> u64:
    """getpid()"""
    return u64(current_process().number)
