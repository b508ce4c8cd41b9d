"""Model-specific registers by name: number, fields. Intel SDM volume 4, chapter 2; AMD64 APM volume 2, appendix A."""

from __future__ import annotations

from typing import Final

APIC_BASE: Final = 0x1B
APIC_BASE_ENABLE: Final = 1 << 11
APIC_BASE_X2APIC: Final = 1 << 10

PAT: Final = 0x277

EFER: Final = 0xC000_0080
EFER_SYSCALL: Final = 1 << 0
EFER_LONG_MODE: Final = 1 << 8
EFER_LONG_MODE_ACTIVE: Final = 1 << 10
EFER_NO_EXECUTE: Final = 1 << 11

STAR: Final = 0xC000_0081
LSTAR: Final = 0xC000_0082
CSTAR: Final = 0xC000_0083
SYSCALL_MASK: Final = 0xC000_0084

FS_BASE: Final = 0xC000_0100
GS_BASE: Final = 0xC000_0101
KERNEL_GS_BASE: Final = 0xC000_0102

# x2APIC registers lie at 0x800 + (MMIO offset >> 4), Intel SDM volume 3, 11.12.1.2.
X2APIC_FIRST: Final = 0x800
