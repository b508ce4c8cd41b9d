"""Raw memory for items of one type: what lists stand on.

A slot is alive (holds a value whose count it owns) or raw. Moving takes the bytes and leaves raw memory behind;
copying adds a reference. Types without counts are copied as plain bytes.
"""

from __future__ import annotations

from typing import Final, TypeVar

from runtime.lang import (
    Ptr,
    copy_memory,
    external,
    initialise_slot,
    inline,
    is_managed,
    linker_symbol,
    move_memory,
    no_raise,
    size_of,
    u8,
    u64,
)

T = TypeVar("T")

LARGEST_COUNT: Final = 0x00FF_FFFF_FFFF_FFFF  # slots whose bytes still fit an address


@external("pyc_allocate")
@no_raise
def allocate(size: u64) -> u64:
    raise NotImplementedError


@external("pyc_free")
@no_raise
def free(address: u64) -> None:
    raise NotImplementedError


def slot_memory(count: int, size: u64) -> u64:
    """The address of raw memory for ``count`` slots of ``size`` bytes; 0 for none."""
    if count == 0:
        return 0
    if count > LARGEST_COUNT:
        raise MemoryError
    address = allocate(u64(count) * size)
    if address == 0:
        raise MemoryError
    return address


@inline
def free_slots(address: u64) -> None:
    """Give back slots that are all raw. The first items of a compile-time list lie in the image, which stays."""
    if address != 0 and (address < linker_symbol("__image_start") or address >= linker_symbol("__image_end")):
        free(address)


@inline
def move_slots(destination: Ptr[T], source: Ptr[T], count: int) -> None:
    """Move values, which may overlap; their counts stay as they are."""
    if count > 0:
        move_memory(destination.cast(u8), source.cast(u8), u64(count) * size_of(T))  # type: ignore[misc]


def copy_slots(destination: Ptr[T], source: Ptr[T], count: int) -> None:
    """New references to ``count`` values in raw slots."""
    if count <= 0:
        return
    if not is_managed(T):  # type: ignore[misc]
        copy_memory(destination.cast(u8), source.cast(u8), u64(count) * size_of(T))  # type: ignore[misc]
        return
    index = 0
    while index < count:
        initialise_slot(destination, index, source[index])
        index += 1
