"""A PCI topology in memory: functions with 256 bytes of configuration space that behave as registers do."""

from __future__ import annotations

import struct

from kernel.drivers.pci.configuration import ConfigurationAccess, PciAddress


class FakeFunction:
    """One function's configuration space; base address registers answer size probes."""

    def __init__(self, vendor: int, device: int, class_code: int = 0, subclass: int = 0, header_type: int = 0) -> None:
        self.space = bytearray(256)
        struct.pack_into("<HH", self.space, 0, vendor, device)
        self.space[0x0A], self.space[0x0B], self.space[0x0E] = subclass, class_code, header_type
        self.bar_masks: dict[int, int] = {}  # offset → writable bits

    def with_bar(self, index: int, value: int, size: int, flags: int) -> FakeFunction:
        """Add a base address register; a 64-bit one takes two."""
        offset = 0x10 + 4 * index
        mask = ~(size - 1)
        is_64 = flags & 7 == 4
        self.bar_masks[offset] = mask & 0xFFFFFFF0
        struct.pack_into("<I", self.space, offset, value & 0xFFFFFFF0 | flags)
        if is_64:
            self.bar_masks[offset + 4] = mask >> 32 & 0xFFFFFFFF
            struct.pack_into("<I", self.space, offset + 4, value >> 32)
        return self

    def with_capabilities(self, *entries: tuple[int, int, int]) -> FakeFunction:
        """Add capabilities: (offset, identifier, next offset); the first one is the list's head."""
        self.space[6] |= 0x10
        self.space[0x34] = entries[0][0]
        for offset, identifier, following in entries:
            self.space[offset], self.space[offset + 1] = identifier, following
        return self


class FakeBus(ConfigurationAccess):
    """Functions by (bus, device, function)."""

    def __init__(self, functions: dict[tuple[int, int, int], FakeFunction]) -> None:
        self.functions = functions
        self.writes: list[tuple[str, int, int]] = []

    def read32(self, address: PciAddress, offset: int) -> int:
        function = self.functions.get((address.bus, address.device, address.function))
        assert offset % 4 == 0 and 0 <= offset < 256
        return 0xFFFFFFFF if function is None else int(struct.unpack_from("<I", function.space, offset)[0])

    def write32(self, address: PciAddress, offset: int, value: int) -> None:
        assert 0 <= value <= 0xFFFFFFFF
        self.writes.append((str(address), offset, value))
        function = self.functions[(address.bus, address.device, address.function)]
        if 0x10 <= offset < 0x28:
            mask = function.bar_masks.get(offset, 0)
            old = struct.unpack_from("<I", function.space, offset)[0]
            value = value & mask | old & ~mask
        elif offset == 4:
            value = value & 0xFFFF | struct.unpack_from("<I", function.space, offset)[0] & 0xFFFF0000
        struct.pack_into("<I", function.space, offset, value & 0xFFFFFFFF)
