"""Power-off and reset by ACPI: all is read at boot, so that the moment itself needs no memory. ACPI 6.5, 4.8 and 7.4.

S5 is entered by writing SLP_TYP and SLP_EN to the PM1 control registers, after the firmware has handed the hardware
over (SCI_EN, which an SMI command sets). Where the tables cannot be read, the registers that emulators fix are tried.
Owner: the boot CPU fills PLAN; read-only afterwards.
"""

from __future__ import annotations

from typing import Final

from kernel.arch.x86_64.power import register_power_off, register_reset
from kernel.drivers.acpi.tables import AcpiTables, FixedDescription, GenericAddress, PhysicalMemoryReader, SleepType
from kernel.mm.device_memory import map_device, reach
from runtime.abi.error_numbers import EFAULT
from runtime.lang import (
    Array,
    PhysicalAddress,
    Ptr,
    copy_memory,
    port_read,
    port_write,
    spin_pause,
    u8,
    u16,
    u64,
    volatile_read,
    volatile_write,
)

SCI_ENABLED: Final = 1 << 0  # of PM1 control (table 4.13)
SLEEP_TYPE_SHIFT: Final = 10
SLEEP_ENABLE: Final = 1 << 13
# SLP_TYP in 12:10 and SLP_EN.
SLEEP_BITS: Final = 0x3C00
# Polls until ACPI mode must be on, about 1 us each.
ENABLE_POLL_LIMIT: Final = 300_000
# Highest physical address a table may be at.
ADDRESS_LIMIT: Final = 1 << 46

# QEMU's PM1a control register on q35 and on older machines, and Bochs': for firmware without tables.
EMULATOR_PORTS: Final[tuple[int, ...]] = (0x604, 0xB004, 0x4004)


class DirectReader(PhysicalMemoryReader):
    """Firmware tables through the direct map, or mapped read-only where that has a hole."""

    def read(self, address: u64, buffer: Array[u8]) -> None:
        if address >= ADDRESS_LIMIT:
            raise OSError(EFAULT, "no physical memory there")
        start = reach(PhysicalAddress(address), u64(len(buffer)))
        copy_memory(buffer.pointer, Ptr[u8](start.value), u64(len(buffer)))


class Register:
    """A register in port space or memory, ready to be used; `address` 0 means none."""

    is_io: bool = True
    address: u64 = 0

    def take(self, place: GenericAddress, size: int) -> None:
        """Remember the place; a memory register is mapped now."""
        self.is_io = place.is_io
        self.address = place.address
        if place.address != 0 and not place.is_io:
            self.address = map_device(PhysicalAddress(place.address), u64(size)).value

    def read16(self) -> int:
        if self.is_io:
            return int(port_read(u16, u16(self.address)))
        return int(volatile_read(Ptr[u16](self.address)))

    def write16(self, value: int) -> None:
        if self.is_io:
            port_write(u16, u16(self.address), u16(value))
        else:
            volatile_write(Ptr[u16](self.address), u16(value))

    def write8(self, value: int) -> None:
        if self.is_io:
            port_write(u8, u16(self.address), u8(value))
        else:
            volatile_write(Ptr[u8](self.address), u8(value))


class PowerPlan:
    """What power-off and reset will write."""

    def __init__(self) -> None:
        self.control_a: Register = Register()
        self.control_b: Register = Register()
        self.reset: Register = Register()
        self.type_a: int = 0
        self.type_b: int = 0
        self.reset_value: int = 0
        self.smi_command: int = 0
        self.acpi_enable: int = 0


PLAN = PowerPlan()


def initialise(root_pointer: u64) -> FixedDescription:
    """Read the tables and register both hooks; OSError when they make no sense, and then the fall-backs stay."""
    register_power_off(power_off)
    tables = AcpiTables(DirectReader(), root_pointer)
    fixed = tables.fixed_description()
    plan_reset(fixed)
    plan_power_off(fixed, tables.power_off_type(fixed))
    return fixed


def plan_reset(fixed: FixedDescription) -> None:
    if fixed.reset_register.address != 0:
        PLAN.reset.take(fixed.reset_register, 1)
        PLAN.reset_value = fixed.reset_value
        register_reset(reset)


def plan_power_off(fixed: FixedDescription, sleep: SleepType) -> None:
    PLAN.control_a.take(fixed.pm1a_control, 2)
    PLAN.control_b.take(fixed.pm1b_control, 2)
    PLAN.type_a = sleep.for_pm1a
    PLAN.type_b = sleep.for_pm1b
    PLAN.smi_command = fixed.smi_command
    PLAN.acpi_enable = fixed.acpi_enable


def reset() -> None:
    """Write the reset register (4.8.3.6); returns when the machine ignores it."""
    PLAN.reset.write8(PLAN.reset_value)


def power_off() -> None:
    """Enter S5; returns when the machine does not obey."""
    if PLAN.control_a.address != 0:
        enable_acpi()
        enter_sleep(PLAN.control_a, PLAN.type_a)
        if PLAN.control_b.address != 0:
            enter_sleep(PLAN.control_b, PLAN.type_b)
        pause()
    for port in EMULATOR_PORTS:
        port_write(u16, u16(port), u16(SLEEP_ENABLE))
    pause()


def enter_sleep(control: Register, sleep_type: int) -> None:
    kept = control.read16() & ~SLEEP_BITS
    control.write16(kept | sleep_type << SLEEP_TYPE_SHIFT | SLEEP_ENABLE)


def enable_acpi() -> None:
    """Take the hardware over from the firmware, unless that has happened (4.8.2.5)."""
    if PLAN.smi_command == 0 or PLAN.acpi_enable == 0 or PLAN.control_a.read16() & SCI_ENABLED != 0:
        return
    port_write(u8, u16(PLAN.smi_command & 0xFFFF), u8(PLAN.acpi_enable & 0xFF))
    for _ in range(ENABLE_POLL_LIMIT):
        if PLAN.control_a.read16() & SCI_ENABLED != 0:
            return


def pause() -> None:
    """Time for the chipset to act."""
    for _ in range(ENABLE_POLL_LIMIT):
        spin_pause()
