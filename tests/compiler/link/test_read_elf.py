"""The reader agrees with pyelftools, and no damage of an object leads to anything but a `LinkError`."""

from __future__ import annotations

import io
from functools import lru_cache
from pathlib import Path

import pytest
from elftools.elf.elffile import ELFFile
from elftools.elf.relocation import RelocationSection
from elftools.elf.sections import SymbolTableSection
from hypothesis import given, settings
from hypothesis import strategies as st

from compiler.link.errors import LinkError, LinkErrorCode
from compiler.link.linker import link_program
from compiler.link.object_file import ImageKind, InputObject, LinkOptions
from compiler.link.read_elf import read_object
from tests.compiler.link.objects import EXIT_42, assemble, compile_c

TEXT = """
    .section .text.twice,"axG",@progbits,twice,comdat
    .weak twice
    .type twice,@function
    twice: movq t@GOTPCREL(%rip), %rax
    jmp twice
    .size twice, .-twice
    .section .rodata.str1.1,"aMS",@progbits,1
    .Ls: .asciz "text"
    .data
    .globl t
    t: .quad .Ls, twice
    .comm c,8,8
    .bss
    .zero 100
    .globl __line_table_start
    .section .text._start2
    .globl _start2
    _start2: leaq __line_table_start(%rip), %rax
    leaq t(%rip), %rbx
"""


def test_sections_symbols_and_relocations_are_what_pyelftools_reads(tmp_path: Path) -> None:
    source = compile_c(
        "int a[3]; extern int e; static int f(void) { return a[1]; } int (*p)(void) = f;", tmp_path, "-g"
    )
    ours, theirs = read_object(source, 0), ELFFile(io.BytesIO(source.data))
    for mine, section in zip(ours.sections, theirs.iter_sections(), strict=True):
        if mine is not None:
            header = (section.name, section["sh_flags"], section["sh_size"], section["sh_addralign"])
            assert (mine.name, mine.flags, mine.size, mine.alignment) == header
            assert section["sh_type"] == "SHT_NOBITS" or bytes(mine.data) == section.data()
    for section in theirs.iter_sections():
        if isinstance(section, SymbolTableSection):
            names = [s.name for s in section.iter_symbols()]
            assert [s.name for s in ours.raw_symbols] == names
        if isinstance(section, RelocationSection) and (mine := ours.sections[section["sh_info"]]) is not None:
            rows = [(r["r_offset"], r["r_info"], r["r_addend"]) for r in section.iter_relocations()]
            assert mine.relocations == rows and rows


def test_unwind_data_and_notes_are_left_out() -> None:
    unwind = ".cfi_startproc\nf: ret\n.cfi_endproc"
    notes = '.section .note.GNU-stack,"",@progbits\n.section .note.x,"a",@note\n.long 0'
    source = assemble(f"{unwind}\n{notes}")
    names = {section.name for section in read_object(source, 0).sections if section is not None}
    assert names <= {".text", ".data", ".bss"}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "too short"),
        (b"\x7fELF", "too short"),
        (b"MZ" + bytes(100), "not a little-endian"),
        (b"\x7fELF\x01\x01\x01" + bytes(100), "not a little-endian"),
        (b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x02\x00\x3e\x00" + bytes(100), "not a relocatable"),
        (b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x01\x00\xb7\x00" + bytes(100), "not a relocatable"),
    ],
)
def test_what_is_no_object_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(LinkError, match=reason) as caught:
        read_object(InputObject("x.o", data), 0)
    assert caught.value.code is LinkErrorCode.MALFORMED_OBJECT
    assert caught.value.message.startswith("x.o: ")


@lru_cache(maxsize=1)
def sample() -> bytes:
    return assemble(TEXT + EXIT_42).data


def link_damaged(data: bytes) -> None:
    for kind in (ImageKind.LINUX_ELF, ImageKind.KERNEL_PE):
        options = LinkOptions(kind, keep_symbols=("twice", "_start2"), collect_garbage=False, debug_file=True)
        try:
            link_program([InputObject("damaged.o", data)], options)
        except LinkError:
            pass


def test_the_undamaged_sample_links() -> None:
    options = LinkOptions(ImageKind.LINUX_ELF, keep_symbols=("twice", "_start2"))
    link_program([InputObject("sample.o", sample())], options)


def test_an_object_cut_anywhere_is_refused() -> None:
    for size in range(len(sample())):
        with pytest.raises(LinkError):
            read_object(InputObject("cut.o", sample()[:size]), 0)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 255)), min_size=1, max_size=6))
def test_any_damage_links_or_is_refused(damage: list[tuple[int, int]]) -> None:
    broken = bytearray(sample())
    for offset, byte in damage:
        broken[offset % len(broken)] = byte
    link_damaged(bytes(broken))
