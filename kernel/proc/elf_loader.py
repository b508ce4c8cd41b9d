"""From the bytes of an executable to mapped pages: the plan of `elf_load_plan`, carried out.

Frames arrive zeroed, so memory past the file size is zero without more ado. Pages get their final protection at once;
the bytes go in through the direct map. Errors: ElfError (ENOEXEC), OSError(ENOMEM), MemoryError; the caller destroys
the half-loaded process.
"""

from __future__ import annotations

from kernel.proc.elf_format import ElfError, ElfImage, parse_elf
from kernel.proc.elf_load_plan import PageRegion, plan_load
from kernel.proc.program_memory import MAPPING_TOP, ProgramMemory
from kernel.proc.program_stack import PROGRAM_HEADER_SIZE, ProgramFacts
from runtime.lang import Array, u8, u64


class LoadedProgram:
    """Where a loaded program starts, and what is said about it."""

    facts: ProgramFacts
    segment_count: int

    def __init__(self, facts: ProgramFacts, segment_count: int) -> None:
        self.facts = facts
        self.segment_count = segment_count


def load_program(memory: ProgramMemory, file: Array[u8]) -> LoadedProgram:
    """Map an executable into an empty program memory."""
    image = parse_elf(file)
    plan = plan_load(image)
    for region in plan.regions:
        map_region(memory, region)
    for segment in plan.segments:
        end = segment.file_offset + segment.file_size
        memory.space.write(u64(segment.address), file[segment.file_offset : end])
    memory.start_heap(plan.program_break)
    return LoadedProgram(facts_of(image), len(image.segments))


def map_region(memory: ProgramMemory, region: PageRegion) -> None:
    if region.end > MAPPING_TOP:
        raise ElfError(f"its pages up to {region.end:#x} lie where the stack is")
    memory.add_image(region.address, region.page_count, region.writable, region.executable)


def facts_of(image: ElfImage) -> ProgramFacts:
    """The program headers' address is where a segment shows their bytes of the file; 0 when none does."""
    start = image.program_headers_offset
    end = start + image.program_header_count * PROGRAM_HEADER_SIZE
    for segment in image.segments:
        if segment.file_offset <= start and end <= segment.file_offset + segment.file_size:
            address = segment.address + (start - segment.file_offset)
            return ProgramFacts(image.entry, address, image.program_header_count)
    return ProgramFacts(image.entry, 0, 0)
