"""Tracebacks: a ring of the last places an exception passed, and the text CPython prints from them.

Idea: errors travel as return values, so nobody walks the stack. The cold path of every call site that passes an
exception on notes (exception, function, line); ``start`` marks the raise itself. The newest entries of one exception,
back to its mark, are its traceback, outermost frame first.

Contract: ``pyc_traceback_start`` and ``pyc_traceback_add`` never allocate and never fail. Entries name the exception
by address; a mark ends the entries of an older exception at the same address. The core's own functions only set marks,
without a record: they are not shown, as CPython's built-in functions are not. When more than ``ENTRIES`` frames were
passed, the innermost are lost.
"""

from __future__ import annotations

from typing import Final

from runtime.core.exceptions import BaseException_
from runtime.core.line_builder import add_ascii, add_bytes, add_decimal, line_address, take_length
from runtime.core.objects import qualified_class_name
from runtime.core.output import write_error_bytes, write_error_text
from runtime.lang import (
    Array,
    Ptr,
    export,
    new_array,
    object_address,
    struct,
    u8,
    u64,
)

ENTRIES: Final = 64  # a power of two
ENTRY_WORDS: Final = 4
RING_WORDS: Final = 256
SHOWN_REPEATS: Final = 3  # equal lines in a row that are printed before they are counted
CHAIN_LIMIT: Final = 32  # causes and contexts followed


@struct
class FunctionRecord:
    """What the compiler emits for each function: its file and qualified name in UTF-8."""

    file: Ptr[u8]
    file_length: u64
    name: Ptr[u8]
    name_length: u64


@struct
class Entry:
    exception: u64
    record: u64
    line: u64
    fresh: u64  # 1 where the exception was raised


_ring: Array[u64] = new_array(u64, RING_WORDS)
_next: u64 = 0  # entries ever written; the slot is this modulo ENTRIES


def _entry(number: u64) -> Ptr[Entry]:
    return (_ring.pointer + (number & (ENTRIES - 1)) * ENTRY_WORDS).cast(Entry)


def _note(exception: u64, record: u64, line: u64, fresh: u64) -> None:
    global _next
    slot = _entry(_next)
    slot[0].exception = exception
    slot[0].record = record
    slot[0].line = line
    slot[0].fresh = fresh
    _next += 1


@export("pyc_traceback_start")
def traceback_start(exception: u64, function_record: u64, line: u64) -> None:
    _note(exception, function_record, line, 1)


@export("pyc_traceback_add")
def traceback_add(exception: u64, function_record: u64, line: u64) -> None:
    _note(exception, function_record, line, 0)


def _print_line() -> None:
    length = take_length()
    write_error_bytes(line_address(), length)


def _print_frame(record: FunctionRecord, line: u64) -> None:
    add_ascii('  File "')
    add_bytes(record.file, record.file_length)
    add_ascii('", line ')
    add_decimal(line)
    add_ascii(", in ")
    add_bytes(record.name, record.name_length)
    add_ascii("\n")
    _print_line()


def _print_repeats(extra: u64) -> None:
    add_ascii("  [Previous line repeated ")
    add_decimal(extra)
    add_ascii(" more time]\n" if extra == 1 else " more times]\n")
    _print_line()


def _print_frames(exception: u64) -> None:
    """The entries of this exception, newest (outermost) first, until its mark."""
    number = _next
    last_record: u64 = 0
    last_line: u64 = 0
    repeats: u64 = 0
    oldest: u64 = _next - ENTRIES if _next > ENTRIES else u64(0)
    while number > oldest:
        number -= 1
        slot = _entry(number)
        if slot[0].exception != exception:
            continue
        if slot[0].record == 0:
            break
        if slot[0].record == last_record and slot[0].line == last_line:
            repeats += 1
        else:
            if repeats > SHOWN_REPEATS:
                _print_repeats(repeats - SHOWN_REPEATS)
            last_record = slot[0].record
            last_line = slot[0].line
            repeats = 1
        if repeats <= SHOWN_REPEATS:
            _print_frame(Ptr[FunctionRecord](last_record)[0], last_line)
        if slot[0].fresh != 0:
            break
    if repeats > SHOWN_REPEATS:
        _print_repeats(repeats - SHOWN_REPEATS)


def _print_one(exception: BaseException_) -> None:
    write_error_text("Traceback (most recent call last):\n")
    _print_frames(object_address(exception))
    write_error_text(qualified_class_name(exception))
    message = str(exception)
    if message != "":
        write_error_text(": ")
        write_error_text(message)
    write_error_text("\n")


def print_traceback(exception: BaseException_) -> None:
    """As CPython 3.11 prints an uncaught exception, without source lines: what came first is printed first."""
    _print_chain(exception, CHAIN_LIMIT)


def _print_chain(exception: BaseException_, remaining: int) -> None:
    cause = exception.cause
    context = exception.context
    if remaining > 0:
        if cause is not None:
            _print_chain(cause, remaining - 1)
            write_error_text("\nThe above exception was the direct cause of the following exception:\n\n")
        elif context is not None and not exception.suppress_context:
            _print_chain(context, remaining - 1)
            write_error_text("\nDuring handling of the above exception, another exception occurred:\n\n")
    _print_one(exception)
