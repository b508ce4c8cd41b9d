"""One function per privileged or special instruction. On CPython each goes to the current `SimulatedMachine`.

A typed access names its type: `port_read(u8, port)`. Values are u64 unless said otherwise.
"""

from __future__ import annotations

from runtime.host.machine import SimulatedMachine, machine
from runtime.lang.integers import u32, u64, width_class
from runtime.lang.pointers import checked_address
from runtime.lang.widths import overflow

PORT_MAXIMUM = 0xFFFF


def _port_access(width: type[int], port: int) -> tuple[SimulatedMachine, int, int]:
    """The machine, the port and the bytes of an access: u8, u16 or u32, as `in` and `out` know them."""
    kind = width_class(width)
    if kind.signed or kind.bits > 32:
        raise TypeError(f"a port has no access of type {width.__name__}")
    if not 0 <= port <= PORT_MAXIMUM:
        raise overflow()
    return machine(), int(port), kind.bits // 8


def port_read(width: type[int], port: int) -> int:
    """in"""
    simulated, number, size = _port_access(width, port)
    return width(simulated.port_read(number, size))


def port_write(width: type[int], port: int, value: int) -> None:
    """out"""
    simulated, number, size = _port_access(width, port)
    simulated.port_write(number, size, int(width(value)))


def read_msr(register: int) -> int:
    """rdmsr; `register` is a u32."""
    return u64(machine().read_msr(int(u32(register))))


def write_msr(register: int, value: int) -> None:
    """wrmsr; `register` is a u32."""
    machine().write_msr(int(u32(register)), checked_address(value))


def read_cr0() -> int:
    """CR0: operating modes."""
    return u64(machine().control_registers[0])


def read_cr2() -> int:
    """CR2: the address of the last page fault."""
    return u64(machine().control_registers[2])


def read_cr3() -> int:
    """CR3: the physical address of the top page table."""
    return u64(machine().control_registers[3])


def read_cr4() -> int:
    """CR4: processor features."""
    return u64(machine().control_registers[4])


def write_cr0(value: int) -> None:
    """Set CR0."""
    machine().control_registers[0] = checked_address(value)


def write_cr3(value: int) -> None:
    """Set CR3, which also drops the translations that are not global."""
    machine().control_registers[3] = checked_address(value)


def write_cr4(value: int) -> None:
    """Set CR4."""
    machine().control_registers[4] = checked_address(value)


def invalidate_page(address: int) -> None:
    """invlpg: drop the translation of one page."""
    machine().invalidated_pages.append(checked_address(address))


def halt() -> None:
    """hlt: sleep until the next interrupt."""
    machine().halt()


def enable_interrupts() -> None:
    """sti"""
    machine().set_interrupts(True)


def disable_interrupts() -> None:
    """cli"""
    machine().set_interrupts(False)


def enable_interrupts_and_halt() -> None:
    """sti; hlt: no interrupt comes between the two."""
    machine().enable_interrupts_and_halt()


def read_flags() -> int:
    """pushfq; pop: the RFLAGS register."""
    return u64(machine().flags())


def load_gdt(descriptor_address: int) -> None:
    """lgdt; the descriptor is ten bytes: limit, base."""
    machine().descriptor_tables["gdt"] = checked_address(descriptor_address)


def load_idt(descriptor_address: int) -> None:
    """lidt; the descriptor is ten bytes: limit, base."""
    machine().descriptor_tables["idt"] = checked_address(descriptor_address)


def load_task_register(selector: int) -> None:
    """ltr; `selector` is a u16."""
    machine().task_register = int(selector)


def cpuid(leaf: int, subleaf: int) -> tuple[int, int, int, int]:
    """eax, ebx, ecx, edx as u32; zeros for a leaf that the machine lacks."""
    a, b, c, d = machine().cpuid_leaves.get((int(leaf), int(subleaf)), (0, 0, 0, 0))
    return u32(a), u32(b), u32(c), u32(d)


def read_timestamp() -> int:
    """rdtsc"""
    return u64(machine().read_timestamp())


def spin_pause() -> None:
    """pause: tells the processor that this is a waiting loop."""
    machine().spin_pause()


def breakpoint_trap() -> None:
    """int3"""
    machine().breakpoint_trap()


def allow_user_access() -> None:
    """stac: the kernel may touch user pages from here on."""
    machine().user_access_allowed = True


def forbid_user_access() -> None:
    """clac: the kernel may no longer touch user pages."""
    machine().user_access_allowed = False


def memory_fence() -> None:
    """mfence: all accesses before it are done before any after it."""


def load_fence() -> None:
    """lfence: loads before it are done before anything after it."""


def store_fence() -> None:
    """sfence: stores before it are visible before any after it."""


def compiler_fence() -> None:
    """No instruction: the compiler moves no memory access across it."""


def write_back_invalidate_caches() -> None:
    """wbinvd: CPython memory has no caches to write back."""


def swap_gs() -> None:
    """swapgs"""
    machine().swap_gs()


def read_gs(offset: int) -> int:
    """Eight bytes at gs:[offset]."""
    return u64(machine().read_gs(int(offset)))


def write_gs(offset: int, value: int) -> None:
    """Set eight bytes at gs:[offset]."""
    machine().write_gs(int(offset), checked_address(value))


def read_frame_pointer() -> int:
    """rbp; a test that walks frames sets it in the machine, 0 ends the chain."""
    return u64(machine().frame_pointer)


def read_stack_pointer() -> int:
    """rsp"""
    return u64(machine().stack_pointer)
