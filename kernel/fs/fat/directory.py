"""Directories: 32-byte entries turned into names, sizes and first clusters.

A file's long name, if it has one, stands in the entries before its short entry, last part first; the parts carry a
sequence number and the checksum of the short name. A sequence that is broken in any way is ignored and the short name
is used, as the specification asks. Volume labels and deleted entries are skipped; a first byte of zero ends the
directory.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kernel.fs.fat.boot_sector import DIRECTORY_ENTRY_SIZE
from kernel.fs.fat.names import (
    MAX_LONG_UNITS,
    UNITS_PER_LONG_ENTRY,
    fold_case,
    is_safe_name,
    long_name_unit,
    short_name,
    short_name_checksum,
    text_of_units,
)
from kernel.lib.byte_codec import get_u16, get_u32
from runtime.lang import Array, u8

# Offsets of the fields (DIR_… of the specification).
_ATTRIBUTES: Final = 11
_CASE_BITS: Final = 12  # DIR_NTRes
_WRITE_TIME: Final = 22
_WRITE_DATE: Final = 24
_FIRST_CLUSTER: Final = 26  # the low word; FAT16 has no high word
_SIZE: Final = 28
_SEQUENCE: Final = 0  # LDIR_Ord
_CHECKSUM: Final = 13  # LDIR_Chksum

READ_ONLY: Final = 0x01
HIDDEN: Final = 0x02
SYSTEM: Final = 0x04
_VOLUME_LABEL: Final = 0x08
DIRECTORY: Final = 0x10
_LONG_NAME: Final = 0x0F
_LONG_NAME_MASK: Final = 0x3F

_END: Final = 0x00
_DELETED: Final = 0xE5
_LAST_PART: Final = 0x40  # bit of the sequence number of the part that comes first on disk
_MAX_PARTS: Final = 20


@dataclass(frozen=True, slots=True)
class DirectoryEntry:
    """A file or a directory as its parent lists it."""

    name: str  # the long name where there is one
    short_name: str
    attributes: int
    first_cluster: int  # 0 for an empty file
    size: int  # bytes; 0 for a directory
    write_date: int  # as stored: years since 1980 in 15:9, month in 8:5, day in 4:0
    write_time: int  # as stored: hours in 15:11, minutes in 10:5, two-second steps in 4:0

    @property
    def is_directory(self) -> bool:
        """Whether the entry is a directory."""
        return self.attributes & DIRECTORY != 0

    def is_called(self, folded_name: str) -> bool:
        """Tell whether the long or the short name equals a name that `fold_case` made."""
        return fold_case(self.name) == folded_name or fold_case(self.short_name) == folded_name


class LongNameCollector:
    """Gathers the parts of one long name; any inconsistency empties it."""

    _units: list[int]  # the whole name, filled from its end
    _expected: int = 0  # sequence number of the next part; 0 when complete or when there is none
    _checksum: int = -1

    def __init__(self) -> None:
        self._units = []

    def reset(self) -> None:
        """Forget what was gathered."""
        self._units = []
        self._expected = 0
        self._checksum = -1

    def add(self, entry: Array[u8]) -> None:
        """Take the next long-name entry."""
        sequence = int(entry[_SEQUENCE])
        number = sequence & ~_LAST_PART
        if sequence & _LAST_PART != 0:
            self.reset()
            if number < 1 or number > _MAX_PARTS:
                return
            self._expected = number
            self._checksum = int(entry[_CHECKSUM])
        if number == 0 or number != self._expected or int(entry[_CHECKSUM]) != self._checksum:
            self.reset()
            return
        part: list[int] = []
        for index in range(UNITS_PER_LONG_ENTRY):
            part.append(long_name_unit(entry, index))
        self._units = part + self._units
        self._expected -= 1

    def name_for(self, entry: Array[u8]) -> str:
        """Return the long name that belongs to this short entry, or an empty text; forgets it."""
        units = self._units
        complete = self._expected == 0 and len(units) > 0 and self._checksum == short_name_checksum(entry)
        self.reset()
        if not complete:
            return ""
        name = text_of_units(units)
        return name if is_safe_name(name) and len(name) <= MAX_LONG_UNITS else ""


class DirectoryReader:
    """Turns raw entries, given in order, into directory entries."""

    entries: list[DirectoryEntry]
    finished: bool = False  # an end mark was seen: what follows is not part of the directory
    _long_name: LongNameCollector

    def __init__(self) -> None:
        self.entries = []
        self._long_name = LongNameCollector()

    def add_block(self, block: Array[u8]) -> None:
        """Take the next bytes of the directory, a whole number of entries."""
        for offset in range(0, len(block) - DIRECTORY_ENTRY_SIZE + 1, DIRECTORY_ENTRY_SIZE):
            if self.finished:
                return
            self._add(block[offset : offset + DIRECTORY_ENTRY_SIZE])

    def _add(self, raw: Array[u8]) -> None:
        """Take one raw entry."""
        first = int(raw[0])
        attributes = int(raw[_ATTRIBUTES])
        if first == _END:
            self.finished = True
        elif first == _DELETED:
            self._long_name.reset()
        elif attributes & _LONG_NAME_MASK == _LONG_NAME:
            self._long_name.add(raw)
        elif attributes & _VOLUME_LABEL != 0:
            self._long_name.reset()
        else:
            self._add_file(raw, attributes)

    def _add_file(self, raw: Array[u8], attributes: int) -> None:
        """Take a short entry with the long name gathered before it."""
        short = short_name(raw, int(raw[_CASE_BITS]))
        long = self._long_name.name_for(raw)
        if not is_safe_name(short):
            return
        size = 0 if attributes & DIRECTORY != 0 else get_u32(raw, _SIZE)
        self.entries.append(
            DirectoryEntry(
                long if len(long) > 0 else short,
                short,
                attributes,
                get_u16(raw, _FIRST_CLUSTER),
                size,
                get_u16(raw, _WRITE_DATE),
                get_u16(raw, _WRITE_TIME),
            )
        )
