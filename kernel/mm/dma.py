"""Memory that devices read and write: physically contiguous, page-aligned, its physical address known. Rank 5.

A `DmaBuffer` owns its frames until `release`; a driver keeps it as long as the device may touch it. The bytes are
ordinary cached memory (x86 DMA is coherent); ordering against the device is the driver's, by fences. MemoryError when
no run is free.
"""

from __future__ import annotations

from kernel.arch.x86_64.address_layout import PAGE_SIZE
from kernel.mm.direct_map import to_virtual
from kernel.mm.frames import FrameOwner
from kernel.mm.physical_memory import allocate_frames, release_frames
from runtime.lang import Array, PhysicalAddress, Ptr, array_at, fill_memory, u8, u64


class DmaBuffer:
    """Whole frames, zeroed."""

    def __init__(self, size: int) -> None:
        self.frames: int = (size + PAGE_SIZE - 1) // PAGE_SIZE
        self.physical: PhysicalAddress = allocate_frames(self.frames, FrameOwner.DMA)
        self.pointer: Ptr[u8] = Ptr[u8](to_virtual(self.physical).value)
        fill_memory(self.pointer, 0, u64(self.frames * PAGE_SIZE))

    def bytes(self) -> Array[u8]:
        """All of it, with bounds."""
        return array_at(self.pointer, self.frames * PAGE_SIZE)

    def release(self) -> None:
        """Give the frames back. The device must have been stopped; a second call does nothing."""
        if self.frames != 0:
            release_frames(self.physical, self.frames)
            self.frames = 0
