"""How the kernel reaches physical memory: through a window at a fixed distance. Rank 0 within arch.

During the boot the distance is 0, because firmware maps physical memory one to one; from `boot.settle` on it is the
direct map. Nothing keeps a pointer across that change. Owner: `boot`, which sets it once; read-only afterwards.
"""

from __future__ import annotations

from kernel.arch.x86_64.address_layout import PAGE_SIZE
from runtime.lang import Ptr, fill_memory, u8, u64


class PhysicalWindow:
    """Virtual minus physical address."""

    base: u64 = 0


PHYSICAL_WINDOW = PhysicalWindow()


def window_bytes(physical: u64) -> Ptr[u8]:
    return Ptr[u8](PHYSICAL_WINDOW.base + physical)


def window_words(physical: u64) -> Ptr[u64]:
    return Ptr[u64](PHYSICAL_WINDOW.base + physical)


def clear_frame(physical: u64) -> None:
    fill_memory(window_bytes(physical), 0, PAGE_SIZE)
