"""A source as the kernel writes them: the type checker must accept every line, and it must run on CPython."""

from __future__ import annotations

from typing import Final, NoReturn, Protocol

from runtime.lang import (
    Array,
    FunctionPointer,
    PhysicalAddress,
    Ptr,
    UserPtr,
    VirtualAddress,
    array_at,
    array_field,
    assembly,
    atomic_add,
    atomic_compare_exchange,
    atomic_load,
    bits,
    copy_memory,
    cpuid,
    export,
    fill_memory,
    function_address,
    i16,
    interrupt,
    max_of,
    microsoft_x64,
    naked,
    new_array,
    no_raise,
    offset_of,
    padding,
    pointer_to,
    port_read,
    port_write,
    section,
    size_of,
    struct,
    struct_field,
    truncate,
    u8,
    u16,
    u32,
    u64,
    unreachable,
    volatile_read,
    volatile_write,
    wrapping_add,
    zeroed,
)

SECTOR_SIZE: Final = 512
PAGE_MASK: Final = ~0xFFF
LINE_STATUS: Final[u16] = 0x3FD


class ResetSystem(FunctionPointer, Protocol):
    """A firmware service."""

    @microsoft_x64
    def __call__(self, kind: u32, status: u64) -> u64: ...


@struct
class Header:
    """Starts every table."""

    signature: u64
    revision: u32
    size: u32


@struct(packed=True, align=16)
class Table:
    """One of each kind of field."""

    header: Header = struct_field()
    name: Array[u8] = array_field(8)
    entries: Array[Header] = array_field(2)
    present: u8 = bits(1)
    writable: u8 = bits(1)
    _reserved: u8 = padding(3)
    reset: ResetSystem
    next: Ptr[Table]
    base: PhysicalAddress


buffer: Array[u8] = new_array(u8, SECTOR_SIZE, align=16)
counter: Array[u64] = new_array(u64, 1)
current: Table | None = None


@naked
@export("sample_entry")
@section(".text.boot")
def entry() -> u64:
    assembly("""
    mov rax, {SECTOR_SIZE}   # the constant
    ret
    """)


@no_raise
@interrupt
def on_tick() -> None:
    atomic_add(counter.pointer, 1)


def fatal() -> NoReturn:
    unreachable()


def table() -> Table:
    if current is None:
        fatal()
    return current


def mixed(a: u8, b: u16, text: list[int]) -> int:
    total: u16 = a + b
    total += 1
    address: u64 = u64(total) & PAGE_MASK
    low = truncate(u8, address)
    return int(wrapping_add(low, 250)) + text[a] + int(max_of(i16))


def memory_work(source: Array[u8]) -> bytes:
    buffer.fill(u8(0))
    buffer[0:4].copy_from(source)
    pointer: Ptr[u8] = buffer.pointer + 4
    copy_memory(pointer, buffer.pointer, u64(4))
    fill_memory(pointer + 4, u8(0xFF), u64(2))
    words: Ptr[u32] = buffer.pointer.cast(u32)
    volatile_write(words + 3, volatile_read(words))
    distance: int = (words + 3) - words
    return bytes(buffer[: 4 * distance + 4])


def struct_work() -> str:
    made = zeroed(Table)
    made.header = Header(u64(0x42), revision=u32(2), size=24)
    made.entries[1].size = u32(7)
    made.present = u8(1)
    made.next = pointer_to(made)
    made.base = PhysicalAddress(u64(0x1000)) + 16
    same: Table = made.next[0]
    head = Header(1, 2, 3)
    other: Ptr[Header] = pointer_to(head)
    other[0].size += 1
    return f"{same.entries[1].size} {same.header.size} {size_of(Table)} {offset_of(Table, 'reset')} {head.size}"


def address_work(a: PhysicalAddress, b: VirtualAddress, user: UserPtr[u32]) -> u64:
    span: int = (a + 5) - a
    if a < a + span and b == b:
        return u64(span) + user.address
    return a.value


def port_work() -> u8:
    port_write(u8, LINE_STATUS, u8(1))
    leaf = cpuid(u32(1), u32(0))
    view = array_at(counter.pointer, 1)
    if atomic_compare_exchange(counter.pointer, atomic_load(counter.pointer), u64(3)) and view[0] == 3:
        return port_read(u8, LINE_STATUS)
    return truncate(u8, leaf[0])


def vector() -> u64:
    return function_address(on_tick) + size_of(u16)
