"""The simulated object core as a fixture."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.runtime.core.simulated_objects import ObjectMachine


@pytest.fixture(scope="module")
def core() -> Iterator[ObjectMachine]:
    """The core's modules run on simulated objects for the tests of one file."""
    machine = ObjectMachine()
    with pytest.MonkeyPatch.context() as patch:
        machine.install(patch)
        yield machine
