"""Fixtures for what runs on the CPython face of the vocabulary."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from runtime.host.activation import activate
from runtime.host.arenas import no_leaks
from runtime.host.machine import SimulatedMachine, use_machine

activate()


@pytest.fixture
def checked_memory() -> Iterator[None]:
    """Fails the test if storage it made is still alive at its end."""
    with no_leaks():
        yield


@pytest.fixture
def simulated_machine() -> Iterator[SimulatedMachine]:
    """A machine of the test's own."""
    with use_machine(SimulatedMachine()) as simulated:
        yield simulated
