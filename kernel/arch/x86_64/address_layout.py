"""Where what lives in the 64-bit address space. Rank 0 within arch; docs/memory.md has the drawing.

The lower half (L4 entries 0-255) belongs to the running program, the upper (256-511) to the kernel and is the same in
every address space. All addresses are canonical 48-bit addresses.
"""

from __future__ import annotations

from typing import Final

from runtime.lang import u64

PAGE_SIZE: Final = 4096
PAGE_SHIFT: Final = 12
LARGE_PAGE: Final = 1 << 21
HUGE_PAGE: Final = 1 << 30
TABLE_ENTRIES: Final = 512

# The first 64 KiB never get mapped: a None that slips through faults, and so does None plus a field offset.
LOWEST_USER_ADDRESS: Final[u64] = 0x10000
# The last page of the lower half stays unmapped: sysret to a non-canonical address would fault in ring 0 with the
# user's stack (Intel SDM volume 2, SYSRET).
USER_TOP: Final[u64] = 0x7FFF_FFFF_F000

FIRST_KERNEL_L4_ENTRY: Final = 256
KERNEL_HALF: Final[u64] = 0xFFFF_8000_0000_0000
DIRECT_MAP: Final[u64] = 0xFFFF_8000_0000_0000
# 64 TiB of physical memory at most; the next region starts there.
DIRECT_MAP_END: Final[u64] = 0xFFFF_C000_0000_0000
DEVICE_MEMORY: Final[u64] = 0xFFFF_C000_0000_0000
KERNEL_STACKS: Final[u64] = 0xFFFF_D000_0000_0000
KERNEL_IMAGE: Final[u64] = 0xFFFF_FFFF_8000_0000
