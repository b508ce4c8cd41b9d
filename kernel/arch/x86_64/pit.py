"""The 8254 timer: a ruler of known length for calibration, and the tick where there is no local APIC.

Intel 8254 data sheet.

Channel 2 can be gated and read back through port 0x61 without an interrupt, so it measures; channel 0 drives line 0.
Every wait counts its polls. Owner: the boot CPU.
"""

from __future__ import annotations

from typing import Final

from kernel.arch.x86_64 import pic
from kernel.config import CALIBRATION_POLL_LIMIT
from runtime.lang import port_read, port_write, read_timestamp, u8, u16, u64

# Hertz: a third of the NTSC colour carrier, on every PC.
PIT_FREQUENCY: Final = 1_193_182

CHANNEL_0: Final = 0x40
CHANNEL_2: Final = 0x42
COMMAND: Final = 0x43
SYSTEM_CONTROL: Final = 0x61

# Channel, both bytes low first, mode: 0 interrupt on terminal count, 2 rate generator.
CHANNEL_0_RATE: Final = 0x34
CHANNEL_2_ONE_SHOT: Final = 0xB0

GATE_2: Final = 0x01
SPEAKER: Final = 0x02
OUTPUT_2: Final = 0x20

TIMER_LINE: Final = 0


def start_one_shot(microseconds: u64) -> None:
    """Let channel 2 count down; at most 54 ms fit."""
    count = microseconds * PIT_FREQUENCY // 1_000_000
    control = port_read(u8, u16(SYSTEM_CONTROL)) & ~(GATE_2 | SPEAKER)
    port_write(u8, u16(SYSTEM_CONTROL), u8(control))
    port_write(u8, u16(COMMAND), u8(CHANNEL_2_ONE_SHOT))
    port_write(u8, u16(CHANNEL_2), u8(count & 0xFF))
    port_write(u8, u16(CHANNEL_2), u8((count >> 8) & 0xFF))
    port_write(u8, u16(SYSTEM_CONTROL), u8(control | GATE_2))


def wait_one_shot() -> bool:
    """Wait for the end of the count. False when the timer does not answer in CALIBRATION_POLL_LIMIT polls."""
    for _ in range(CALIBRATION_POLL_LIMIT):
        if port_read(u8, u16(SYSTEM_CONTROL)) & OUTPUT_2 != 0:
            return True
    return False


def measure_timestamp(microseconds: u64) -> u64:
    """Time-stamp ticks that pass in so many microseconds; 0 when the timer does not answer. Interrupts are off."""
    start_one_shot(microseconds)
    before = read_timestamp()
    if not wait_one_shot():
        return 0
    return read_timestamp() - before


def start_periodic(frequency: int) -> None:
    """Raise line 0 so many times a second (19 at least) through the 8259s."""
    count = PIT_FREQUENCY // frequency
    port_write(u8, u16(COMMAND), u8(CHANNEL_0_RATE))
    port_write(u8, u16(CHANNEL_0), u8(count & 0xFF))
    port_write(u8, u16(CHANNEL_0), u8((count >> 8) & 0xFF))
    pic.open_line(TIMER_LINE)
