"""Device registers, the framebuffer and firmware tables outside of RAM:

mapped where the kernel can reach them. Rank 5.

One stretch of kernel address space is handed out from low to high and never taken back: a device stays for the life
of the machine. The boot code uses the first part for the framebuffer and says how much (`reserve`). Owner of the
state: KERNEL_SPACE_LOCK.
"""

from __future__ import annotations

from kernel.arch.x86_64.address_layout import DEVICE_MEMORY, LARGE_PAGE, PAGE_SIZE
from kernel.arch.x86_64.page_table import Protection, map_range
from kernel.config import DEVICE_MEMORY_BYTES
from kernel.mm import direct_map
from kernel.mm.kernel_space import KERNEL_SPACE_LOCK, kernel_root
from runtime.abi.error_numbers import EINVAL
from runtime.lang import PhysicalAddress, VirtualAddress, u64


class DeviceMemory:
    """The next address that has not been handed out."""

    next: u64 = DEVICE_MEMORY


DEVICES = DeviceMemory()


def reserve(end: u64) -> None:
    """Everything below `end` is in use already."""
    if end > DEVICES.next:
        DEVICES.next = end


def map_device(physical: PhysicalAddress, size: u64) -> VirtualAddress:
    """Map registers uncached. Any alignment; the answer points at the very byte asked for."""
    return map_physical(physical, size, Protection.DEVICE)


def map_framebuffer(physical: PhysicalAddress, size: u64) -> VirtualAddress:
    """Map a framebuffer write-combining: fast to write, never to be read."""
    return map_physical(physical, size, Protection.FRAMEBUFFER)


def reach(physical: PhysicalAddress, size: u64) -> VirtualAddress:
    """Firmware data of any memory type (ACPI tables): through the direct map where it is RAM, else mapped read-only."""
    if direct_map.is_mapped(physical, size):
        return direct_map.to_virtual(physical)
    return map_physical(physical, size, Protection.KERNEL_READ)


def map_physical(physical: PhysicalAddress, size: u64, protection: Protection) -> VirtualAddress:
    """MemoryError when tables or address space run out, EINVAL for a size that makes no sense."""
    if size == 0 or size > DEVICE_MEMORY_BYTES:
        raise OSError(EINVAL, "no device is that large")
    first = physical.value & ~(PAGE_SIZE - 1)
    offset = physical.value - first
    pages = (offset + size + (PAGE_SIZE - 1)) & ~(PAGE_SIZE - 1)
    KERNEL_SPACE_LOCK.acquire()
    try:
        start = claim_addresses(first, pages)
        map_range(kernel_root(), VirtualAddress(start), PhysicalAddress(first), pages, protection)
    finally:
        KERNEL_SPACE_LOCK.release()
    return VirtualAddress(start + offset)


def claim_addresses(physical: u64, size: u64) -> u64:
    """Address space of the same offset within a large page as the physical memory, so that large pages fit."""
    start = DEVICES.next
    if size >= LARGE_PAGE:
        start = ((start + (LARGE_PAGE - 1)) & ~(LARGE_PAGE - 1)) + physical % LARGE_PAGE
    # One page stays free between neighbours: running past the end of one device never reaches the next.
    end = start + size + PAGE_SIZE
    if end > DEVICE_MEMORY + DEVICE_MEMORY_BYTES:
        raise MemoryError
    DEVICES.next = end
    return start
