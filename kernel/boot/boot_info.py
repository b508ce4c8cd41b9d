"""What the UEFI half hands over to the kernel: numbers only, in .bss.

No field is a pointer into the image: the image moves to the higher half between the writer and the reader. Addresses
are physical unless the name says otherwise. Owner: the boot CPU writes before the jump; read-only afterwards.
"""

from __future__ import annotations

from kernel.config import COMMAND_LINE_BYTES, MEMORY_MAP_BYTES
from runtime.lang import Array, new_array, struct, u8, u32, u64, zeroed


@struct
class BootInfo:
    """Filled step by step by the modules of this folder."""

    # Where firmware loaded the image, and its size in memory.
    image_base: u64
    image_size: u64
    # Our root page table.
    root_table: u64
    # Memory taken from firmware for page tables: [pool_start, pool_end).
    pool_start: u64
    pool_end: u64
    # The memory map in MEMORY_MAP.
    map_size: u64
    map_key: u64
    descriptor_size: u64
    # ACPI root pointer, 0 when there is none.
    acpi_root: u64
    # The framebuffer; base 0 when there is no usable one.
    framebuffer: u64
    framebuffer_size: u64
    framebuffer_virtual: u64
    # End of the device memory that the boot mapped, virtual.
    device_memory_end: u64
    # Pixels; a line in memory is `pixels_per_line` pixels of 4 bytes.
    width: u32
    height: u32
    pixels_per_line: u32
    # Bits of each colour within a pixel.
    red_mask: u32
    green_mask: u32
    blue_mask: u32
    command_line_length: u32
    # Page below 4 GiB for leaving five-level paging, 0 when not needed.
    low_page: u32


BOOT_INFO = zeroed(BootInfo)
MEMORY_MAP = new_array(u8, MEMORY_MAP_BYTES, align=16)
COMMAND_LINE = new_array(u8, COMMAND_LINE_BYTES)


def has_framebuffer() -> bool:
    return BOOT_INFO.framebuffer != 0


def memory_descriptors() -> Array[u8]:
    """The memory map, exactly as long as firmware made it."""
    return MEMORY_MAP[0 : int(BOOT_INFO.map_size)]


def command_line() -> str:
    """The kernel command line from the EFI load options; "" when there is none. Needs the heap."""
    return bytes(COMMAND_LINE[0 : int(BOOT_INFO.command_line_length)]).decode("ascii")


def command_line_has(word: str) -> bool:
    """Whether a word stands in the command line by itself."""
    return word in command_line().split()


def command_line_value(name: str) -> str:
    """The text after "name=", "" when it is not given."""
    prefix = name + "="
    for word in command_line().split():
        if word.startswith(prefix):
            return word[len(prefix) :]
    return ""
