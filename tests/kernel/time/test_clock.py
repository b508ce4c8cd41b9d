"""Calibration: from the CPU's word, from the PIT, and when neither can be believed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kernel.arch.x86_64 import hooks, local_apic, pic, pit
from kernel.arch.x86_64.cpu import FEATURES
from kernel.time import clock
from kernel.time.instant import milliseconds, seconds_text
from runtime.host.machine import SimulatedMachine, use_machine
from runtime.lang import u64


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Iterator[SimulatedMachine]:
    monkeypatch.setattr(clock, "CLOCK", clock.TimestampClock())
    monkeypatch.setattr(clock, "TICKS", clock.TickCount())
    monkeypatch.setattr(local_apic, "LOCAL_APIC", local_apic.LocalApic())
    monkeypatch.setattr(FEATURES, "timestamp_frequency", u64(0))
    monkeypatch.setattr("kernel.arch.x86_64.pit.CALIBRATION_POLL_LIMIT", 200)
    with use_machine(SimulatedMachine()) as simulated:
        yield simulated


def test_a_plausible_statement_of_the_cpu_is_taken(machine: SimulatedMachine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FEATURES, "timestamp_frequency", u64(2_400_000_000))
    clock.initialise()
    assert clock.is_calibrated()
    assert clock.timestamp_frequency() == 2_400_000_000
    assert clock.ticks_per_microsecond() == 2_400


@pytest.mark.parametrize("runs", [[0, 0, 0], [10, 10, 10], [10**9, 10**9, 10**9]])
def test_nonsense_is_not_believed(machine: SimulatedMachine, monkeypatch: pytest.MonkeyPatch, runs: list[int]) -> None:
    monkeypatch.setattr(pit, "measure_timestamp", lambda microseconds: u64(runs.pop()))
    clock.initialise()
    assert not clock.is_calibrated()
    assert clock.timestamp_frequency() == 1_000_000_000


def test_the_shortest_run_counts(machine: SimulatedMachine, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = [9_000_000, 5_000_000, 0]
    monkeypatch.setattr(pit, "measure_timestamp", lambda microseconds: u64(runs.pop()))
    clock.initialise()
    assert clock.timestamp_frequency() == 1_000_000_000
    assert clock.is_calibrated()


def test_a_silent_timer_ends_the_wait(machine: SimulatedMachine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "port_read", lambda port, size: 0)
    assert pit.measure_timestamp(u64(5000)) == 0


def test_the_pit_ticks_without_a_local_apic(machine: SimulatedMachine) -> None:
    pic.initialise()
    clock.initialise()
    assert pic.PIC.in_use
    assert pic.PIC.mask & 1 == 0
    before = clock.ticks()
    handler = hooks.HOOKS.timer
    handler()
    assert clock.ticks() == before + 1


def test_nanoseconds_never_go_back(machine: SimulatedMachine) -> None:
    clock.initialise()
    times = [clock.CLOCK.nanoseconds() for _ in range(100)]
    assert times == sorted(times)


def test_instants() -> None:
    assert milliseconds(1_999_999) == 1
    assert seconds_text(12_345_678_901) == "12.345"
    assert seconds_text(5_000_000) == "0.005"
