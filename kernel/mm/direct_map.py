"""Physical to virtual and back, for RAM that the direct map covers. Rank 5.

The direct map shows every byte of RAM at DIRECT_MAP + physical address: writable and never executable, except for the
frames of the kernel image that are read-only there too. Other physical memory (device registers, tables in reserved
areas) is reached by `device_memory`. The conversions are arithmetic plus a range test; `is_mapped` asks the tables.
"""

from __future__ import annotations

from kernel.arch.x86_64.address_layout import DIRECT_MAP, DIRECT_MAP_END, KERNEL_IMAGE, PAGE_SIZE
from kernel.arch.x86_64.page_table import look_up, translate
from kernel.mm.kernel_space import kernel_root
from runtime.abi.error_numbers import EFAULT
from runtime.lang import PhysicalAddress, Ptr, VirtualAddress, u8, u64


def to_virtual(physical: PhysicalAddress) -> VirtualAddress:
    """The address in the direct map. EFAULT beyond its 64 TiB."""
    if physical.value >= DIRECT_MAP_END - DIRECT_MAP:
        raise OSError(EFAULT, "beyond the direct map")
    return VirtualAddress(DIRECT_MAP + physical.value)


def bytes_at(physical: PhysicalAddress) -> Ptr[u8]:
    """RAM as bytes."""
    return Ptr[u8](to_virtual(physical).value)


def to_physical(address: VirtualAddress) -> PhysicalAddress:
    """The physical address behind a kernel address, of the direct map or of the image. EFAULT for anything else."""
    value = address.value
    if value >= DIRECT_MAP and value < DIRECT_MAP_END:
        return PhysicalAddress(value - DIRECT_MAP)
    if value >= KERNEL_IMAGE:
        return translate(kernel_root(), address)
    raise OSError(EFAULT, "neither in the direct map nor in the image")


def is_mapped(physical: PhysicalAddress, size: u64) -> bool:
    """Whether the direct map shows all of [physical, physical + size)."""
    limit: u64 = DIRECT_MAP_END - DIRECT_MAP
    if physical.value >= limit or size > limit - physical.value:
        return False
    page = physical.value & ~(PAGE_SIZE - 1)
    while page < physical.value + size:
        if look_up(kernel_root(), VirtualAddress(DIRECT_MAP + page)) == 0:
            return False
        page += PAGE_SIZE
    return True
