"""Time since the boot: the time-stamp counter, calibrated; and the timer tick. Rank 6.

`initialise` measures the counter (the CPU's own statement where it makes one, else the PIT) within bounds and starts
the tick. A frequency outside of [SLOWEST_TIMESTAMP, FASTEST_TIMESTAMP] counts as not measured; then a guess of 1 GHz
keeps every wait bounded, and `is_calibrated` says so. Owner: the boot CPU writes at boot; the tick count is written
by the timer interrupt of the boot CPU alone and read anywhere. Reading the clock may be done from interrupt context
and allocates nothing.
"""

from __future__ import annotations

from typing import Final

from kernel.arch.x86_64 import local_apic, pit
from kernel.arch.x86_64.cpu import FEATURES
from kernel.arch.x86_64.hooks import register_timer
from kernel.config import CALIBRATION_MICROSECONDS, FASTEST_TIMESTAMP, SLOWEST_TIMESTAMP, TIMER_FREQUENCY
from kernel.interfaces.clock_source import ClockSource
from kernel.time.timer_hooks import run_tick_hook
from runtime.lang import read_timestamp, spin_pause, u64

GUESSED_FREQUENCY: Final = 1_000_000_000
CALIBRATION_RUNS: Final = 3


class TimestampClock(ClockSource):
    """Nanoseconds since `initialise`, from the time-stamp counter."""

    # Hertz.
    frequency: u64 = GUESSED_FREQUENCY
    start: u64 = 0
    calibrated: bool = False

    def nanoseconds(self) -> int:
        elapsed = read_timestamp() - self.start
        seconds = elapsed // self.frequency
        rest = elapsed % self.frequency
        # The product stays below 10^10 x 10^9, which u64 holds.
        return int(seconds * 1_000_000_000 + rest * 1_000_000_000 // self.frequency)

    def resolution(self) -> int:
        return 1


class TickCount:
    """Timer interrupts since the boot."""

    ticks: u64 = 0
    from_local_apic: bool = False


CLOCK = TimestampClock()
TICKS = TickCount()


def initialise() -> None:
    """Calibrate the counter and start the tick; interrupts stay off until the caller enables them."""
    frequency = FEATURES.timestamp_frequency
    if not is_plausible(frequency):
        frequency = measure_frequency()
    if is_plausible(frequency):
        CLOCK.frequency = frequency
        CLOCK.calibrated = True
    CLOCK.start = read_timestamp()
    register_timer(count_tick)
    start_tick()


def is_plausible(frequency: u64) -> bool:
    return frequency >= SLOWEST_TIMESTAMP and frequency <= FASTEST_TIMESTAMP


def measure_frequency() -> u64:
    """The smallest of several runs:

    an interruption by a hypervisor can only make a run longer. 0 when none succeeded.
    """
    best: u64 = 0
    for _ in range(CALIBRATION_RUNS):
        ticks = pit.measure_timestamp(CALIBRATION_MICROSECONDS)
        if ticks != 0 and (best == 0 or ticks < best):
            best = ticks
    return best * (1_000_000 // CALIBRATION_MICROSECONDS)


def start_tick() -> None:
    """The local APIC's timer where it can be calibrated, else the PIT."""
    if local_apic.is_ready() and local_apic.calibrate(CALIBRATION_MICROSECONDS):
        local_apic.start_periodic(TIMER_FREQUENCY)
        TICKS.from_local_apic = True
    else:
        if local_apic.is_ready():
            local_apic.pass_legacy_interrupts()
        pit.start_periodic(TIMER_FREQUENCY)


def count_tick() -> None:
    """The timer hook: interrupt context."""
    TICKS.ticks += 1
    run_tick_hook()


def ticks() -> u64:
    """Timer interrupts so far."""
    return TICKS.ticks


def timestamp_frequency() -> u64:
    """Hertz of the time-stamp counter."""
    return CLOCK.frequency


def ticks_per_microsecond() -> u64:
    """For stages.report; at least 1."""
    return CLOCK.frequency // 1_000_000


def is_calibrated() -> bool:
    return CLOCK.calibrated


def wait_microseconds(microseconds: u64) -> None:
    """Busy wait, for devices that need a pause. Bounded by construction; keep it under a millisecond."""
    start = read_timestamp()
    wanted = microseconds * ticks_per_microsecond()
    while read_timestamp() - start < wanted:
        spin_pause()
