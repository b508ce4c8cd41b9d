"""The firmware's framebuffer as memory to paint into: pixels of 32 bits, mapped write-combining by the boot.

UEFI 2.10, 12.9. It is only ever written. What the boot collected is believed as far as it is consistent: a mode whose
colour masks are not whole bytes in one of the two usual orders cannot be painted and counts as no framebuffer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kernel.boot.boot_info import BOOT_INFO, has_framebuffer
from runtime.lang import Array, Ptr, array_at, u32

LOW_BYTE: Final = 0x0000FF
MIDDLE_BYTE: Final = 0x00FF00
HIGH_BYTE: Final = 0xFF0000


@dataclass(frozen=True, slots=True)
class Framebuffer:
    """Sizes are pixels."""

    pixels: Array[u32]
    width: int
    height: int
    pixels_per_row: int
    # Whether blue is the lowest byte of a pixel; red is, otherwise.
    blue_first: bool


def open_framebuffer() -> Framebuffer | None:
    """What the boot found, or None when there is nothing that can be painted."""
    if not has_framebuffer() or BOOT_INFO.framebuffer_virtual == 0:
        return None
    blue_first = BOOT_INFO.blue_mask == LOW_BYTE and BOOT_INFO.red_mask == HIGH_BYTE
    red_first = BOOT_INFO.red_mask == LOW_BYTE and BOOT_INFO.blue_mask == HIGH_BYTE
    if BOOT_INFO.green_mask != MIDDLE_BYTE or not (blue_first or red_first):
        return None
    height = int(BOOT_INFO.height)
    pixels_per_row = int(BOOT_INFO.pixels_per_line)
    if int(BOOT_INFO.framebuffer_size) < height * pixels_per_row * 4:
        return None
    pixels = array_at(Ptr[u32](BOOT_INFO.framebuffer_virtual), height * pixels_per_row)
    return Framebuffer(pixels, int(BOOT_INFO.width), height, pixels_per_row, blue_first)
