"""The end: say why, show where, stop. Rank 2.

A panic is for broken invariants only; whatever a caller can handle is an exception. It allocates nothing, takes no
lock and writes to the sinks directly. A second panic while the first prints (a sink or the traceback failed) uses the
raw serial port alone, and a third only stops. Not catchable: `panic` never returns.

`PANIC.show_state` is filled by the layer above that knows registers; `PANIC.finish` by whoever wants an end other
than halting (the test harness's debug-exit port, a reset). Both are plain functions and may be left as they are.
Owner: the panicking CPU; interrupts are off from the first line.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn

from kernel.debug import backtrace, log
from runtime.core.exceptions import BaseException_
from runtime.core.tracebacks import print_traceback
from runtime.lang import Ptr, disable_interrupts, export, halt, no_inline, object_from_address, read_frame_pointer, u64


def do_nothing() -> None:
    """What a hook does until somebody fills it."""


class PanicState:
    """How deep in panics we are, and the hooks."""

    def __init__(self) -> None:
        self.depth: int = 0
        self.finish: Callable[[], None] = do_nothing


PANIC = PanicState()


@no_inline
def panic(reason: str) -> NoReturn:
    """Stop the machine, with the traceback of the caller."""
    frame_pointer = read_frame_pointer()
    own_frame = Ptr[u64](frame_pointer)
    begin_panic(reason)
    end_panic(own_frame[1] - 1, own_frame[0])


@no_inline
def panic_with(reason: str, error: BaseException) -> NoReturn:
    """Stop the machine because of an exception: where that came from, and the traceback of the caller."""
    frame_pointer = read_frame_pointer()
    own_frame = Ptr[u64](frame_pointer)
    begin_panic(reason)
    if PANIC.depth == 1:
        print_error(error)
    end_panic(own_frame[1] - 1, own_frame[0])


def begin_panic(reason: str) -> None:
    """The first half: interrupts off, the reason. The caller may print its state before `end_panic`."""
    disable_interrupts()
    PANIC.depth += 1
    if PANIC.depth == 2:
        log.use_serial_only()
    if PANIC.depth > 2:
        stop()
    log.end_line()
    log.write("PANIC: ")
    log.line(reason)


def end_panic(address: u64, frame_pointer: u64) -> NoReturn:
    """The second half: the traceback, the hook, the stop."""
    if PANIC.depth == 1:
        log.line("Traceback (most recent call first):")
        backtrace.print_backtrace(address, frame_pointer)
        run_finish_hook()
    log.line("The machine is halted.")
    stop()


def print_origin(exception: u64) -> None:
    """The language's own traceback; its message comes from a method that may be anybody's."""
    print_error(object_from_address(BaseException_, exception))


def print_error(error: BaseException | BaseException_) -> None:
    try:
        if isinstance(error, BaseException_):
            print_traceback(error)
    except BaseException:
        log.line("the exception cannot be printed")


def run_finish_hook() -> None:
    """Whatever the hook raises, the machine stops after it."""
    try:
        finish = PANIC.finish
        finish()
    except BaseException:
        log.line("the end-of-panic hook failed")


def stop() -> NoReturn:
    """Halt for good; a non-maskable interrupt wakes the CPU into the same loop."""
    while True:
        disable_interrupts()
        halt()


@export("pyc_panic")
def panic_on_exception(exception: u64) -> NoReturn:
    """An exception reached the top of a function that may not raise: compiled code calls this there.

    Two tracebacks: where the exception came from (the language's own), and who called the function it reached.
    """
    frame_pointer = read_frame_pointer()
    own_frame = Ptr[u64](frame_pointer)
    begin_panic("an exception reached a function that must not raise")
    if PANIC.depth == 1:
        print_origin(exception)
    end_panic(own_frame[1] - 1, own_frame[0])
