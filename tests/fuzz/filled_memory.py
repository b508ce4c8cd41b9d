"""A copy of the runtime whose allocator overwrites what is freed, so that a use after free shows.

Every word but the first (the link of the free list) becomes an address that no processor accepts: an object used after
its end faults at its descriptor, a second release faults in the allocator.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from compiler import pipeline

PATTERN = "0x5B5B5B5B5B5B5B5B"
BEFORE = "    was_full = region[0].free == 0"
FILL = f"""    if Ptr[u64](address)[1] == {PATTERN}:
        Ptr[u64]({PATTERN})[0] = 0
    for word in range(1, int(region[0].block_size >> 3)):
        Ptr[u64](address)[word] = {PATTERN}
"""
TAKEN = "    region[0].live += 1"
CLEAR = "    Ptr[u64](block)[1] = 0\n"


def fill_freed_memory(tree: Path) -> None:
    """Builds of this process take the runtime from `tree` from now on."""
    shutil.copytree(pipeline.REPOSITORY / "runtime", tree / "runtime")
    allocator = tree / "runtime" / "core" / "memory.py"
    text = allocator.read_text()
    assert text.count(BEFORE) == text.count(TAKEN) == 1, "the allocator has changed; so must this"
    allocator.write_text(text.replace(BEFORE, FILL + BEFORE).replace(TAKEN, CLEAR + TAKEN))
    pipeline.REPOSITORY = tree
