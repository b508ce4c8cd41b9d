"""Model-specific registers, written down a second time: Intel SDM volume 4, table 2-2."""

from __future__ import annotations

import pytest

from kernel.arch.x86_64 import msr

NUMBERS = {
    "PAT": 0x277, "EFER": 0xC0000080, "X2APIC_FIRST": 0x800, "STAR": 0xC0000081, "LSTAR": 0xC0000082,
    "CSTAR": 0xC0000083, "SYSCALL_MASK": 0xC0000084, "FS_BASE": 0xC0000100, "GS_BASE": 0xC0000101,
    "KERNEL_GS_BASE": 0xC0000102, "EFER_SYSCALL": 0x1, "EFER_LONG_MODE": 0x100, "EFER_LONG_MODE_ACTIVE": 0x400,
    "EFER_NO_EXECUTE": 0x800,
}  # fmt: skip


@pytest.mark.parametrize("name", NUMBERS)
def test_numbers_and_bits(name: str) -> None:
    assert getattr(msr, name) == NUMBERS[name]
