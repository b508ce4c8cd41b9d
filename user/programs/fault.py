"""Uses memory as a program does, then touches an address that no program has: the kernel ends it, not itself.

For the kernel's leak test: heap, stack and page tables are in use when the fault comes. Under CPython memory is checked
and the access raises; the program then exits with the status that a shell shows for the fault, 139.
"""

from __future__ import annotations

import sys
from typing import Final

from runtime.lang import Ptr, u8, u64

NULL_PAGE: Final = 0x10
SEGMENTATION_FAULT_STATUS: Final = 139
ITEMS: Final = 1000


def use_memory() -> int:
    """Half a megabyte of strings; how many characters they have."""
    texts: list[str] = []
    for length in range(ITEMS):
        texts.append("x" * length)
    total = 0
    for text in texts:
        total += len(text)
    return total


def main() -> None:
    print(f"{use_memory()} characters, and now a fault", flush=True)
    try:
        Ptr[u8](u64(NULL_PAGE))[0] = u8(1)
    except Exception:
        sys.exit(SEGMENTATION_FAULT_STATUS)


if __name__ == "__main__":
    main()
