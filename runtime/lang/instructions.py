"""One function per privileged or special instruction."""

from __future__ import annotations


def port_read(width: type[int], port: int) -> int:
    raise NotImplementedError


def port_write(width: type[int], port: int, value: int) -> None:
    raise NotImplementedError


def read_msr(register: int) -> int:
    raise NotImplementedError


def write_msr(register: int, value: int) -> None:
    raise NotImplementedError


def read_cr0() -> int:
    raise NotImplementedError


def read_cr2() -> int:
    raise NotImplementedError


def read_cr3() -> int:
    raise NotImplementedError


def read_cr4() -> int:
    raise NotImplementedError


def write_cr0(value: int) -> None:
    raise NotImplementedError


def write_cr3(value: int) -> None:
    raise NotImplementedError


def write_cr4(value: int) -> None:
    raise NotImplementedError


def invalidate_page(address: int) -> None:
    raise NotImplementedError


def halt() -> None:
    raise NotImplementedError


def enable_interrupts() -> None:
    raise NotImplementedError


def disable_interrupts() -> None:
    raise NotImplementedError


def enable_interrupts_and_halt() -> None:
    raise NotImplementedError


def read_flags() -> int:
    raise NotImplementedError


def load_gdt(descriptor_address: int) -> None:
    raise NotImplementedError


def load_idt(descriptor_address: int) -> None:
    raise NotImplementedError


def load_task_register(selector: int) -> None:
    raise NotImplementedError


def cpuid(leaf: int, subleaf: int) -> tuple[int, int, int, int]:
    raise NotImplementedError


def read_timestamp() -> int:
    raise NotImplementedError


def spin_pause() -> None:
    raise NotImplementedError


def breakpoint_trap() -> None:
    raise NotImplementedError


def allow_user_access() -> None:
    raise NotImplementedError


def forbid_user_access() -> None:
    raise NotImplementedError


def memory_fence() -> None:
    raise NotImplementedError


def load_fence() -> None:
    raise NotImplementedError


def store_fence() -> None:
    raise NotImplementedError


def compiler_fence() -> None:
    raise NotImplementedError


def write_back_invalidate_caches() -> None:
    raise NotImplementedError


def swap_gs() -> None:
    raise NotImplementedError


def read_gs(offset: int) -> int:
    raise NotImplementedError


def write_gs(offset: int, value: int) -> None:
    raise NotImplementedError


def read_frame_pointer() -> int:
    raise NotImplementedError


def read_stack_pointer() -> int:
    raise NotImplementedError
