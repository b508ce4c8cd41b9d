"""Segments, the task state segment and the interrupt stack table. Intel SDM volume 3, 3.4.5, 8.7, 6.14.5.

The order of the selectors is dictated by syscall and sysret (STAR): kernel code, kernel data; user data, user code.
Double fault, NMI, machine check and debug run on stacks of their own, because they may come while rsp is not to be
trusted. Each stack has a guard page below it, unmapped by `boot.settle`. Owner of every table: its CPU; written once.
"""

from __future__ import annotations

from typing import Final

from kernel.arch.x86_64.address_layout import PAGE_SIZE
from kernel.config import INTERRUPT_STACK_BYTES, MAXIMUM_CPUS
from runtime.lang import (
    Ptr,
    assembly,
    load_gdt,
    load_task_register,
    naked,
    new_array,
    size_of,
    struct,
    u8,
    u16,
    u32,
    u64,
)

KERNEL_CODE: Final = 0x08
KERNEL_DATA: Final = 0x10
USER_DATA: Final = 0x1B
USER_CODE: Final = 0x23
TASK_STATE: Final = 0x28

# Flat descriptors: present, ring 0 or 3, code or data, accessed; long mode for code. Intel SDM volume 3, figure 3-8.
KERNEL_CODE_DESCRIPTOR: Final[u64] = 0x00AF_9B00_0000_FFFF
KERNEL_DATA_DESCRIPTOR: Final[u64] = 0x00CF_9300_0000_FFFF
USER_DATA_DESCRIPTOR: Final[u64] = 0x00CF_F300_0000_FFFF
USER_CODE_DESCRIPTOR: Final[u64] = 0x00AF_FB00_0000_FFFF
# An available 64-bit task state segment.
TASK_DESCRIPTOR_TYPE: Final[u64] = 0x89 << 40

DESCRIPTORS: Final = 8
TASK_STATE_SIZE: Final = 128

# Numbers in the interrupt stack table; 0 in a gate means "the current stack".
DOUBLE_FAULT_STACK: Final = 1
NMI_STACK: Final = 2
MACHINE_CHECK_STACK: Final = 3
DEBUG_STACK: Final = 4
INTERRUPT_STACKS: Final = 4
# Guard page and stack.
INTERRUPT_STACK_SLOT: Final = PAGE_SIZE + INTERRUPT_STACK_BYTES


@struct(packed=True)
class TaskStateSegment:
    """Intel SDM volume 3, figure 8-11. All that is left of hardware tasks: stack pointers."""

    reserved_0: u32
    stack_0: u64
    stack_1: u64
    stack_2: u64
    reserved_1: u64
    interrupt_stack_1: u64
    interrupt_stack_2: u64
    interrupt_stack_3: u64
    interrupt_stack_4: u64
    interrupt_stack_5: u64
    interrupt_stack_6: u64
    interrupt_stack_7: u64
    reserved_2: u64
    reserved_3: u16
    # Beyond the limit: no port is open to user mode.
    port_map_offset: u16


DESCRIPTOR_TABLES = new_array(u64, MAXIMUM_CPUS * DESCRIPTORS, align=64)
TASK_STATES = new_array(u8, MAXIMUM_CPUS * TASK_STATE_SIZE, align=128)
STACKS = new_array(u8, MAXIMUM_CPUS * INTERRUPT_STACKS * INTERRUPT_STACK_SLOT, align=4096)
# Limit (2 bytes) and base (8 bytes), the operand of lgdt.
TABLE_REGISTER = new_array(u8, 16, align=16)


def initialise_segments(cpu: int) -> None:
    """Fill and load this CPU's descriptor table and task state. Clears the GS base; `install_block` comes after."""
    task = task_state(cpu)
    task[0].interrupt_stack_1 = interrupt_stack_top(cpu, DOUBLE_FAULT_STACK)
    task[0].interrupt_stack_2 = interrupt_stack_top(cpu, NMI_STACK)
    task[0].interrupt_stack_3 = interrupt_stack_top(cpu, MACHINE_CHECK_STACK)
    task[0].interrupt_stack_4 = interrupt_stack_top(cpu, DEBUG_STACK)
    task[0].port_map_offset = u16(size_of(TaskStateSegment))
    table = DESCRIPTOR_TABLES.pointer + cpu * DESCRIPTORS
    fill_descriptors(table, task.address)
    register = TABLE_REGISTER.pointer
    Ptr[u16](register.address)[0] = u16(DESCRIPTORS * 8 - 1)
    Ptr[u64](register.address + 2)[0] = table.address
    load_gdt(register.address)
    reload_segments()
    load_task_register(TASK_STATE)


def fill_descriptors(table: Ptr[u64], task: u64) -> None:
    table[0] = 0
    table[1] = KERNEL_CODE_DESCRIPTOR
    table[2] = KERNEL_DATA_DESCRIPTOR
    table[3] = USER_DATA_DESCRIPTOR
    table[4] = USER_CODE_DESCRIPTOR
    limit = u64(size_of(TaskStateSegment) - 1)
    # The base is scattered: bits 0-23 at 16, 24-31 at 56, 32-63 in the second word.
    table[5] = limit | (task & 0xFF_FFFF) << 16 | TASK_DESCRIPTOR_TYPE | ((task >> 24) & 0xFF) << 56
    table[6] = task >> 32


def task_state(cpu: int) -> Ptr[TaskStateSegment]:
    return Ptr[TaskStateSegment]((TASK_STATES.pointer + cpu * TASK_STATE_SIZE).address)


def set_interrupt_stack(cpu: int, top: u64) -> None:
    """The stack on which interrupts and faults from user mode start."""
    task_state(cpu)[0].stack_0 = top


def interrupt_stack_guard(cpu: int, stack: int) -> u64:
    """The guard page below one interrupt stack (1 to 4)."""
    slot = cpu * INTERRUPT_STACKS + stack - 1
    return (STACKS.pointer + slot * INTERRUPT_STACK_SLOT).address


def interrupt_stack_top(cpu: int, stack: int) -> u64:
    return interrupt_stack_guard(cpu, stack) + INTERRUPT_STACK_SLOT


@naked
def reload_segments() -> None:
    """Reload CS by a far return, the data segments directly; FS and GS become null (their bases live in MSRs)."""
    assembly(
        """
        pop rax
        push {KERNEL_CODE}
        push rax
        mov eax, {KERNEL_DATA}
        mov ds, eax
        mov es, eax
        mov ss, eax
        xor eax, eax
        mov fs, eax
        mov gs, eax
        retfq
        """
    )
