"""What this CPU can do, asked once by CPUID. Intel SDM volume 2, CPUID; AMD64 APM volume 3, appendix E.

`detect` runs on the boot CPU before anything depends on a feature; afterwards FEATURES is read-only. Leaves that the
CPU does not have are never asked, since it would answer with another leaf's data.
"""

from __future__ import annotations

from typing import Final

from runtime.lang import cpuid, u32, u64

EXTENDED_LEAVES: Final = 0x8000_0000


class CpuFeatures:
    """Owner: the boot CPU until `detect` returns, nobody afterwards."""

    huge_pages: bool = False
    smep: bool = False
    smap: bool = False
    umip: bool = False
    x2apic: bool = False
    xsave: bool = False
    local_apic: bool = False
    invariant_timestamp: bool = False
    hypervisor: bool = False
    physical_bits: int = 36
    # Hertz, or 0 where the CPU does not say (leaf 0x15).
    timestamp_frequency: u64 = 0

    def detect(self) -> None:
        """Fill every field."""
        highest = cpuid(0, 0)[0]
        self._detect_basic()
        if highest >= 7:
            self._detect_structured()
        if highest >= 0x15:
            self.timestamp_frequency = announced_timestamp_frequency()
        highest_extended = cpuid(EXTENDED_LEAVES, 0)[0]
        if highest_extended >= 0x8000_0001:
            self.huge_pages = has_bit(cpuid(0x8000_0001, 0)[3], 26)
        if highest_extended >= 0x8000_0007:
            self.invariant_timestamp = has_bit(cpuid(0x8000_0007, 0)[3], 8)
        if highest_extended >= 0x8000_0008:
            self.physical_bits = int(cpuid(0x8000_0008, 0)[0] & 0xFF)

    def _detect_basic(self) -> None:
        leaf = cpuid(1, 0)
        self.x2apic = has_bit(leaf[2], 21)
        self.xsave = has_bit(leaf[2], 26)
        self.hypervisor = has_bit(leaf[2], 31)
        self.local_apic = has_bit(leaf[3], 9)

    def _detect_structured(self) -> None:
        leaf = cpuid(7, 0)
        self.smep = has_bit(leaf[1], 7)
        self.smap = has_bit(leaf[1], 20)
        self.umip = has_bit(leaf[2], 2)


def has_bit(word: u32, position: int) -> bool:
    return (word >> position) & 1 != 0


def announced_timestamp_frequency() -> u64:
    """Leaf 0x15: crystal frequency times a ratio; 0 unless the CPU gives all three numbers."""
    leaf = cpuid(0x15, 0)
    denominator = u64(leaf[0])
    numerator = u64(leaf[1])
    crystal = u64(leaf[2])
    if denominator == 0 or numerator == 0 or crystal == 0:
        return 0
    return crystal * numerator // denominator


FEATURES = CpuFeatures()
