"""The first things in the higher half:

from a jump into a machine of our own to a kernel that allocates. Called by main.

`settle_processor` must be the very first call of kernel_main: until it returns there is no interrupt table, and
firmware's segments are still in force. `settle_memory` then ends everything temporary: the identity window, the
writable alias of the read-only image, the guard pages that were still mapped; and hands memory over to the frame
allocator. Owner of everything here: the boot CPU, interrupts off.
"""

from __future__ import annotations

from kernel.arch.x86_64 import local_apic, pic
from kernel.arch.x86_64.address_layout import DIRECT_MAP, FIRST_KERNEL_L4_ENTRY, KERNEL_IMAGE, PAGE_SIZE
from kernel.arch.x86_64.control_registers import initialise_control_registers
from kernel.arch.x86_64.entry import initialise_system_calls
from kernel.arch.x86_64.interrupts import initialise_interrupts
from kernel.arch.x86_64.page_table import Protection, protect_page, unmap_page
from kernel.arch.x86_64.per_cpu_block import install_block
from kernel.arch.x86_64.physical_window import PHYSICAL_WINDOW, window_words
from kernel.arch.x86_64.segments import INTERRUPT_STACKS, initialise_segments, interrupt_stack_guard
from kernel.arch.x86_64.table_frames import TABLE_FRAMES
from kernel.boot.boot_info import BOOT_INFO, memory_descriptors
from kernel.boot.entry import boot_stack_guard
from kernel.boot.kernel_tables import page_up
from kernel.config import MAXIMUM_CPUS
from kernel.debug import stages
from kernel.debug.stages import Stage
from kernel.mm import bootstrap, device_memory, kernel_stack, page_fault
from runtime.lang import PhysicalAddress, VirtualAddress, linker_symbol, u64, write_cr3

BOOT_CPU = 0


def settle_processor() -> None:
    """Registers, segments, per-CPU block, interrupt table, system-call entry; legacy interrupts masked."""
    stages.reached(Stage.HIGHER_HALF)
    PHYSICAL_WINDOW.base = DIRECT_MAP
    initialise_segments(BOOT_CPU)
    install_block(BOOT_CPU)
    initialise_interrupts()
    initialise_control_registers()
    initialise_system_calls()
    pic.initialise()
    page_fault.initialise()
    stages.reached(Stage.INTERRUPTS_READY)


def settle_memory() -> None:
    """Frames, heap, and an address space without anything temporary in it."""
    drop_identity_window()
    seal_image_alias()
    remove_guard_pages()
    start_memory()
    bootstrap.reserve_device_memory(BOOT_INFO.device_memory_end)
    kernel_stack.initialise()
    initialise_local_apic()
    stages.reached(Stage.MEMORY_READY)


def kernel_root() -> PhysicalAddress:
    return PhysicalAddress(BOOT_INFO.root_table)


def drop_identity_window() -> None:
    """Empty the lower half. Its tables came from the high end of the pool and are free with the rest of it."""
    entries = window_words(BOOT_INFO.root_table)
    for index in range(FIRST_KERNEL_L4_ENTRY):
        entries[index] = 0
    # The window's pages are not global: this forgets them.
    write_cr3(BOOT_INFO.root_table)


def seal_image_alias() -> None:
    """What the image may not write must not be writable through the direct map either."""
    seal_section(linker_symbol("__image_start"), linker_symbol("__text_start"))
    seal_section(linker_symbol("__text_start"), linker_symbol("__text_end"))
    seal_section(linker_symbol("__rodata_start"), linker_symbol("__rodata_end"))
    seal_section(linker_symbol("__relro_start"), linker_symbol("__relro_end"))


def seal_section(start: u64, end: u64) -> None:
    page = start & ~(PAGE_SIZE - 1)
    while page < page_up(end):
        alias = DIRECT_MAP + BOOT_INFO.image_base + (page - KERNEL_IMAGE)
        protect_page(kernel_root(), VirtualAddress(alias), Protection.KERNEL_READ)
        page += PAGE_SIZE


def remove_guard_pages() -> None:
    """Below the boot stack and the interrupt stacks; the frames stay part of the image."""
    unmap_page(kernel_root(), VirtualAddress(boot_stack_guard()))
    for cpu in range(MAXIMUM_CPUS):
        for stack in range(1, INTERRUPT_STACKS + 1):
            unmap_page(kernel_root(), VirtualAddress(interrupt_stack_guard(cpu, stack)))


def start_memory() -> None:
    """What the pool of page tables has left over goes to the frame allocator."""
    bootstrap.start(
        BOOT_INFO.root_table,
        memory_descriptors(),
        int(BOOT_INFO.descriptor_size),
        TABLE_FRAMES.low,
        # Tables of the identity window, above TABLE_FRAMES.high, are free as well by now.
        BOOT_INFO.pool_end,
    )


def initialise_local_apic() -> None:
    """Enable the local APIC where there is one; the clock falls back to the PIT otherwise."""
    base = local_apic.physical_base()
    if base == 0:
        return
    registers: u64 = 0
    if not local_apic.is_x2apic():
        registers = device_memory.map_device(PhysicalAddress(base), PAGE_SIZE).value
    local_apic.initialise(registers)
