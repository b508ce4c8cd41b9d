"""The two 8259A interrupt controllers: remapped away from the exceptions and masked. Intel 8259A data sheet.

With a local APIC they stay masked for good; without one, line 0 (the PIT) and whatever a driver opens are served
through them. Lines 7 and 15 may be spurious: then the in-service bit is clear and no end of interrupt may be sent to
that controller. Owner: the boot CPU, interrupts off.
"""

from __future__ import annotations

from typing import Final

from runtime.lang import port_read, port_write, u8, u16

FIRST_COMMAND: Final = 0x20
FIRST_DATA: Final = 0x21
SECOND_COMMAND: Final = 0xA0
SECOND_DATA: Final = 0xA1

# Initialisation words: edge triggered, cascaded, four words; 8086 mode, no automatic end of interrupt.
BEGIN_INITIALISATION: Final = 0x11
MODE_8086: Final = 0x01
SECOND_ON_LINE_2: Final = 0x04
SECOND_IDENTITY: Final = 0x02
END_OF_INTERRUPT: Final = 0x20
READ_IN_SERVICE: Final = 0x0B

FIRST_VECTOR: Final = 32
LINES: Final = 16
CASCADE_LINE: Final = 2


class LegacyController:
    """Whether lines are served here, and the mask (bit set: line closed)."""

    in_use: bool = False
    mask: int = 0xFFFF


PIC = LegacyController()


def initialise() -> None:
    """Move the lines to vectors 32-47 and close them all."""
    write_port(FIRST_COMMAND, BEGIN_INITIALISATION)
    write_port(SECOND_COMMAND, BEGIN_INITIALISATION)
    write_port(FIRST_DATA, FIRST_VECTOR)
    write_port(SECOND_DATA, FIRST_VECTOR + 8)
    write_port(FIRST_DATA, SECOND_ON_LINE_2)
    write_port(SECOND_DATA, SECOND_IDENTITY)
    write_port(FIRST_DATA, MODE_8086)
    write_port(SECOND_DATA, MODE_8086)
    PIC.in_use = False
    set_mask(0xFFFF)


def open_line(line: int) -> None:
    """Let a line through; the cascade follows."""
    PIC.in_use = True
    mask = PIC.mask & ~(1 << line)
    if line >= 8:
        mask &= ~(1 << CASCADE_LINE)
    set_mask(mask)


def close_line(line: int) -> None:
    set_mask(PIC.mask | 1 << line)


def set_mask(mask: int) -> None:
    PIC.mask = mask
    write_port(FIRST_DATA, mask & 0xFF)
    write_port(SECOND_DATA, (mask >> 8) & 0xFF)


def owns(vector: int) -> bool:
    """Whether a vector comes from these controllers."""
    return PIC.in_use and vector >= FIRST_VECTOR and vector < FIRST_VECTOR + LINES


def is_spurious(vector: int) -> bool:
    """Whether this is a spurious line 7 or 15; if so, it has been dealt with."""
    line = vector - FIRST_VECTOR
    if line != 7 and line != 15:
        return False
    if not PIC.in_use:
        return True
    command = FIRST_COMMAND if line == 7 else SECOND_COMMAND
    write_port(command, READ_IN_SERVICE)
    if port_read(u8, u16(command)) & 0x80 != 0:
        return False
    if line == 15:
        # The first controller did see a real interrupt on its cascade line.
        write_port(FIRST_COMMAND, END_OF_INTERRUPT)
    return True


def end_of_interrupt(vector: int) -> None:
    if vector >= FIRST_VECTOR + 8:
        write_port(SECOND_COMMAND, END_OF_INTERRUPT)
    write_port(FIRST_COMMAND, END_OF_INTERRUPT)


def write_port(port: int, value: int) -> None:
    port_write(u8, u16(port), u8(value))
