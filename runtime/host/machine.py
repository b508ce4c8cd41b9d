"""A simulated processor with scripted devices: where the privileged instructions go on CPython.

One machine is current at a time; a test installs its own with `use_machine`. Ports without a device read as all ones,
as an empty bus does, and are recorded in `stray_accesses`. Time passes only by `spin_pause`, `read_timestamp` and
`halt`, so a bounded wait ends and an unbounded one is found (`spin_limit`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Protocol

from runtime.host.arenas import Arena, MemoryDevice, memory
from runtime.host.clock import SimulatedClock
from runtime.host.errors import MachineFault, MachineStopped

FLAG_ALWAYS_ONE: Final = 1 << 1  # Intel SDM volume 1, 3.4.3 "EFLAGS Register"
FLAG_INTERRUPT: Final = 1 << 9
FLAG_ALIGNMENT_CHECK: Final = 1 << 18  # set by stac: supervisor access to user pages is allowed
MSR_GS_BASE: Final = 0xC000_0101  # Intel SDM volume 4, table 2-2
MSR_KERNEL_GS_BASE: Final = 0xC000_0102
VECTOR_BREAKPOINT: Final = 3
PORT_LIMIT: Final = 0x1_0000
WORD_BYTES: Final = 8
SPIN_NANOSECONDS: Final = 100  # simulated duration of one pause instruction
TIMESTAMP_NANOSECONDS: Final = 25  # simulated duration of one rdtsc


class PortDevice(Protocol):
    """A device behind input/output ports."""

    def read(self, offset: int, size: int) -> int:
        """The value of `size` bytes at the port `offset` of the mapped range."""

    def write(self, offset: int, size: int, value: int) -> None:
        """Take `size` bytes written to the port `offset` of the mapped range."""


@dataclass(frozen=True, slots=True)
class StrayAccess:
    """An access to a port at which no device lives. `value` is None for a read."""

    port: int
    size: int
    value: int | None


class SimulatedMachine:
    """Registers, ports, interrupts and time of one processor."""

    def __init__(self) -> None:
        self.clock = SimulatedClock()
        self.control_registers = {0: 0x8001_0033, 2: 0, 3: 0, 4: 0x20}  # long mode under firmware: PG WP NE PE, PAE
        self.model_specific_registers: dict[int, int] = {MSR_GS_BASE: 0, MSR_KERNEL_GS_BASE: 0}
        self.cpuid_leaves: dict[tuple[int, int], tuple[int, int, int, int]] = {}
        self.interrupts_enabled = False
        self.user_access_allowed = False
        self.invalidated_pages: list[int] = []
        self.descriptor_tables: dict[str, int] = {}
        self.task_register = 0
        self.frame_pointer = 0
        self.stack_pointer = 0
        self.breakpoints = 0
        self.halts = 0
        self.delivered = 0
        self.spin_limit = 10_000_000
        self.stray_accesses: list[StrayAccess] = []
        self._spins = 0
        self._ports: list[tuple[range, PortDevice]] = []
        self._handlers: dict[int, Callable[[], None]] = {}
        self._pending: list[int] = []

    # Devices

    def map_port(self, ports: range, device: PortDevice) -> None:
        """Put a device behind a range of ports."""
        if ports.step != 1 or not 0 <= ports.start < ports.stop <= PORT_LIMIT:
            raise ValueError(f"{ports} is no range of ports")
        for other, _ in self._ports:
            if other.start < ports.stop and ports.start < other.stop:
                raise ValueError(f"{ports} overlaps {other}")
        self._ports.append((ports, device))

    def map_memory(self, base: int, size: int, device: MemoryDevice) -> Arena:
        """Put a device behind a range of addresses; release the arena to take it away."""
        return memory.map_device(base, size, device)

    def port_read(self, port: int, size: int) -> int:
        """What the device at `port` answers, cut to `size` bytes; all ones without a device."""
        for ports, device in self._ports:
            if port in ports:
                return device.read(port - ports.start, size) & _ones(size)
        self.stray_accesses.append(StrayAccess(port, size, None))
        return _ones(size)

    def port_write(self, port: int, size: int, value: int) -> None:
        """Give `value` to the device at `port`; without one it is lost."""
        for ports, device in self._ports:
            if port in ports:
                device.write(port - ports.start, size, value)
                return
        self.stray_accesses.append(StrayAccess(port, size, value))

    # Registers

    def read_msr(self, register: int) -> int:
        """A model-specific register; one that was never set does not exist."""
        if register not in self.model_specific_registers:
            raise MachineFault(f"rdmsr of {register:#x}, which this machine lacks")
        return self.model_specific_registers[register]

    def write_msr(self, register: int, value: int) -> None:
        """Set a model-specific register, making it exist."""
        self.model_specific_registers[register] = value

    def flags(self) -> int:
        """RFLAGS as far as it is simulated."""
        interrupt = FLAG_INTERRUPT if self.interrupts_enabled else 0
        access = FLAG_ALIGNMENT_CHECK if self.user_access_allowed else 0
        return FLAG_ALWAYS_ONE | interrupt | access

    def swap_gs(self) -> None:
        """Exchange the two GS bases."""
        registers = self.model_specific_registers
        registers[MSR_GS_BASE], registers[MSR_KERNEL_GS_BASE] = registers[MSR_KERNEL_GS_BASE], registers[MSR_GS_BASE]

    def read_gs(self, offset: int) -> int:
        """Eight bytes of per-processor data."""
        return int.from_bytes(memory.read(self._gs_address(offset), WORD_BYTES), "little")

    def write_gs(self, offset: int, value: int) -> None:
        """Set eight bytes of per-processor data."""
        memory.write(self._gs_address(offset), value.to_bytes(WORD_BYTES, "little"))

    def _gs_address(self, offset: int) -> int:
        return (self.model_specific_registers[MSR_GS_BASE] + offset) & _ones(WORD_BYTES)

    # Interrupts and time

    def connect_interrupt(self, vector: int, handler: Callable[[], None]) -> None:
        """Call `handler` when `vector` is delivered."""
        self._handlers[vector] = handler

    def request_interrupt(self, vector: int) -> None:
        """A device asks for an interrupt: delivered now, or when they are enabled."""
        self._pending.append(vector)
        self._deliver()

    def set_interrupts(self, enabled: bool) -> None:
        """cli and sti."""
        self.interrupts_enabled = enabled
        self._deliver()

    def _deliver(self) -> None:
        while self.interrupts_enabled and self._pending:
            self._enter(self._pending.pop(0))

    def _enter(self, vector: int) -> None:
        handler = self._handlers.get(vector)
        if handler is None:
            raise MachineFault(f"interrupt {vector} has no handler")
        self.delivered += 1
        self.interrupts_enabled = False  # an interrupt gate clears IF, and iretq restores it
        handler()
        self.interrupts_enabled = True

    def halt(self) -> None:
        """Sleep until an interrupt has been handled; time jumps to what the clock has waiting."""
        self.halts += 1
        self._spins = 0
        before = self.delivered
        self._deliver()
        while self.delivered == before:
            due = self.clock.next_due()
            if due is None or not self.interrupts_enabled:
                raise MachineStopped("halted with nothing left that could wake the processor")
            self.clock.advance(due - self.clock.now)

    def enable_interrupts_and_halt(self) -> None:
        """sti; hlt: what is pending is delivered after the halt began, so no wake-up is lost."""
        self.interrupts_enabled = True
        self.halt()

    def spin_pause(self) -> None:
        """Let a little time pass; too many in a row mean a wait without a bound."""
        self._spins += 1
        if self._spins > self.spin_limit:
            raise MachineStopped(f"{self._spins} pauses in a row: a wait without a bound")
        self.clock.advance(SPIN_NANOSECONDS)

    def read_timestamp(self) -> int:
        """The timestamp counter, which moves by being read."""
        self.clock.advance(TIMESTAMP_NANOSECONDS)
        return self.clock.timestamp()

    def breakpoint_trap(self) -> None:
        """int3: counted, and delivered if somebody handles the vector."""
        self.breakpoints += 1
        if VECTOR_BREAKPOINT in self._handlers:
            self._handlers[VECTOR_BREAKPOINT]()


def _ones(size: int) -> int:
    return (1 << (8 * size)) - 1


_current: Final[list[SimulatedMachine]] = [SimulatedMachine()]


def machine() -> SimulatedMachine:
    """The machine that instructions go to."""
    return _current[-1]


@contextmanager
def use_machine(simulated: SimulatedMachine) -> Iterator[SimulatedMachine]:
    """Make `simulated` the current machine for a while."""
    _current.append(simulated)
    try:
        yield simulated
    finally:
        _current.pop()
