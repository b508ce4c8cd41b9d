"""What can go wrong in the simulated world: each a fault that real hardware would answer with silence or a crash."""

from __future__ import annotations


class SimulationError(Exception):
    """Base of everything that only the CPython face can report."""


class MemoryFault(SimulationError):
    """An access that the program had no right to make."""


class OutOfBounds(MemoryFault):
    """No arena holds all of the bytes of the access."""


class UseAfterFree(MemoryFault):
    """The arena of the access has been released."""


class MisalignedAccess(MemoryFault):
    """An atomic access whose address is no multiple of its size."""


class OverlappingCopy(MemoryFault):
    """`copy_memory` on ranges that share bytes; `move_memory` is meant for these."""


class BadFunctionPointer(MemoryFault):
    """A call through an address at which no function lives."""


class MemoryLeak(SimulationError):
    """Arenas that were still alive when a check expected none."""


class NotSimulated(SimulationError):
    """Something that has a meaning in compiled code only."""


class MachineFault(SimulationError):
    """An instruction that a processor would answer with a general protection fault."""


class MachineStopped(SimulationError):
    """The processor halted and nothing is left that could wake it."""
