"""The simulated machine, reached through the instructions that kernel sources use."""

from __future__ import annotations

import pytest

from runtime.host.clock import SimulatedClock
from runtime.host.errors import MachineFault, MachineStopped, NotSimulated
from runtime.host.image import SimulatedImage, image
from runtime.host.machine import MSR_GS_BASE, MSR_KERNEL_GS_BASE, SimulatedMachine, StrayAccess, machine, use_machine
from runtime.lang import (
    allow_user_access,
    breakpoint_trap,
    compiler_fence,
    cpuid,
    disable_interrupts,
    embedded_file,
    enable_interrupts,
    enable_interrupts_and_halt,
    forbid_user_access,
    halt,
    invalidate_page,
    linker_symbol,
    load_fence,
    load_gdt,
    load_idt,
    load_task_register,
    memory_fence,
    new_array,
    port_read,
    port_write,
    read_cr0,
    read_cr2,
    read_cr3,
    read_cr4,
    read_flags,
    read_frame_pointer,
    read_gs,
    read_msr,
    read_stack_pointer,
    read_timestamp,
    spin_pause,
    store_fence,
    swap_gs,
    u8,
    u16,
    u32,
    u64,
    write_back_invalidate_caches,
    write_cr0,
    write_cr3,
    write_cr4,
    write_gs,
    write_msr,
)


class SerialPort:
    """Echoes what it is told in its registers."""

    def __init__(self) -> None:
        self.registers = [0] * 8

    def read(self, offset: int, size: int) -> int:
        return self.registers[offset] | 0xAB00

    def write(self, offset: int, size: int, value: int) -> None:
        self.registers[offset] = value


@pytest.fixture(autouse=True)
def _own_machine(simulated_machine):
    return simulated_machine


def test_ports_reach_their_device():
    port = SerialPort()
    machine().map_port(range(0x3F8, 0x400), port)
    port_write(u8, u16(0x3F9), u8(0x41))
    assert port.registers[1] == 0x41
    value = port_read(u8, u16(0x3F9))
    assert (value, type(value)) == (0x41, u8)
    assert port_read(u16, 0x3F9) == 0xAB41
    with pytest.raises(ValueError, match="overlaps"):
        machine().map_port(range(0x3FF, 0x401), port)
    with pytest.raises(ValueError, match="no range"):
        machine().map_port(range(0xFFFF, 0x10001), port)


def test_empty_ports_float_and_are_recorded():
    assert port_read(u32, 0xCFC) == 0xFFFF_FFFF
    port_write(u16, 0x80, 7)
    assert machine().stray_accesses == [StrayAccess(0xCFC, 4, None), StrayAccess(0x80, 2, 7)]


def test_port_accesses_are_typed():
    with pytest.raises(OverflowError):
        port_write(u8, 0x80, 256)
    with pytest.raises(OverflowError):
        port_read(u8, 0x10000)
    with pytest.raises(TypeError):
        port_read(u64, 0x80)


def test_registers():
    for read, write, value in ((read_cr0, write_cr0, 1), (read_cr3, write_cr3, 2**64 - 1), (read_cr4, write_cr4, 3)):
        write(u64(value))
        assert (read(), type(read())) == (value, u64)
    machine().control_registers[2] = 0xDEAD
    assert read_cr2() == 0xDEAD
    with pytest.raises(MachineFault):
        read_msr(0x1B)
    write_msr(u32(0x1B), u64(5))
    assert read_msr(0x1B) == 5
    load_gdt(u64(0x1000))
    load_idt(u64(0x2000))
    load_task_register(u16(0x28))
    invalidate_page(u64(0x3000))
    simulated = machine()
    assert simulated.descriptor_tables == {"gdt": 0x1000, "idt": 0x2000}
    assert (simulated.task_register, simulated.invalidated_pages) == (0x28, [0x3000])
    simulated.frame_pointer, simulated.stack_pointer = 16, 8
    assert (read_frame_pointer(), read_stack_pointer()) == (16, 8)
    simulated.cpuid_leaves[7, 0] = (1, 2, 3, 4)
    assert (cpuid(u32(7), u32(0)), cpuid(8, 0)) == ((1, 2, 3, 4), (0, 0, 0, 0))


def test_flags_follow_the_instructions():
    enable_interrupts()
    allow_user_access()
    assert read_flags() == 1 << 1 | 1 << 9 | 1 << 18
    disable_interrupts()
    forbid_user_access()
    assert read_flags() == 2


def test_gs():
    area = new_array(u64, 4)
    write_msr(u32(MSR_KERNEL_GS_BASE), area.pointer.address)
    swap_gs()
    assert read_msr(u32(MSR_GS_BASE)) == area.pointer.address
    write_gs(u64(8), u64(77))
    assert (area[1], read_gs(u64(8))) == (77, 77)


def test_interrupts_wait_until_they_are_enabled():
    seen = []
    machine().connect_interrupt(32, lambda: seen.append(machine().interrupts_enabled))
    machine().request_interrupt(32)
    assert not seen
    enable_interrupts()
    assert seen == [False]
    assert machine().interrupts_enabled
    with pytest.raises(MachineFault, match="no handler"):
        machine().request_interrupt(33)


def test_halt_wakes_by_the_clock():
    simulated, ticks = machine(), []
    simulated.connect_interrupt(32, lambda: ticks.append(simulated.clock.now))
    simulated.clock.call_at(500, lambda: None)
    simulated.clock.call_at(1000, lambda: simulated.request_interrupt(32))
    enable_interrupts_and_halt()
    assert (ticks, simulated.halts) == ([1000], 1)
    with pytest.raises(MachineStopped):
        halt()


def test_a_pending_interrupt_is_not_lost():
    handled = []
    machine().connect_interrupt(32, lambda: handled.append(1))
    machine().request_interrupt(32)
    enable_interrupts_and_halt()
    assert handled == [1]


def test_halting_with_interrupts_off_is_the_end():
    machine().clock.call_at(5, lambda: None)
    with pytest.raises(MachineStopped):
        halt()


def test_waits_end():
    deadline = int(read_timestamp()) + 10_000
    while read_timestamp() < deadline:
        spin_pause()
    machine().spin_limit = 200
    with pytest.raises(MachineStopped, match="without a bound"):
        while True:
            spin_pause()


def test_a_halt_starts_the_count_of_pauses_anew():
    simulated = machine()
    simulated.spin_limit = 3
    simulated.connect_interrupt(32, lambda: None)
    for _ in range(3):
        for _ in range(3):
            spin_pause()
        simulated.clock.call_at(simulated.clock.now + 1, lambda: simulated.request_interrupt(32))
        enable_interrupts_and_halt()


def test_breakpoints_and_fences():
    caught = []
    breakpoint_trap()
    machine().connect_interrupt(3, lambda: caught.append(3))
    breakpoint_trap()
    assert (machine().breakpoints, caught) == (2, [3])
    for fence in (memory_fence, load_fence, store_fence, compiler_fence, write_back_invalidate_caches):
        fence()


def test_machines_nest():
    outer = machine()
    with use_machine(SimulatedMachine()) as inner:
        assert machine() is inner
    assert machine() is outer


def test_clock_calls_in_order():
    clock, calls = SimulatedClock(timestamp_hertz=2_000_000_000), []
    clock.call_at(20, lambda: calls.append(("b", clock.now)))
    clock.call_at(10, lambda: calls.append(("a", clock.now)))
    clock.call_at(20, lambda: calls.append(("c", clock.now)))
    assert clock.next_due() == 10
    clock.advance(19)
    assert (calls, clock.now) == ([("a", 10)], 19)
    clock.advance(1)
    assert calls == [("a", 10), ("b", 20), ("c", 20)]
    assert (clock.next_due(), clock.timestamp()) == (None, 40)
    with pytest.raises(ValueError, match="back"):
        clock.advance(-1)


def test_image_symbols_and_files(monkeypatch):
    monkeypatch.setitem(image.symbols, "__text_start", 0x1000)
    monkeypatch.setitem(image.files, "hello", b"\x7fELF")
    assert (linker_symbol("__text_start"), embedded_file("hello")) == (0x1000, b"\x7fELF")
    for missing in (SimulatedImage().symbol, SimulatedImage().file):
        with pytest.raises(NotSimulated):
            missing("nothing")
