"""QEMU's debug-exit device: the value v ends the emulator with status 2v + 1 (hw/misc/debugexit.c).

On a machine without it the port swallows the write and the function returns.
"""

from __future__ import annotations

from typing import Final

from runtime.lang import port_write, u16, u32

DEBUG_EXIT_PORT: Final = 0xF4


def leave_emulator(value: int) -> None:
    """End QEMU; `value` is 0 … 127."""
    port_write(u32, u16(DEBUG_EXIT_PORT), u32(value & 0x7F))
