"""Model-specific registers, written down a second time: Intel SDM volume 4, table 2-2."""

from __future__ import annotations

from kernel.arch.x86_64 import msr


def test_numbers_and_bits() -> None:
    assert (msr.PAT, msr.EFER, msr.X2APIC_FIRST) == (0x277, 0xC0000080, 0x800)
    assert [msr.STAR, msr.LSTAR, msr.CSTAR, msr.SYSCALL_MASK] == [0xC0000081 + index for index in range(4)]
    assert [msr.FS_BASE, msr.GS_BASE, msr.KERNEL_GS_BASE] == [0xC0000100 + index for index in range(3)]
    bits = (msr.EFER_SYSCALL, msr.EFER_LONG_MODE, msr.EFER_LONG_MODE_ACTIVE, msr.EFER_NO_EXECUTE)
    assert bits == (0x1, 0x100, 0x400, 0x800)
