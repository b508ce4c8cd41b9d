"""The UEFI entry: collect what firmware knows, leave it, build our tables, go high. UEFI 2.10, 2.3.4 and 4.1.

Runs on firmware's stack and tables, at whatever address firmware loaded the image. Rules until the jump: no hook is
registered and no reference is stored in a global, because both would hold low addresses; what is handed over are
numbers in BOOT_INFO. Every failure before ExitBootServices returns to firmware with a status and a line on the serial
port.

    efi_main -> collect -> pool -> leave boot services -> tables -> switch
    -> kernel_main (kernel/main.py, an exported symbol)
"""

from __future__ import annotations

from typing import Final, NoReturn

from kernel.arch.x86_64.address_layout import DIRECT_MAP, KERNEL_IMAGE
from kernel.arch.x86_64.control_registers import enable_no_execute
from kernel.arch.x86_64.cpu import FEATURES
from kernel.boot.boot_info import BOOT_INFO
from kernel.boot.firmware_data import read_acpi_root, read_command_line
from kernel.boot.five_level import allocate_low_page, five_levels_active, leave_five_levels
from kernel.boot.graphics import read_graphics
from kernel.boot.high_half import SWITCH, enter_high_half
from kernel.boot.kernel_tables import build_kernel_tables
from kernel.boot.memory_map import leave_boot_services, map_may_grow, read_memory_map
from kernel.boot.table_pool import allocate_table_pool, collect_ram
from kernel.boot.uefi_tables import LOAD_ERROR, OUT_OF_RESOURCES, SUCCESS, BootServices, SystemTable
from kernel.config import BOOT_STACK_BYTES
from kernel.debug import stages
from kernel.debug.panic import panic
from kernel.debug.raw_serial import RAW_SERIAL
from kernel.debug.stages import Stage
from runtime.lang import (
    Ptr,
    disable_interrupts,
    export,
    function_address,
    linker_symbol,
    microsoft_x64,
    new_array,
    no_raise,
    pointer_to,
    u8,
    u64,
    wrapping_add,
    wrapping_sub,
)

# A guard page, which `settle` unmaps, and the stack above it.
GUARD_BYTES: Final = 4096
BOOT_STACK = new_array(u8, GUARD_BYTES + BOOT_STACK_BYTES, align=4096)


@export("efi_main")
@microsoft_x64
@no_raise
def efi_main(image: Ptr[u8], system_table: Ptr[SystemTable]) -> u64:
    """Called by firmware; returns only when the boot cannot go on."""
    stages.reached(Stage.ENTRY)
    RAW_SERIAL.detect()
    RAW_SERIAL.write_text("pyc: entered from UEFI\n")
    stages.reached(Stage.FIRST_SERIAL_BYTE)
    try:
        status = prepare(image, system_table)
    except BaseException:
        status = LOAD_ERROR
    if status != SUCCESS:
        RAW_SERIAL.write_text("pyc: the firmware cannot give what the kernel needs to start\n")
        return status
    switch_to_own_tables()


def prepare(image: Ptr[u8], system_table: Ptr[SystemTable]) -> u64:
    """Everything that needs boot services, up to leaving them; the answer is a status."""
    FEATURES.detect()
    services = system_table[0].boot_services
    # Firmware restarts a machine whose boot application runs for five minutes (3.1.2); ExitBootServices stops the
    # timer.
    services[0].set_watchdog_timer(0, 0, 0, 0)
    BOOT_INFO.image_base = linker_symbol("__image_start")
    BOOT_INFO.image_size = linker_symbol("__image_end") - linker_symbol("__image_start")
    read_graphics(services)
    read_acpi_root(system_table)
    read_command_line(services, image)
    status = take_memory(services)
    if status != SUCCESS:
        return status
    status = leave_boot_services(services, image)
    if status == SUCCESS:
        disable_interrupts()
        stages.reached(Stage.FIRMWARE_LEFT)
    return status


def take_memory(services: Ptr[BootServices]) -> u64:
    """Allocate the pool of page tables, and the low page when five levels must be left."""
    status = read_memory_map(services)
    if status != SUCCESS:
        return status
    if not map_may_grow():
        return OUT_OF_RESOURCES
    collect_ram()
    five_levels = five_levels_active()
    if five_levels:
        status = allocate_low_page(services)
        if status != SUCCESS:
            return status
    return allocate_table_pool(services, five_levels)


def switch_to_own_tables() -> NoReturn:
    """No way back from here: a failure panics, on the serial port alone."""
    try:
        enable_no_execute()
        build_kernel_tables()
        stages.reached(Stage.TABLES_BUILT)
        fill_switch_parameters()
        if BOOT_INFO.low_page != 0:
            parameters = high_address(pointer_to(SWITCH).address)
            leave_five_levels(function_address(enter_high_half), parameters)
        enter_high_half(pointer_to(SWITCH))
    except BaseException:
        panic("the page tables of the kernel cannot be built")


def fill_switch_parameters() -> None:
    SWITCH.root = BOOT_INFO.root_table
    SWITCH.displacement = wrapping_sub(KERNEL_IMAGE, BOOT_INFO.image_base)
    SWITCH.stack_top = high_address(boot_stack_top())
    SWITCH.relocations_start = high_address(linker_symbol("__relocations_start"))
    SWITCH.relocations_end = high_address(linker_symbol("__relocations_end"))
    SWITCH.entry = high_address(linker_symbol("kernel_main"))
    SWITCH.image_alias = DIRECT_MAP + BOOT_INFO.image_base


def high_address(address: u64) -> u64:
    """Where a byte of the loaded image is in the higher half."""
    return wrapping_add(address, wrapping_sub(KERNEL_IMAGE, BOOT_INFO.image_base))


def boot_stack_guard() -> u64:
    return BOOT_STACK.pointer.address


def boot_stack_top() -> u64:
    return BOOT_STACK.pointer.address + (GUARD_BYTES + BOOT_STACK_BYTES)
