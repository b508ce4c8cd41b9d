"""What entry code calls: sorts interrupts, exceptions and system calls to their hooks.

Both functions are reached from assembly with interrupts off and a complete frame. They raise nothing: an exception
that escapes a hook panics here, with the interrupted registers. When a program's end was requested they do not return
to it but leave through `leave_user`, and only at this outermost place, where no object of a called function is alive
any more.
"""

from __future__ import annotations

from typing import NoReturn

from kernel.arch.x86_64 import local_apic, pic
from kernel.arch.x86_64.exceptions import (
    DOUBLE_FAULT,
    EXCEPTION_COUNT,
    MACHINE_CHECK,
    NON_MASKABLE,
    PAGE_FAULT,
    exception_name,
    fault_access,
    fault_mode,
    fault_reason,
)
from kernel.arch.x86_64.hooks import (
    DEVICE_VECTORS,
    FIRST_DEVICE_VECTOR,
    HOOKS,
    PIT_VECTOR,
    SPURIOUS_VECTOR,
    SYSTEM_CALL_VECTOR,
    TIMER_VECTOR,
)
from kernel.arch.x86_64.per_cpu_block import BLOCK_EXIT_STATUS
from kernel.arch.x86_64.registers import FLAG_INTERRUPTS, RegisterFrame, came_from_user, print_registers
from kernel.arch.x86_64.user_mode import exit_requested, leave_user
from kernel.debug import log
from kernel.debug.panic import begin_panic, end_panic
from runtime.lang import (
    Ptr,
    disable_interrupts,
    enable_interrupts,
    export,
    no_raise,
    read_cr2,
    read_gs,
    u64,
)


@export("dispatch_interrupt")
@no_raise
def dispatch_interrupt(frame: Ptr[RegisterFrame]) -> None:
    """Every vector comes here. The frame may be changed; what is in it is restored."""
    # Read before anything else can fault and overwrite it.
    address = read_cr2()
    try:
        sort_interrupt(frame, address)
    except BaseException:
        panic_with_frame("a hook raised an exception", frame, address)
    disable_interrupts()
    if came_from_user(frame):
        leave_if_requested()


@export("dispatch_system_call")
@no_raise
def dispatch_system_call(frame: Ptr[RegisterFrame]) -> None:
    """The syscall instruction comes here; int 0x80 by `dispatch_interrupt`."""
    serve_system_call(frame)
    leave_if_requested()


def leave_if_requested() -> None:
    if exit_requested():
        leave_user(read_gs(BLOCK_EXIT_STATUS))


def sort_interrupt(frame: Ptr[RegisterFrame], address: u64) -> None:
    vector = int(frame[0].vector)
    if vector < EXCEPTION_COUNT:
        handle_exception(frame, address)
    elif vector == SYSTEM_CALL_VECTOR:
        serve_system_call(frame)
    elif vector == TIMER_VECTOR:
        handler = HOOKS.timer
        handler()
        local_apic.end_of_interrupt()
    elif vector >= FIRST_DEVICE_VECTOR and vector < FIRST_DEVICE_VECTOR + DEVICE_VECTORS:
        handle_device(vector)
    elif vector != SPURIOUS_VECTOR:
        # Spurious interrupts must not be acknowledged; anything else that nobody claimed must be, or it blocks the
        # rest.
        local_apic.end_of_interrupt()


def handle_device(vector: int) -> None:
    if pic.is_spurious(vector):
        return
    if vector == PIT_VECTOR:
        timer = HOOKS.timer
        timer()
    if vector - FIRST_DEVICE_VECTOR < len(HOOKS.devices):
        device = HOOKS.devices[vector - FIRST_DEVICE_VECTOR]
        device(vector)
    if pic.owns(vector):
        pic.end_of_interrupt(vector)
    else:
        local_apic.end_of_interrupt()


def serve_system_call(frame: Ptr[RegisterFrame]) -> None:
    """Run the system-call hook with interrupts on."""
    enable_interrupts()
    try:
        handler = HOOKS.system_call
        handler(frame)
    except BaseException:
        panic_with_frame("the system-call hook raised an exception", frame, 0)
    disable_interrupts()


def handle_exception(frame: Ptr[RegisterFrame], address: u64) -> None:
    vector = frame[0].vector
    if vector == PAGE_FAULT:
        # A fault taken with interrupts on is resolved with interrupts on: it may have to wait for a frame or a disk.
        if frame[0].rflags & FLAG_INTERRUPTS != 0:
            enable_interrupts()
        resolve = HOOKS.page_fault
        if resolve(frame, address):
            return
    # What the machine itself reports is nobody's fault, whoever was running.
    of_the_machine = vector == NON_MASKABLE or vector == DOUBLE_FAULT or vector == MACHINE_CHECK
    if came_from_user(frame) and not of_the_machine:
        handle_user_fault(frame, address)
        return
    panic_with_frame(exception_name(vector), frame, address)


def handle_user_fault(frame: Ptr[RegisterFrame], address: u64) -> None:
    """The program ends, never the kernel. A process layer that does not end it would fault for ever: that panics."""
    enable_interrupts()
    handler = HOOKS.user_fault
    handler(frame, address)
    if not exit_requested():
        panic_with_frame("a fault in user mode was not handled", frame, address)


def panic_with_frame(reason: str, frame: Ptr[RegisterFrame], address: u64) -> NoReturn:
    """Panic, showing the registers of the interrupted code and its traceback."""
    begin_panic(reason)
    vector = frame[0].vector
    log.write("  vector ")
    log.write_decimal(vector)
    log.write(", error code ")
    log.write_hexadecimal(frame[0].error)
    log.end_line()
    if vector == PAGE_FAULT:
        describe_page_fault(frame[0].error, address)
    print_registers(frame)
    end_panic(frame[0].rip, frame[0].rbp)


def describe_page_fault(error: u64, address: u64) -> None:
    """One line: "read of 0x… in user mode: the page is not mapped"."""
    log.write("  ")
    log.write(fault_access(error))
    log.write(" of ")
    log.write_hexadecimal(address)
    log.write(" in ")
    log.write(fault_mode(error))
    log.write(": ")
    log.line(fault_reason(error))
