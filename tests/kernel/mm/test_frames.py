"""The frame allocator against a model, its defects, its runs, and the size of its tables."""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from kernel.mm.frames import FrameAllocator, FrameOwner, metadata_size
from kernel.mm.memory_map import MemoryRanges
from runtime.lang import PhysicalAddress, new_array, u8, u64

MIB = 1 << 20
PAGE = 4096


def at(frame: int) -> PhysicalAddress:
    return PhysicalAddress(u64(frame * PAGE))


def number(address: PhysicalAddress) -> int:
    return int(address.value) // PAGE


def allocator_over(*pieces: tuple[int, int]) -> FrameAllocator:
    """An allocator over frame ranges; its tables lie at the start of the first one that has room."""
    ranges = MemoryRanges()
    for first, end in pieces:
        ranges.add(first * PAGE, end * PAGE)
    size = metadata_size(ranges)
    memory = new_array(u8, size, align=4096)
    memory.fill(0xA5)  # the tables must not rely on zeroed memory
    frames = FrameAllocator()
    frames.initialise(ranges, PhysicalAddress(u64(ranges.find_space(size))), memory.pointer)
    frames.test_memory = memory  # type: ignore[attr-defined]  # keeps it alive
    return frames


def test_statistics_at_start_and_the_lowest_frame_first() -> None:
    frames = allocator_over((16, 80), (200, 300))
    tables = frames.owned_by(FrameOwner.METADATA)
    assert (frames.total, frames.free, frames.allocated) == (164, 164 - tables, tables)
    assert frames.owned_by(FrameOwner.RESERVED) == 300 - 164
    assert number(frames.allocate(FrameOwner.USER)) == 16 + tables
    assert frames.owner_of(at(16)) is FrameOwner.METADATA
    assert frames.owner_of(at(0)) is FrameOwner.RESERVED
    assert frames.owned_by(FrameOwner.USER) == 1


def test_everything_can_be_taken_and_given_back() -> None:
    frames = allocator_over((16, 90), (100, 4200))
    free = frames.free
    taken = [frames.allocate(FrameOwner.KERNEL_HEAP) for _ in range(free)]
    assert len({number(address) for address in taken}) == free
    with pytest.raises(MemoryError):
        frames.allocate(FrameOwner.USER)
    with pytest.raises(MemoryError):
        frames.allocate_run(1, FrameOwner.DMA)
    assert all(frames.release(address) for address in taken)
    assert (frames.free, frames.owned_by(FrameOwner.KERNEL_HEAP)) == (free, 0)


def test_references_keep_a_frame() -> None:
    frames = allocator_over((16, 80))
    address = frames.allocate(FrameOwner.USER)
    frames.retain(address)
    assert frames.references_of(address) == 2
    assert frames.release(address) is False
    assert frames.release(address) is True
    assert frames.references_of(address) == 0
    assert frames.owner_of(address) is FrameOwner.FREE


@pytest.mark.parametrize("action", ["release", "retain"])
@pytest.mark.parametrize("frame", [0, 16, 60, 85, 5000])
def test_what_is_not_owned_cannot_be_given_back(action: str, frame: int) -> None:
    frames = allocator_over((16, 80), (90, 100))
    with pytest.raises(RuntimeError):
        getattr(frames, action)(at(frame))
    with pytest.raises(RuntimeError):
        getattr(frames, action)(PhysicalAddress(u64(50 * PAGE + 8)))


def test_a_second_release_is_a_defect() -> None:
    frames = allocator_over((16, 80))
    address = frames.allocate(FrameOwner.USER)
    frames.release(address)
    with pytest.raises(RuntimeError, match="released twice"):
        frames.release(address)


def test_runs_are_contiguous_aligned_and_below_their_limit() -> None:
    frames = allocator_over((16, 400))
    first = number(frames.allocate(FrameOwner.USER))
    run = number(frames.allocate_run(65, FrameOwner.DMA, 16 * PAGE))
    assert run % 16 == 0 and run > first
    assert all(frames.owner_of(at(run + index)) is FrameOwner.DMA for index in range(65))
    with pytest.raises(MemoryError):
        frames.allocate_run(16, FrameOwner.DMA, PAGE, 20 * PAGE)
    with pytest.raises(MemoryError):
        frames.allocate_run(400, FrameOwner.DMA)
    frames.release_run(at(run), 65)
    assert frames.owned_by(FrameOwner.DMA) == 0
    for count, alignment in ((0, PAGE), (1, 100), (1, 3 * PAGE)):
        with pytest.raises(RuntimeError):
            frames.allocate_run(count, FrameOwner.DMA, alignment)


def test_fixed_places_can_be_claimed_once() -> None:
    frames = allocator_over((16, 80))
    frames.claim(at(40), 3, FrameOwner.KERNEL_IMAGE)
    assert frames.owned_by(FrameOwner.KERNEL_IMAGE) == 3
    with pytest.raises(RuntimeError):
        frames.claim(at(42), 1, FrameOwner.KERNEL_IMAGE)
    assert frames.next_owned(FrameOwner.KERNEL_IMAGE, 0) == 40
    assert frames.next_owned(FrameOwner.KERNEL_IMAGE, 43) == -1


def test_failures_on_request() -> None:
    frames = allocator_over((16, 80))
    frames.allocations_until_failure = 2
    frames.allocate(FrameOwner.USER)
    frames.allocate_run(2, FrameOwner.USER)
    for _ in range(2):
        with pytest.raises(MemoryError):
            frames.allocate(FrameOwner.USER)
    frames.allocations_until_failure = -1
    frames.allocate(FrameOwner.USER)


@pytest.mark.parametrize(("mebibytes", "limit"), [(64, 0x12000), (512, 0x88000), (65536, 0x4210000)])
def test_the_tables_stay_small(mebibytes: int, limit: int) -> None:
    ranges = MemoryRanges()
    ranges.add(MIB, mebibytes * MIB)
    frames = mebibytes * 256
    assert frames * 4 + frames // 8 <= metadata_size(ranges) <= limit


class FrameModel(RuleBasedStateMachine):
    """Random allocations, references and releases; the model is a dictionary of counts."""

    def __init__(self) -> None:
        super().__init__()
        self.frames = allocator_over((16, 100), (110, 111), (190, 330))
        self.free = set(range(16, 100)) | {110} | set(range(190, 330))
        self.free -= {frame for frame in self.free if self.frames.owner_of(at(frame)) is FrameOwner.METADATA}
        self.counts: dict[int, int] = {}

    def take(self, first: int, count: int) -> None:
        taken = set(range(first, first + count))
        assert taken <= self.free
        self.free -= taken
        self.counts.update(dict.fromkeys(taken, 1))

    @rule()
    def allocate(self) -> None:
        if not self.free:
            return
        frame = number(self.frames.allocate(FrameOwner.USER))
        assert frame == min(self.free)
        self.take(frame, 1)

    @rule(count=st.integers(1, 70), alignment=st.sampled_from([1, 2, 8, 64]), limit=st.sampled_from([330, 120, 64]))
    def allocate_run(self, count: int, alignment: int, limit: int) -> None:
        fitting = [start for start in range(0, limit - count + 1, alignment)
                   if set(range(start, start + count)) <= self.free]  # fmt: skip
        try:
            frame = number(self.frames.allocate_run(count, FrameOwner.DMA, alignment * PAGE, limit * PAGE))
        except MemoryError:
            assert not fitting
            return
        assert frame == fitting[0]
        self.take(frame, count)

    @precondition(lambda self: self.counts)
    @rule(data=st.data())
    def retain(self, data: st.DataObject) -> None:
        frame = data.draw(st.sampled_from(sorted(self.counts)))
        self.frames.retain(at(frame))
        self.counts[frame] += 1

    @precondition(lambda self: self.counts)
    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        frame = data.draw(st.sampled_from(sorted(self.counts)))
        self.counts[frame] -= 1
        assert self.frames.release(at(frame)) == (self.counts[frame] == 0)
        if self.counts[frame] == 0:
            del self.counts[frame]
            self.free.add(frame)

    @invariant()
    def counts_agree(self) -> None:
        assert self.frames.free == len(self.free)
        assert self.frames.owned_by(FrameOwner.USER) + self.frames.owned_by(FrameOwner.DMA) == len(self.counts)


FrameModel.TestCase.settings = settings(max_examples=25, stateful_step_count=40)
TestFrameModel = FrameModel.TestCase
