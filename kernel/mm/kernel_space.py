"""The kernel's own root table: the half that all address spaces share. Rank 5.

Owner: `mm.bootstrap` sets it once; read-only afterwards. Entries below it belong to whoever maps there (device memory,
kernel stacks), under KERNEL_SPACE_LOCK.
"""

from __future__ import annotations

from kernel.sync.spinlock import LockRank, LockWord, SpinLock
from runtime.lang import PhysicalAddress, u64, zeroed


class KernelSpace:
    """Physical address of the root table; 0 until the boot is over."""

    root: u64 = 0


KERNEL_SPACE = KernelSpace()
KERNEL_SPACE_LOCK = SpinLock(LockRank.KERNEL_SPACE, zeroed(LockWord))


def kernel_root() -> PhysicalAddress:
    return PhysicalAddress(KERNEL_SPACE.root)
