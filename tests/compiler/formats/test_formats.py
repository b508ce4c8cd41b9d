"""The structures have the sizes that their specifications give, and the checksums are the specified sums."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.formats import elf, fat, gpt, line_table, pe


@pytest.mark.parametrize(
    ("layout", "size"),
    [
        (elf.FILE_HEADER, 64),
        (elf.SECTION_HEADER, 64),
        (elf.SYMBOL, 24),
        (elf.RELOCATION, 24),
        (elf.PROGRAM_HEADER, 56),
        (pe.DOS_HEADER, 64),
        (pe.COFF_HEADER, 20),
        (pe.OPTIONAL_HEADER, 112),
        (pe.SECTION_HEADER, 40),
        (gpt.HEADER, 92),
        (gpt.ENTRY, 128),
        (gpt.MBR_RECORD, 16),
        (fat.BOOT_SECTOR, 62),
        (fat.DIRECTORY_ENTRY, 32),
        (fat.LONG_ENTRY, 32),
        (line_table.HEADER, 40),
        (line_table.ROW, 12),
        (line_table.FUNCTION, 24),
    ],
)
def test_structures_have_their_specified_size(layout: struct.Struct, size: int) -> None:
    assert layout.size == size


def checksum_word_by_word(data: bytes, at: int) -> int:
    """The sum as the loader computes it: 16-bit words, carries folded in, the field left out."""
    total = 0
    padded = data + bytes(-len(data) % 2)
    for offset in range(0, len(padded), 2):
        if not at <= offset < at + 4:
            total += int.from_bytes(padded[offset : offset + 2], "little")
            total = (total & 0xFFFF) + (total >> 16)
    return total + len(data)


@given(st.binary(min_size=8, max_size=200), st.integers(0, 3))
def test_the_image_checksum_is_the_folded_sum_of_words(data: bytes, at: int) -> None:
    assert pe.image_checksum(data, 2 * at // 4 * 4) == checksum_word_by_word(data, 2 * at // 4 * 4)


@given(st.binary(min_size=11, max_size=11))
def test_the_short_name_checksum_is_the_rotated_sum(name: bytes) -> None:
    total = 0
    for byte in name:
        total = ((total >> 1 | total << 7) & 0xFF) + byte & 0xFF
    assert fat.short_name_checksum(name) == total


def test_relocation_types_have_names() -> None:
    assert elf.relocation_name(42) == "R_X86_64_REX_GOTPCRELX"
    assert elf.relocation_name(1000) == "relocation type 1000"


def test_a_look_up_between_functions_finds_nothing_and_one_without_rows_finds_the_function() -> None:
    functions = (
        line_table.LineFunction("a", "a.py", 0x10, 0x10),
        line_table.LineFunction("b", "", 0x30, 0x10),
    )
    rows = (line_table.LineRow(0x12, 7, 0, 0), line_table.LineRow(0x18, 9, 0, 1))
    view = line_table.LineTableView(rows, functions, ("a.py", "b.py"))
    assert view.find(0x0F) is None and view.find(0x20) is None and view.find(0x40) is None
    assert view.find(0x10) == line_table.LinePlace("a", "a.py", 0)
    assert view.find(0x17) == line_table.LinePlace("a", "a.py", 7)
    assert view.find(0x1F) == line_table.LinePlace("a", "b.py", 9)
    assert view.find(0x3F) == line_table.LinePlace("b", "", 0)
