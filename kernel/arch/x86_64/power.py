"""Ending: reset, halt, and the idle instruction. Nothing here returns except `wait_for_interrupt`.

Reset tries, in order, what upper layers registered (ACPI's reset register), the chipset's port 0xCF9, the keyboard
controller, and at last a triple fault, which no machine survives. `power_off` is ACPI's alone and comes by its hook.
Owner: the boot CPU; interrupts are off from the first step.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NoReturn

from kernel.debug.panic import stop
from runtime.lang import (
    breakpoint_trap,
    disable_interrupts,
    enable_interrupts_and_halt,
    load_idt,
    new_array,
    port_read,
    port_write,
    spin_pause,
    u8,
    u16,
)

# Intel chipset data sheets, "Reset Control Register": bit 1 hard reset, bit 2 do it.
RESET_CONTROL: Final = 0xCF9
HARD_RESET: Final = 0x02
RESET_NOW: Final = 0x06

# 8042: the status port, and the pulse of output line 0, which is wired to reset.
KEYBOARD_STATUS: Final = 0x64
KEYBOARD_COMMAND: Final = 0x64
INPUT_FULL: Final = 0x02
PULSE_RESET: Final = 0xFE

POLL_LIMIT: Final = 100_000

# A descriptor-table register with limit 0: the next exception cannot be delivered.
NO_TABLE = new_array(u8, 16, align=16)


def do_nothing() -> None:
    """Until ACPI has been read."""


class PowerHooks:
    """Filled by the ACPI driver; read-only afterwards."""

    def __init__(self) -> None:
        self.reset: Callable[[], None] = do_nothing
        self.power_off: Callable[[], None] = do_nothing


POWER_HOOKS = PowerHooks()


def register_reset(handler: Callable[[], None]) -> None:
    POWER_HOOKS.reset = handler


def register_power_off(handler: Callable[[], None]) -> None:
    POWER_HOOKS.power_off = handler


def reset() -> NoReturn:
    """Restart the machine."""
    disable_interrupts()
    handler = POWER_HOOKS.reset
    handler()
    port_write(u8, u16(RESET_CONTROL), u8(HARD_RESET))
    port_write(u8, u16(RESET_CONTROL), u8(RESET_NOW))
    pause_briefly()
    for _ in range(POLL_LIMIT):
        if port_read(u8, u16(KEYBOARD_STATUS)) & INPUT_FULL == 0:
            break
    port_write(u8, u16(KEYBOARD_COMMAND), u8(PULSE_RESET))
    pause_briefly()
    load_idt(NO_TABLE.pointer.address)
    breakpoint_trap()
    stop()


def power_off() -> None:
    """Switch the machine off; returns when it cannot (no ACPI, or it does not obey)."""
    handler = POWER_HOOKS.power_off
    handler()


def halt_forever() -> NoReturn:
    """The monitor's `halt`: interrupts off, and no way back."""
    stop()


def wait_for_interrupt() -> None:
    """Idle: enable interrupts and halt as one step, so that no interrupt slips in between.

    Interrupts are on after it.
    """
    enable_interrupts_and_halt()


def pause_briefly() -> None:
    """Time for the chipset to act."""
    for _ in range(POLL_LIMIT):
        spin_pause()
