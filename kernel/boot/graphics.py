"""The framebuffer that firmware has set up: current mode, nothing changed. UEFI 2.10, 12.9.2.

A mode without a linear framebuffer, with pixels that are not 32 bits, or whose numbers contradict each other counts
as no framebuffer; the kernel then has its serial console alone.
"""

from __future__ import annotations

from kernel.boot.boot_info import BOOT_INFO
from kernel.boot.firmware_calls import locate_protocol
from kernel.boot.uefi_tables import (
    GRAPHICS_OUTPUT_HIGH,
    GRAPHICS_OUTPUT_LOW,
    PIXELS_BLUE_FIRST,
    PIXELS_BY_MASK,
    PIXELS_RED_FIRST,
    BootServices,
    GraphicsInformation,
    GraphicsMode,
    GraphicsOutput,
)
from runtime.lang import Ptr, u64


def read_graphics(services: Ptr[BootServices]) -> None:
    """Fill the framebuffer fields of BOOT_INFO, or leave them zero."""
    address = locate_protocol(services, GRAPHICS_OUTPUT_LOW, GRAPHICS_OUTPUT_HIGH)
    if address == 0:
        return
    mode = Ptr[GraphicsOutput](address)[0].mode
    if mode.address == 0 or mode[0].information.address == 0:
        return
    information = mode[0].information
    if not is_usable(mode, information) or not read_masks(information):
        return
    BOOT_INFO.width = information[0].width
    BOOT_INFO.height = information[0].height
    BOOT_INFO.pixels_per_line = information[0].pixels_per_line
    BOOT_INFO.framebuffer_size = visible_bytes(information)
    BOOT_INFO.framebuffer = mode[0].framebuffer


def is_usable(mode: Ptr[GraphicsMode], information: Ptr[GraphicsInformation]) -> bool:
    """Whether the numbers fit together; the size that firmware states may be wrong, the product is not."""
    if mode[0].framebuffer == 0 or mode[0].framebuffer % 4 != 0:
        return False
    if information[0].width == 0 or information[0].height == 0:
        return False
    return information[0].pixels_per_line >= information[0].width


def visible_bytes(information: Ptr[GraphicsInformation]) -> u64:
    return u64(information[0].pixels_per_line) * u64(information[0].height) * 4


def read_masks(information: Ptr[GraphicsInformation]) -> bool:
    """Where the colours lie within a pixel. False for a format without a framebuffer (PixelBltOnly)."""
    kind = information[0].pixel_format
    if kind == PIXELS_RED_FIRST:
        BOOT_INFO.red_mask = 0x0000_00FF
        BOOT_INFO.green_mask = 0x0000_FF00
        BOOT_INFO.blue_mask = 0x00FF_0000
        return True
    if kind == PIXELS_BLUE_FIRST:
        BOOT_INFO.red_mask = 0x00FF_0000
        BOOT_INFO.green_mask = 0x0000_FF00
        BOOT_INFO.blue_mask = 0x0000_00FF
        return True
    if kind == PIXELS_BY_MASK:
        BOOT_INFO.red_mask = information[0].red_mask
        BOOT_INFO.green_mask = information[0].green_mask
        BOOT_INFO.blue_mask = information[0].blue_mask
        return True
    return False
