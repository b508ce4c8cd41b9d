"""The memory of one program: the user half of a root table. Rank 5.

An `AddressSpace` owns its root, the tables of the lower half and every user frame mapped there; the kernel half is
shared and not its business. `destroy` gives all of it back: free frames before and after are equal, which the tests
demand. Pages are zeroed when they are mapped. Copying into pages goes through the direct map, so it needs no user
access and works while another space is active.

Errors: MemoryError, and OSError(EINVAL) from the page tables for what may not be mapped. Owner: its process; calls
are not serialised here.
"""

from __future__ import annotations

from kernel.arch.x86_64.address_layout import PAGE_SIZE
from kernel.arch.x86_64.page_table import (
    FRAME_MASK,
    PRESENT,
    Protection,
    activate,
    look_up,
    map_page,
    new_root,
    protect_page,
    release_root,
    release_user_half,
    unmap_page,
)
from kernel.mm.direct_map import bytes_at
from kernel.mm.frames import FrameOwner
from kernel.mm.kernel_space import kernel_root
from kernel.mm.physical_memory import allocate_zeroed_frame, release_frame
from runtime.abi.error_numbers import EFAULT
from runtime.lang import Array, PhysicalAddress, VirtualAddress, copy_memory, u8, u64


class AddressSpace:
    """A user half."""

    def __init__(self) -> None:
        self.root: PhysicalAddress = new_root(kernel_root())
        # User pages mapped now.
        self.pages: int = 0
        self.destroyed: bool = False

    def map_zeroed(self, address: u64, protection: Protection) -> None:
        """Map one new page full of zeroes."""
        frame = allocate_zeroed_frame(FrameOwner.USER)
        try:
            map_page(self.root, VirtualAddress(address), frame, protection)
        except BaseException:
            release_frame(frame)
            raise
        self.pages += 1

    def map_zeroed_range(self, address: u64, size: u64, protection: Protection) -> None:
        """Map new pages over [address, address + size), whole pages; on failure none of them stays."""
        done: u64 = 0
        try:
            while done < size:
                self.map_zeroed(address + done, protection)
                done += PAGE_SIZE
        except BaseException:
            self.unmap_range(address, done)
            raise

    def unmap(self, address: u64) -> None:
        """Take one page away and give its frame back. EINVAL when none is mapped."""
        release_frame(unmap_page(self.root, VirtualAddress(address)))
        self.pages -= 1

    def unmap_range(self, address: u64, size: u64) -> None:
        """Take away whatever is mapped in a stretch of whole pages; holes are fine."""
        done: u64 = 0
        while done < size:
            if self.is_mapped(address + done):
                self.unmap(address + done)
            done += PAGE_SIZE

    def protect(self, address: u64, protection: Protection) -> None:
        """Change what one mapped page may be."""
        protect_page(self.root, VirtualAddress(address), protection)

    def is_mapped(self, address: u64) -> bool:
        return look_up(self.root, VirtualAddress(address)) & PRESENT != 0

    def frame_of(self, address: u64) -> PhysicalAddress:
        """The frame behind a user address. EFAULT when none is mapped."""
        entry = look_up(self.root, VirtualAddress(address))
        if entry & PRESENT == 0:
            raise OSError(EFAULT, "the page is not mapped")
        return PhysicalAddress(entry & FRAME_MASK)

    def write(self, address: u64, source: Array[u8]) -> None:
        """Copy bytes into mapped pages whatever their protection: for the loader. EFAULT at a hole."""
        done = 0
        while done < len(source):
            target = address + done
            offset = int(target % PAGE_SIZE)
            size = min(PAGE_SIZE - offset, len(source) - done)
            page = bytes_at(self.frame_of(target))
            copy_memory(page + offset, source.pointer + done, u64(size))
            done += size

    def activate(self) -> None:
        """Make it the active one on this CPU."""
        activate(self.root)

    def destroy(self) -> None:
        """Give everything back. The kernel's own root becomes the active one first; a second call does nothing."""
        if self.destroyed:
            return
        self.destroyed = True
        activate(kernel_root())
        release_user_half(self.root, release_frame)
        release_root(self.root)
        self.pages = 0
