"""The local APIC of each CPU: its timer and the end of interrupts. Intel SDM volume 3, chapter 11.

Two faces with the same registers: xAPIC at a physical page, x2APIC in model-specific registers. A firmware that has
switched to x2APIC cannot be left in doubt (the page then faults), so the mode found is the mode used; where firmware
left xAPIC on, xAPIC stays. `initialise` needs the page mapped by the caller (mm.device_memory), which gives its
address. Owner: each CPU its own registers; the shared fields are written once by the boot CPU.
"""

from __future__ import annotations

from typing import Final

from kernel.arch.x86_64 import msr, pit
from kernel.arch.x86_64.cpu import FEATURES
from kernel.arch.x86_64.hooks import SPURIOUS_VECTOR, TIMER_VECTOR
from runtime.lang import Ptr, read_msr, u32, u64, volatile_read, volatile_write, write_msr

# Register offsets within the page.
IDENTITY: Final = 0x20
TASK_PRIORITY: Final = 0x80
END_OF_INTERRUPT: Final = 0xB0
SPURIOUS: Final = 0xF0
TIMER: Final = 0x320
LINE_0: Final = 0x350
LINE_1: Final = 0x360
ERROR: Final = 0x370
TIMER_INITIAL: Final = 0x380
TIMER_CURRENT: Final = 0x390
TIMER_DIVIDE: Final = 0x3E0

SOFTWARE_ENABLE: Final = 1 << 8
MASKED: Final = 1 << 16
PERIODIC: Final = 1 << 17
# Delivery mode ExtINT: the vector comes from the 8259s.
EXTERNAL_DELIVERY: Final = 7 << 8
DIVIDE_BY_16: Final = 0x3
LARGEST_COUNT: Final = 0xFFFF_FFFF
BASE_MASK: Final[u64] = 0x000F_FFFF_FFFF_F000


class LocalApic:
    """Mode and calibration."""

    ready: bool = False
    x2apic: bool = False
    registers: u64 = 0
    # Timer ticks (after the divider) per second; 0 until calibrated.
    frequency: u64 = 0


LOCAL_APIC = LocalApic()


def physical_base() -> u64:
    """Where the register page lies; 0 when the CPU has no local APIC or firmware has switched it off."""
    if not FEATURES.local_apic:
        return 0
    base = read_msr(msr.APIC_BASE)
    if base & msr.APIC_BASE_ENABLE == 0:
        return 0
    return base & BASE_MASK


def is_x2apic() -> bool:
    """Whether firmware left the CPU in x2APIC mode: then no page is needed."""
    return read_msr(msr.APIC_BASE) & msr.APIC_BASE_X2APIC != 0


def initialise(registers: u64) -> None:
    """Enable this CPU's local APIC with every source masked. `registers` is the mapped page, unused with x2APIC."""
    LOCAL_APIC.x2apic = is_x2apic()
    LOCAL_APIC.registers = registers
    write_register(TASK_PRIORITY, 0)
    write_register(TIMER, MASKED)
    write_register(LINE_0, MASKED)
    write_register(LINE_1, MASKED)
    write_register(ERROR, MASKED)
    write_register(SPURIOUS, SOFTWARE_ENABLE | SPURIOUS_VECTOR)
    LOCAL_APIC.ready = True


def is_ready() -> bool:
    """Whether this kernel uses a local APIC."""
    return LOCAL_APIC.ready


def read_register(offset: int) -> u32:
    if LOCAL_APIC.x2apic:
        return u32(read_msr(u32(msr.X2APIC_FIRST + (offset >> 4))) & 0xFFFF_FFFF)
    return volatile_read(Ptr[u32](LOCAL_APIC.registers + offset))


def write_register(offset: int, value: u32) -> None:
    if LOCAL_APIC.x2apic:
        write_msr(u32(msr.X2APIC_FIRST + (offset >> 4)), u64(value))
    else:
        volatile_write(Ptr[u32](LOCAL_APIC.registers + offset), value)


def identity() -> u32:
    """The APIC identifier of this CPU."""
    if LOCAL_APIC.x2apic:
        return read_register(IDENTITY)
    return read_register(IDENTITY) >> 24


def end_of_interrupt() -> None:
    if LOCAL_APIC.ready:
        write_register(END_OF_INTERRUPT, 0)


def calibrate(microseconds: u64) -> bool:
    """Measure the timer against the PIT. False when either does not move; then the PIT has to tick."""
    write_register(TIMER_DIVIDE, DIVIDE_BY_16)
    pit.start_one_shot(microseconds)
    write_register(TIMER_INITIAL, LARGEST_COUNT)
    answered = pit.wait_one_shot()
    passed = u64(LARGEST_COUNT - read_register(TIMER_CURRENT))
    write_register(TIMER_INITIAL, 0)
    if not answered or passed == 0:
        return False
    LOCAL_APIC.frequency = passed * 1_000_000 // microseconds
    return True


def start_periodic(frequency: u64) -> None:
    """Raise TIMER_VECTOR so many times a second."""
    count = LOCAL_APIC.frequency // frequency
    write_register(TIMER_DIVIDE, DIVIDE_BY_16)
    write_register(TIMER, PERIODIC | TIMER_VECTOR)
    write_register(TIMER_INITIAL, bounded_count(count))


def start_one_shot(microseconds: u64) -> None:
    """Raise TIMER_VECTOR once, after so many microseconds (at most as many as the counter holds)."""
    count = LOCAL_APIC.frequency * microseconds // 1_000_000
    write_register(TIMER_DIVIDE, DIVIDE_BY_16)
    write_register(TIMER, TIMER_VECTOR)
    write_register(TIMER_INITIAL, bounded_count(count))


def pass_legacy_interrupts() -> None:
    """Let the 8259s through on line 0, for a tick by the PIT although there is a local APIC (virtual wire mode)."""
    write_register(LINE_0, EXTERNAL_DELIVERY)


def stop_timer() -> None:
    write_register(TIMER, MASKED)
    write_register(TIMER_INITIAL, 0)


def bounded_count(count: u64) -> u32:
    """Zero would stop the timer, more than 32 bits would be cut."""
    if count == 0:
        return 1
    if count > LARGEST_COUNT:
        return LARGEST_COUNT
    return u32(count)
