"""What else firmware knows: the ACPI root pointer and the load options. UEFI 2.10, 4.6 and 9.1.

Load options are UTF-16 text by convention only: a boot manager may pass a device path or rubbish. Printable ASCII is
taken up to the first unit that is none.
"""

from __future__ import annotations

from kernel.boot.boot_info import BOOT_INFO, COMMAND_LINE
from kernel.boot.firmware_calls import handle_protocol
from kernel.boot.uefi_tables import (
    ACPI_1_HIGH,
    ACPI_1_LOW,
    ACPI_2_HIGH,
    ACPI_2_LOW,
    LOADED_IMAGE_HIGH,
    LOADED_IMAGE_LOW,
    BootServices,
    LoadedImage,
    SystemTable,
)
from kernel.config import COMMAND_LINE_BYTES
from runtime.lang import Ptr, truncate, u8, u32, u64


def read_acpi_root(system_table: Ptr[SystemTable]) -> None:
    """The root pointer of ACPI 2.0 or later where there is one, else that of 1.0."""
    count = int(system_table[0].table_count)
    tables = system_table[0].tables
    for index in range(count):
        low = tables[index].guid_low
        high = tables[index].guid_high
        if low == ACPI_2_LOW and high == ACPI_2_HIGH:
            BOOT_INFO.acpi_root = tables[index].table
            return
        if low == ACPI_1_LOW and high == ACPI_1_HIGH:
            BOOT_INFO.acpi_root = tables[index].table


def read_command_line(services: Ptr[BootServices], image: Ptr[u8]) -> None:
    """Copy the load options into COMMAND_LINE."""
    address = handle_protocol(services, image, LOADED_IMAGE_LOW, LOADED_IMAGE_HIGH)
    if address == 0:
        return
    loaded = Ptr[LoadedImage](address)
    options = loaded[0].load_options
    if options.address == 0:
        return
    units = min(int(loaded[0].load_options_size) // 2, COMMAND_LINE_BYTES)
    length = 0
    while length < units and is_printable(u64(options[length])):
        COMMAND_LINE[length] = truncate(u8, options[length])
        length += 1
    BOOT_INFO.command_line_length = u32(length)


def is_printable(unit: u64) -> bool:
    return unit >= 0x20 and unit < 0x7F
