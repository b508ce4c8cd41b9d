"""Printing a chain of calls by walking frame pointers. Rank 2.

Every compiled function keeps rbp: [rbp] is the caller's rbp, [rbp + 8] the return address; entry code starts a chain
with rbp = 0. The walk believes nothing: a frame must be aligned, lie above the one before it and within FRAME_REACH
of it, so a corrupted chain ends the traceback instead of wandering. A wild pointer that still passes faults; the
panic that follows sees that it is the second and stops.
"""

from __future__ import annotations

from typing import Final

from kernel.config import PANIC_TRACE_DEPTH
from kernel.debug import line_lookup, log
from runtime.lang import Ptr, u64

# No single stack is larger, so the next frame cannot be further away. Bytes.
FRAME_REACH: Final = 1 << 20


def print_backtrace(address: u64, frame_pointer: u64) -> None:
    """Print the location of `address`, then of every return address up the chain; most recent call first."""
    print_location(address)
    frame = frame_pointer
    for _ in range(PANIC_TRACE_DEPTH):
        if frame == 0 or frame % 8 != 0:
            return
        words = Ptr[u64](frame)
        caller_frame = words[0]
        return_address = words[1]
        if return_address == 0:
            return
        # The call lies before the address it returns to, and may be the last instruction of its line.
        print_location(return_address - 1)
        if caller_frame <= frame or caller_frame - frame > FRAME_REACH:
            return
        frame = caller_frame


def print_location(address: u64) -> None:
    """Print one line: file, line and function where known, and always the address."""
    log.write("  ")
    line_lookup.write_location(address)
    log.write(" [")
    log.write_hexadecimal(address, 16)
    log.line("]")
