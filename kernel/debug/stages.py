"""When the boot reached what: one time stamp per stage, reported once the clock is calibrated. Rank 2.

`reached` is called from the first instruction of the UEFI entry on, so it writes into a fixed table and nothing else.
The report lists each stage with the time since the previous one; "first serial byte to prompt" is the budget it
serves. Owner: the boot CPU. A stage that is reached twice keeps its first time.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Final

from kernel.debug import log
from runtime.lang import new_array, read_timestamp, u64


class Stage(IntEnum):
    """The stages in the order in which the boot passes them."""

    ENTRY = 0
    FIRST_SERIAL_BYTE = 1
    FIRMWARE_LEFT = 2
    TABLES_BUILT = 3
    HIGHER_HALF = 4
    INTERRUPTS_READY = 5
    MEMORY_READY = 6
    CLOCK_READY = 7
    DEVICES_READY = 8
    DISK_READY = 9
    PROMPT = 10


STAGE_NAMES: Final[tuple[str, ...]] = (
    "entry",
    "first serial byte",
    "firmware left",
    "page tables built",
    "higher half",
    "interrupts ready",
    "memory ready",
    "clock ready",
    "devices ready",
    "disk ready",
    "prompt",
)

STAGE_COUNT: Final = 11
TIMES = new_array(u64, 16)


def reached(stage: Stage) -> None:
    """Note the time of a stage."""
    index = stage.value
    if TIMES[index] == 0:
        TIMES[index] = read_timestamp()


def report(ticks_per_microsecond: u64) -> None:
    """List the stages that were reached: microseconds since the previous one and since the first serial byte."""
    # Grey where there are colours: the times stand behind what people came for.
    log.write("\x1b[90m")
    first = TIMES[Stage.FIRST_SERIAL_BYTE.value]
    previous = TIMES[Stage.ENTRY.value]
    for index in range(STAGE_COUNT):
        time = TIMES[index]
        if time == 0:
            continue
        log.write("boot: ")
        log.write(STAGE_NAMES[index])
        log.write(" +")
        log.write_decimal((time - previous) // ticks_per_microsecond if time > previous else 0)
        log.write(" us, total ")
        log.write_decimal((time - first) // ticks_per_microsecond if time > first else 0)
        log.line(" us")
        previous = time
    log.write("\x1b[0m")
