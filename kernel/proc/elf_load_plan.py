"""How an executable becomes pages: regions of equal permissions, and the bytes that go into each page.

Segments need not begin or end on pages, so two of them may share one (a linker places `.rodata` right behind `.text`).
Such a page gets the union of both permissions, unless that would be writable and executable. Frames arrive zeroed:
whatever no piece covers is zero, which is what memory past the file size must be.

    segments   [ R-X )[ R-- )      [ RW-           )
    pages     |       |       |       |       |       |
    regions   [ R-X           ][ R-- ][ RW-            ]

Pure: the loader asks for regions, allocates a frame per page, and copies the pieces of each page.
Errors: ElfError when a shared page would be writable and executable.
"""

from __future__ import annotations

from dataclasses import dataclass

from kernel.proc.elf_format import PAGE_SIZE, ElfError, ElfImage, LoadSegment


@dataclass(frozen=True, slots=True)
class PageRegion:
    """Consecutive pages with the same permissions; user memory is always readable on x86."""

    address: int  # of the first page
    page_count: int
    writable: bool
    executable: bool

    @property
    def end(self) -> int:
        """The first address past the region."""
        return self.address + self.page_count * PAGE_SIZE


@dataclass(frozen=True, slots=True)
class PagePiece:
    """Bytes of the file that go into one page."""

    offset_in_page: int
    file_offset: int
    length: int


@dataclass(frozen=True, slots=True)
class LoadPlan:
    """Everything a loader does, in ascending order of address."""

    entry: int
    regions: list[PageRegion]  # disjoint, sorted; neighbours differ in permissions or are apart
    segments: list[LoadSegment]
    program_break: int  # the first page boundary past all segments: where `brk` begins

    @property
    def page_count(self) -> int:
        """The number of frames that a full load takes."""
        total = 0
        for region in self.regions:
            total += region.page_count
        return total


def plan_load(image: ElfImage) -> LoadPlan:
    """Return the plan for a checked executable."""
    regions: list[PageRegion] = []
    for segment in image.segments:
        _add_pages(regions, segment)
    return LoadPlan(image.entry, regions, image.segments, regions[len(regions) - 1].end)


def pieces_of_page(plan: LoadPlan, page: int) -> list[PagePiece]:
    """Return what the file contributes to the page at this address; the rest of the page is zero."""
    pieces: list[PagePiece] = []
    for segment in plan.segments:
        start = max(page, segment.address)
        end = min(page + PAGE_SIZE, segment.address + segment.file_size)
        if start < end:
            pieces.append(PagePiece(start - page, segment.file_offset + start - segment.address, end - start))
    return pieces


def _add_pages(regions: list[PageRegion], segment: LoadSegment) -> None:
    """Append the pages of the next segment; its first page may be the last one of the segment before."""
    first = segment.address & ~(PAGE_SIZE - 1)
    end = (segment.end + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1)
    if len(regions) > 0 and regions[len(regions) - 1].end > first:
        _share_last_page(regions, segment, first)
        first += PAGE_SIZE
    if first < end:
        _append(regions, PageRegion(first, (end - first) // PAGE_SIZE, segment.writable, segment.executable))


def _share_last_page(regions: list[PageRegion], segment: LoadSegment, page: int) -> None:
    """Give the last page, which the segment begins in, the union of both permissions."""
    last = regions.pop()
    writable = last.writable or segment.writable
    executable = last.executable or segment.executable
    if writable and executable:
        raise ElfError(f"two segments share the page {page:#x}, which would be writable and executable")
    if last.page_count > 1:
        _append(regions, PageRegion(last.address, last.page_count - 1, last.writable, last.executable))
    _append(regions, PageRegion(page, 1, writable, executable))


def _append(regions: list[PageRegion], region: PageRegion) -> None:
    """Append a region, joined with the last one when it continues it with the same permissions."""
    if len(regions) > 0:
        last = regions[len(regions) - 1]
        same = last.writable == region.writable and last.executable == region.executable
        if same and last.end == region.address:
            regions.pop()
            region = PageRegion(last.address, last.page_count + region.page_count, last.writable, last.executable)
    regions.append(region)
