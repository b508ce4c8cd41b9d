"""read and write: descriptors 0, 1 and 2 are the console; files join with the next file system work.

Input is edited and delivered line by line, as a terminal's in its cooked mode: ^D on an empty line is the end of input,
^C ends the program. Output goes through in pieces; a piece that cannot be read makes a short count, and EFAULT only
when nothing was written.

Errors: EBADF, EFAULT, EINTR.
"""

from __future__ import annotations

from typing import Final

from kernel.arch.x86_64.user_mode import exit_requested
from kernel.console.console import CONSOLE
from kernel.console.line_editing import LineEditor, LineEvent
from kernel.mm.user_memory import check_range, copy_from_user, write_array
from kernel.proc.process import current_process
from kernel.syscalls.system_call import SystemCall, as_descriptor
from runtime.abi.error_numbers import EBADF, EINTR
from runtime.abi.limits import RW_COUNT_MAX
from runtime.lang import Array, new_array, u8, u64

STANDARD_INPUT: Final = 0
STANDARD_OUTPUT: Final = 1
STANDARD_ERROR: Final = 2
# Bytes copied at once.
PIECE_BYTES: Final = 4096


def write(call: SystemCall) -> u64:
    """write(descriptor, address, count)"""
    descriptor = as_descriptor(call.first)
    if descriptor != STANDARD_OUTPUT and descriptor != STANDARD_ERROR:
        raise OSError(EBADF, "not open for writing")
    count = min(call.third, u64(RW_COUNT_MAX))
    check_range(call.second, count)
    piece = new_array(u8, int(min(count, u64(PIECE_BYTES))))
    done: u64 = 0
    while done < count:
        size = int(min(count - done, u64(PIECE_BYTES)))
        try:
            copy_from_user(piece.pointer, call.second + done, u64(size))
        except OSError:
            if done == 0:
                raise
            return done
        CONSOLE.write_bytes(bytes(piece[0:size]))
        done += size
    return done


def read(call: SystemCall) -> u64:
    """read(descriptor, address, count)"""
    if as_descriptor(call.first) != STANDARD_INPUT:
        raise OSError(EBADF, "not open for reading")
    count = int(min(call.third, u64(RW_COUNT_MAX)))
    check_range(call.second, u64(count))
    if count == 0:
        return 0
    process = current_process()
    if len(process.input) == 0:
        process.input = read_console_line()
    taken = process.input[0:count]
    if len(taken) == 0:
        return 0
    write_array(call.second, array_of_bytes(taken))
    process.input = process.input[len(taken) :]
    return u64(len(taken))


def read_console_line() -> bytes:
    """One line with its end, b"" at the end of input; EINTR when the program shall not go on."""
    editor = LineEditor()
    editor.start("")
    while True:
        CONSOLE.write(editor.take_echo())
        byte = next_byte()
        event = editor.feed(byte)
        if event is LineEvent.EDITING:
            continue
        CONSOLE.write(editor.take_echo())
        if event is LineEvent.END_OF_INPUT:
            return b""
        return (editor.line + "\n").encode("utf-8")


def next_byte() -> int:
    """A byte of console input; EINTR when ^C came instead."""
    while not exit_requested():
        byte = CONSOLE.try_read_byte()
        if byte >= 0:
            return byte
        CONSOLE.wait_for_input()
    raise OSError(EINTR, "interrupted")


def array_of_bytes(data: bytes) -> Array[u8]:
    """A copy with an address."""
    result = new_array(u8, len(data))
    for index in range(len(data)):
        result[index] = u8(data[index])
    return result
