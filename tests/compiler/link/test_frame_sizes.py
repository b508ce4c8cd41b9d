"""Frame sizes read from prologues against clang's own `.stack_sizes`."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from elftools.elf.elffile import ELFFile
from elftools.elf.relocation import RelocationSection
from elftools.elf.sections import SymbolTableSection

from compiler.link.errors import LinkError
from compiler.link.frame_sizes import function_frame_sizes
from compiler.link.object_file import InputObject
from tests.compiler.link.objects import assemble, compile_c

SOURCE = """
void use(void *);
int w(int);
int leaf(int a) { return a + 1; }
int small(int a) { char b[40]; use(b); return b[a]; }
int big(int a) { char b[5000]; use(b); return b[a]; }
int many(int a, int b, int c, int d) {
  int x = w(a), y = w(b), z = w(c), q = w(d), e = w(5);
  use(&x);
  return x + y + z + q + e + a + b + c + d;
}
int wrapped(int a, int b) { if (a == 0) return b; char t[300]; use(t); return t[b] + w(a); }
static int hidden(int a) { char b[200]; use(b); return b[a]; }
int (*pointer)(int) = hidden;
"""


def sizes_by_clang(data: bytes) -> dict[str, int]:
    """`.stack_sizes` is an address and a ULEB128 per function; with a section per function the section tells which."""
    file = ELFFile(io.BytesIO(data))
    table = file.get_section_by_name(".symtab")
    assert isinstance(table, SymbolTableSection)
    functions = {s["st_shndx"]: s.name for s in table.iter_symbols() if s["st_info"]["type"] == "STT_FUNC"}
    sizes = {}
    for section in file.iter_sections():
        if isinstance(section, RelocationSection) and section.name == ".rela.stack_sizes":
            contents = file.get_section(section["sh_info"]).data()
            for relocation in section.iter_relocations():
                name = functions[table.get_symbol(relocation["r_info_sym"])["st_shndx"]]
                sizes[name] = read_leb(contents, relocation["r_offset"] + 8)
    return sizes


def read_leb(data: bytes, at: int) -> int:
    value = shift = 0
    while True:
        value |= (data[at] & 0x7F) << shift
        if data[at] < 0x80:
            return value
        at, shift = at + 1, shift + 7


@pytest.mark.parametrize(
    "flags", ["-O0", "-O2", "-Os", "-O2 -fno-omit-frame-pointer", "-O2 -fcf-protection", "-O2 -fPIE -mno-red-zone"]
)
def test_sizes_are_those_of_clang(tmp_path: Path, flags: str) -> None:
    source = compile_c(SOURCE, tmp_path, "-fstack-size-section", *flags.split())
    expected = sizes_by_clang(source.data)
    assert len(expected) == 6
    assert function_frame_sizes([source]) == expected


def test_an_over_aligned_frame_is_never_counted_too_small(tmp_path: Path) -> None:
    text = "void use(void *); int f(int a) { _Alignas(64) char b[128]; use(b); return b[a]; }"
    source = compile_c(text, tmp_path, "-O2", "-fstack-size-section")
    counted, expected = function_frame_sizes([source])["f"], sizes_by_clang(source.data)["f"]
    assert expected <= counted < expected + 128


def test_a_function_without_a_frame_is_zero() -> None:
    source = assemble(
        ".globl f\n.type f,@function\nf: ret\n.size f,1\n.globl g\n.type g,@function\ng: push %r12\n.size g, 2"
    )
    assert function_frame_sizes([source]) == {"f": 0, "g": 8}


def test_what_is_no_object_is_refused() -> None:
    with pytest.raises(LinkError):
        function_frame_sizes([InputObject("x.o", b"no")])
