"""Calls of boot services in a shape that Python likes: scratch words for results, GUIDs as two words.

SCRATCH is the memory that firmware writes results to. Owner: the boot CPU, until boot services are gone; each
function uses it from its first line to its last, and none calls another that does.
"""

from __future__ import annotations

from kernel.boot.uefi_tables import (
    ALLOCATE_ANY_PAGES,
    ALLOCATE_BELOW,
    SUCCESS,
    BootServices,
)
from runtime.lang import Ptr, new_array, u8, u32, u64

SCRATCH = new_array(u64, 8)


def locate_protocol(services: Ptr[BootServices], low: u64, high: u64) -> u64:
    """The address of the first instance of a protocol, 0 when there is none."""
    SCRATCH[0] = low
    SCRATCH[1] = high
    SCRATCH[2] = 0
    words = SCRATCH.pointer
    if services[0].locate_protocol(words, 0, words + 2) != SUCCESS:
        return 0
    return SCRATCH[2]


def handle_protocol(services: Ptr[BootServices], handle: Ptr[u8], low: u64, high: u64) -> u64:
    """The address of a handle's protocol, 0 when it has none."""
    SCRATCH[0] = low
    SCRATCH[1] = high
    SCRATCH[2] = 0
    words = SCRATCH.pointer
    if services[0].handle_protocol(handle, words, words + 2) != SUCCESS:
        return 0
    return SCRATCH[2]


def allocate_pages_below(services: Ptr[BootServices], limit: u64, memory_type: u32, pages: u64) -> u64:
    """The address of consecutive pages that end at or below `limit`, 0 when there are none."""
    SCRATCH[0] = limit
    if services[0].allocate_pages(ALLOCATE_BELOW, memory_type, pages, SCRATCH.pointer) != SUCCESS:
        return 0
    return SCRATCH[0]


def allocate_pages(services: Ptr[BootServices], memory_type: u32, pages: u64) -> u64:
    """The address of consecutive pages anywhere, 0 when there are none."""
    SCRATCH[0] = 0
    if services[0].allocate_pages(ALLOCATE_ANY_PAGES, memory_type, pages, SCRATCH.pointer) != SUCCESS:
        return 0
    return SCRATCH[0]
