"""Firmware for tests: boot services as Python functions behind the real tables, and an image in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from kernel.boot import uefi_tables as uefi
from runtime.host.arenas import memory
from runtime.host.functions import address_of_function
from runtime.lang import Ptr, offset_of, size_of, u64

SERVICES_AT = 0x10_0000_0000
SYSTEM_TABLE_AT = SERVICES_AT + 0x1000
CONFIGURATION_AT = SERVICES_AT + 0x2000
DATA_AT = SERVICES_AT + 0x3000
CONVENTIONAL = 7


@dataclass
class FakeFirmware:
    """A memory map as (type, start, pages), and scripted answers."""

    regions: list[tuple[int, int, int]]
    descriptor_size: int = 48
    # ExitBootServices refuses so often before it agrees; each refusal adds a region to the map.
    refusals: int = 0
    next_allocation: int = 0x200_0000
    exited: bool = False
    calls: list[str] = field(default_factory=list)
    key: int = 100
    protocols: dict[tuple[int, int], int] = field(default_factory=dict)

    def get_memory_map(
        self, size: Ptr[int], buffer: Ptr[int], key: Ptr[int], descriptor_size: Ptr[int], version: Ptr[int]
    ) -> int:
        self.calls.append("map")
        wanted = len(self.regions) * self.descriptor_size
        if size[0] < wanted:
            size[0] = u64(wanted)
            return int(uefi.BUFFER_TOO_SMALL)
        for index, (kind, start, pages) in enumerate(self.regions):
            record = kind.to_bytes(8, "little") + start.to_bytes(8, "little") + bytes(8) + pages.to_bytes(8, "little")
            memory.write(int(buffer.address) + index * self.descriptor_size, record + (0xF).to_bytes(8, "little"))
        size[0], key[0], descriptor_size[0] = u64(wanted), u64(self.key), u64(self.descriptor_size)
        return 0

    def exit_boot_services(self, image: Ptr[int], key: int) -> int:
        self.calls.append("exit")
        if self.refusals > 0:
            self.refusals -= 1
            self.key += 1
            self.regions.append((4, 0x300_0000 + len(self.regions) * 0x10000, 1))
        if key != self.key:
            return 0x8000_0000_0000_0002
        self.exited = True
        return 0

    def allocate_pages(self, kind: int, memory_type: int, pages: int, address: Ptr[int]) -> int:
        self.calls.append("allocate")
        address[0] = u64(self.next_allocation)
        self.next_allocation += pages * 4096
        return 0

    def handle_protocol(self, handle: Ptr[int], guid: Ptr[int], interface: Ptr[int]) -> int:
        return self.locate_protocol(guid, 0, interface)

    def locate_protocol(self, guid: Ptr[int], registration: int, interface: Ptr[int]) -> int:
        found = self.protocols.get((int(guid[0]), int(guid[1])))
        if found is None:
            return 0x8000_0000_0000_000E
        interface[0] = u64(found)
        return 0

    def set_watchdog_timer(self, seconds: int, code: int, data_size: int, data: int) -> int:
        self.calls.append("watchdog")
        return 0


def put_word(address: int, value: int, size: int = 8) -> None:
    memory.write(address, value.to_bytes(size, "little"))


@contextmanager
def firmware_tables(firmware: FakeFirmware, configuration: list[tuple[int, int, int]]) -> Iterator[Ptr[Any]]:
    """The system table of a firmware; `configuration` holds (GUID low, GUID high, table)."""
    arena = memory.map_memory(SERVICES_AT, 0x10000, "firmware")
    keep: list[Callable[..., int]] = []
    try:
        for name in uefi.BootServices.__annotations__:
            method = getattr(firmware, name, None)
            if method is not None:
                keep.append(method)
                put_word(SERVICES_AT + offset_of(uefi.BootServices, name), address_of_function(method))
        put_word(SYSTEM_TABLE_AT + offset_of(uefi.SystemTable, "boot_services"), SERVICES_AT)
        put_word(SYSTEM_TABLE_AT + offset_of(uefi.SystemTable, "table_count"), len(configuration))
        put_word(SYSTEM_TABLE_AT + offset_of(uefi.SystemTable, "tables"), CONFIGURATION_AT)
        for index, entry in enumerate(configuration):
            for word, value in enumerate(entry):
                put_word(CONFIGURATION_AT + index * size_of(uefi.ConfigurationTable) + word * 8, value)
        yield Ptr[uefi.SystemTable](u64(SYSTEM_TABLE_AT))
    finally:
        arena.release()


def put_graphics(width: int, height: int, pitch: int, pixel_format: int, base: int) -> int:
    """A graphics protocol in the firmware's memory; the answer is its address."""
    protocol, mode, information = DATA_AT, DATA_AT + 0x100, DATA_AT + 0x200
    put_word(protocol + 24, mode)
    put_word(mode + 8, information)
    put_word(mode + 24, base)
    for offset, value in ((4, width), (8, height), (12, pixel_format), (32, pitch)):
        put_word(information + offset, value, 4)
    return protocol


def put_load_options(options: bytes) -> int:
    """A loaded-image protocol with these load options; the answer is its address."""
    protocol, text = DATA_AT + 0x400, DATA_AT + 0x800
    put_word(protocol + 48, len(options), 4)
    put_word(protocol + 56, text)
    memory.write(text, options)
    return protocol
