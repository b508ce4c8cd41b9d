"""Taking the memory map and leaving boot services. UEFI 2.10, 7.2.3 and 7.4.6.

The map's buffer is ours (.bss), so reading it allocates nothing. ExitBootServices refuses when the map has changed
since its key was taken (a timer of the firmware is enough), so both are repeated; from the first attempt on only the
memory services may be called, and nothing else is.
"""

from __future__ import annotations

from typing import Final

from kernel.boot.boot_info import BOOT_INFO, MEMORY_MAP
from kernel.boot.firmware_calls import SCRATCH
from kernel.boot.uefi_tables import OUT_OF_RESOURCES, SUCCESS, BootServices
from kernel.config import EXIT_BOOT_SERVICES_TRIES, MEMORY_MAP_BYTES, MEMORY_MAP_SLACK
from runtime.lang import Ptr, u8, u64

# Bytes of EFI_MEMORY_DESCRIPTOR in the specification; firmware may have more, never less.
SMALLEST_DESCRIPTOR: Final = 40


def read_memory_map(services: Ptr[BootServices]) -> u64:
    """Fill MEMORY_MAP and what describes it; the answer is firmware's status."""
    SCRATCH[0] = MEMORY_MAP_BYTES
    SCRATCH[1] = 0
    SCRATCH[2] = 0
    SCRATCH[3] = 0
    words = SCRATCH.pointer
    status = services[0].get_memory_map(words, MEMORY_MAP.pointer, words + 1, words + 2, words + 3)
    if status != SUCCESS:
        return status
    if SCRATCH[0] > MEMORY_MAP_BYTES or SCRATCH[2] < SMALLEST_DESCRIPTOR:
        return OUT_OF_RESOURCES
    BOOT_INFO.map_size = SCRATCH[0]
    BOOT_INFO.map_key = SCRATCH[1]
    BOOT_INFO.descriptor_size = SCRATCH[2]
    return SUCCESS


def map_may_grow() -> bool:
    """Whether the buffer still has the slack that the next reading may need."""
    return BOOT_INFO.map_size + MEMORY_MAP_SLACK * BOOT_INFO.descriptor_size <= MEMORY_MAP_BYTES


def leave_boot_services(services: Ptr[BootServices], image: Ptr[u8]) -> u64:
    """Read the map and exit, again and again until both agree. Afterwards MEMORY_MAP is the final map."""
    status = OUT_OF_RESOURCES
    for _ in range(EXIT_BOOT_SERVICES_TRIES):
        status = read_memory_map(services)
        if status != SUCCESS:
            return status
        status = services[0].exit_boot_services(image, BOOT_INFO.map_key)
        if status == SUCCESS:
            return SUCCESS
    return status
