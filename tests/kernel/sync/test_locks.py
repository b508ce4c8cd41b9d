"""Guards and spin locks on a simulated CPU: nesting, order, and what must not happen under them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kernel.sync import spinlock
from kernel.sync.interrupt_guard import INTERRUPTS_DISABLED
from kernel.sync.once import Once, OnceWord
from kernel.sync.per_cpu import cpu_index, holds_spin_lock, interrupts_held_off
from kernel.sync.spinlock import LockRank, LockWord, SpinLock
from runtime.host.machine import SimulatedMachine
from runtime.lang import zeroed
from tests.kernel.memory_bench import machine_with_memory


class Panicked(Exception):
    """Where the machine would have stopped."""


def stop_with(reason: str) -> None:
    raise Panicked(reason)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Iterator[SimulatedMachine]:
    monkeypatch.setattr(spinlock, "panic", stop_with)
    monkeypatch.setattr(spinlock, "panic_with", lambda reason, _error: stop_with(reason))
    with machine_with_memory(1 << 18) as simulated:
        simulated.interrupts_enabled = True
        yield simulated


def lock(rank: LockRank) -> SpinLock:
    return SpinLock(rank, zeroed(LockWord))


def test_guards_nest(machine: SimulatedMachine) -> None:
    with INTERRUPTS_DISABLED:
        with INTERRUPTS_DISABLED:
            assert not machine.interrupts_enabled
        assert not machine.interrupts_enabled
        assert interrupts_held_off()
    assert machine.interrupts_enabled
    assert cpu_index() == 0


def test_disabled_interrupts_stay_disabled(machine: SimulatedMachine) -> None:
    machine.interrupts_enabled = False
    with INTERRUPTS_DISABLED:
        pass
    assert not machine.interrupts_enabled


def test_ascending_locks_pass(machine: SimulatedMachine) -> None:
    heap, frames = lock(LockRank.HEAP), lock(LockRank.FRAMES)
    with heap, frames:
        assert holds_spin_lock()
        assert not machine.interrupts_enabled
    assert not holds_spin_lock()
    assert machine.interrupts_enabled


@pytest.mark.parametrize(
    ("first", "second"),
    [(LockRank.FRAMES, LockRank.HEAP), (LockRank.HEAP, LockRank.HEAP), (LockRank.LOG, LockRank.CONSOLE)],
)
def test_other_orders_panic(machine: SimulatedMachine, first: LockRank, second: LockRank) -> None:
    outer = lock(first)
    outer.acquire()
    with pytest.raises(Panicked, match="out of order"):
        lock(second).acquire()


def test_releasing_what_is_not_held_panics(machine: SimulatedMachine) -> None:
    with pytest.raises(Panicked, match="does not hold"):
        lock(LockRank.HEAP).release()


def test_an_exception_under_a_lock_panics(machine: SimulatedMachine) -> None:
    held = lock(LockRank.HEAP)
    with pytest.raises(Panicked, match="left a spin lock"), held:
        raise ValueError


def test_once_means_once(machine: SimulatedMachine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kernel.sync.once.panic", stop_with)
    step = Once(zeroed(OnceWord))
    assert not step.has_begun()
    step.begin()
    assert step.has_begun()
    with pytest.raises(Panicked, match="twice"):
        step.begin()
