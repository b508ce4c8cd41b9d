"""Equal constants once: sections flagged SHF_MERGE are cut into pieces and each distinct piece is kept once.

A string section (SHF_STRINGS, one-byte characters) is cut after every NUL, any other into entries of its entry size
(gABI chapter 4, SHF_MERGE). Sections that share flags, entry size, alignment and, for debug sections, the name go
into one merged section; the originals get a `MergedPieces` that translates old offsets. Order is first appearance, so
the result does not depend on hashing. A section that has relocations, or whose last string is not terminated, stays
as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from compiler.formats.elf import SectionFlag
from compiler.link.object_file import InputSection, MergedPieces

_LARGEST_ALIGNMENT = 64  # bytes


def merge_sections(sections: Iterable[InputSection]) -> list[InputSection]:
    """Give the sections with every mergeable one replaced, at the place of the first of its kind, by the merged one."""
    result: list[InputSection] = []
    open_merges: dict[tuple[str, int, int, int], _Merge] = {}
    for section in sections:
        if not _is_mergeable(section):
            result.append(section)
            continue
        name = section.name if section.is_debug else ".rodata.merged"
        key = (name, section.flags, section.entry_size, section.alignment)
        merge = open_merges.get(key)
        if merge is None:
            merge = open_merges[key] = _Merge(section, name)
            result.append(merge.target)
        merge.add(section)
    return result


def _is_mergeable(section: InputSection) -> bool:
    if not section.flags & SectionFlag.MERGE or section.relocations or section.flags & SectionFlag.WRITE:
        return False
    # A table that code walks from end to end keeps its entries where they are; huge alignments would mostly store gaps.
    if section.name.isidentifier() or section.alignment > _LARGEST_ALIGNMENT:
        return False
    if section.flags & SectionFlag.STRINGS:
        return section.entry_size == 1 and section.size > 0 and section.data[-1] == 0
    return section.entry_size > 0 and section.size > 0 and section.size % section.entry_size == 0


class _Merge:
    """One merged section while it grows."""

    def __init__(self, first: InputSection, name: str) -> None:
        self.data = bytearray()
        self.places: dict[bytes, int] = {}
        self.target = InputSection(
            object_index=first.object_index,
            object_name="<merged>",
            name=name,
            type=first.type,
            flags=first.flags,
            alignment=first.alignment,
            size=0,
            entry_size=first.entry_size,
            data=self.data,
            is_live=True,
        )

    def add(self, section: InputSection) -> None:
        starts: list[int] = []
        places: list[int] = []
        offset = 0
        for piece in _pieces(section):
            place = self.places.get(piece)
            if place is None:
                self.data += bytes(-len(self.data) % section.alignment)
                place = self.places[piece] = len(self.data)
                self.data += piece
            starts.append(offset)
            places.append(place)
            offset += len(piece)
        section.merged = MergedPieces(self.target, starts, places)
        self.target.size = len(self.data)


def _pieces(section: InputSection) -> Iterator[bytes]:
    data = bytes(section.data)
    if section.flags & SectionFlag.STRINGS:
        return (piece + b"\0" for piece in data[:-1].split(b"\0"))
    step = section.entry_size
    return (data[start : start + step] for start in range(0, len(data), step))
