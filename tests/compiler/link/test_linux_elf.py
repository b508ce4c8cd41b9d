"""Linked Linux programs: they run, and readelf, pyelftools, gdb and lief agree with every header."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import lief
import pytest
from elftools.elf.elffile import ELFFile
from elftools.elf.sections import SymbolTableSection

from compiler.link.errors import LinkError, LinkErrorCode
from compiler.link.object_file import InputObject
from tests.compiler.link.objects import (
    EXIT_42,
    assemble,
    compile_c,
    compile_ir,
    link_elf,
    need,
    run_tool,
    write_program,
)

HELLO = """
static long call(long n, long a, long b, long c) {
  long r;
  __asm__ volatile("syscall" : "=a"(r) : "a"(n), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
  return r;
}
extern char __bss_start[], __bss_end[], __text_start[], __text_end[], __image_start[];
static const char *const words[] = {"hello ", "from ", "C\\n"};
const char *const *volatile where = words;
int counter = 20, zeros[5000];
int second(int);
extern int nobody(void) __attribute__((weak));
static unsigned long length(const char *s) { unsigned long n = 0; while (s[n]) n++; return n; }
__attribute__((noinline)) void show(const char *s) { call(1, 1, (long)s, length(s)); }
void _start(void) {
  for (int i = 0; i < 3; i++) show(where[i]);
  if (nobody) nobody();
  for (char *p = __bss_start; p < __bss_end; p++) if (*p) counter = 99;
  if ((long)__text_start - (long)__image_start || (long)__text_end - (long)__text_start < 10) counter = 98;
  call(60, second(counter) + zeros[4999], 0, 0);
  for (;;) {}
}
"""
SECOND = """
static int hidden(int x) { return x + 1; }
int (*volatile pointer)(int) = hidden;
int second(int x) {
  return pointer(x) + x + 1;
}
"""


@pytest.fixture(params=["-fno-pic -O1", "-fpie -O0", "-fpie -O2", "-fno-pic -O2 -fno-plt"])
def program(request: pytest.FixtureRequest, tmp_path: Path) -> list[InputObject]:
    flags = ("-g", *request.param.split())
    return [compile_c(HELLO, tmp_path, *flags, name="hello.o"), compile_c(SECOND, tmp_path, *flags, name="second.o")]


@pytest.mark.parametrize("strip", [False, True])
def test_the_program_runs(program: list[InputObject], tmp_path: Path, strip: bool) -> None:
    path = write_program(link_elf(*program, strip=strip), tmp_path)
    done = subprocess.run([path], capture_output=True, timeout=10)
    assert (done.stdout, done.returncode) == (b"hello from C\n", 42)


def test_a_stripped_program_is_small(program: list[InputObject]) -> None:
    assert len(link_elf(*program, strip=True).data) < 6000


def test_readelf_reads_everything_without_a_warning(program: list[InputObject], tmp_path: Path) -> None:
    path = write_program(link_elf(*program), tmp_path)
    assert "There are no relocations" in run_tool("readelf", "-aW", str(path))
    run_tool("readelf", "--debug-dump=info,line,abbrev,str,frames", str(path))
    run_tool("objdump", "-d", str(path))


def test_segments_are_apart_and_none_is_writable_and_executable(program: list[InputObject]) -> None:
    file = ELFFile(io.BytesIO(link_elf(*program).data))
    assert file["e_type"] == "ET_EXEC" and file["e_machine"] == "EM_X86_64"
    loads = list(file.iter_segments("PT_LOAD"))
    assert [segment["p_flags"] for segment in loads] == [5, 4, 6]
    assert loads[0]["p_vaddr"] == 0x40_0000
    pages = [
        {a // 4096 for a in range(s["p_vaddr"], s["p_vaddr"] + s["p_memsz"], 4096)}
        | {(s["p_vaddr"] + s["p_memsz"] - 1) // 4096}
        for s in loads
    ]
    assert not pages[0] & pages[1] and not pages[1] & pages[2] and not pages[0] & pages[2]
    assert all((s["p_vaddr"] - s["p_offset"]) % 4096 == 0 for s in loads)
    [stack] = file.iter_segments("PT_GNU_STACK")
    assert stack["p_flags"] == 6
    assert not list(file.iter_segments("PT_INTERP"))
    assert loads[0]["p_vaddr"] <= file["e_entry"] < loads[0]["p_vaddr"] + loads[0]["p_filesz"]


def test_sections_lie_in_their_segments(program: list[InputObject]) -> None:
    file = ELFFile(io.BytesIO(link_elf(*program).data))
    segments = list(file.iter_segments("PT_LOAD"))
    for section in file.iter_sections():
        if section["sh_flags"] & 2:
            assert sum(segment.section_in_segment(section) for segment in segments) == 1, section.name


def test_strip_drops_symbols_debug_sections_and_section_headers(program: list[InputObject]) -> None:
    full, bare = link_elf(*program), link_elf(*program, strip=True)
    assert ELFFile(io.BytesIO(full.data)).get_section_by_name(".debug_info")
    assert ELFFile(io.BytesIO(full.data)).get_section_by_name(".symtab")
    assert ELFFile(io.BytesIO(bare.data)).num_sections() == 0
    assert full.data[0x1000 : len(bare.data)] == bare.data[0x1000:]  # the segments are the same bytes


def test_lief_agrees(program: list[InputObject], tmp_path: Path) -> None:
    parsed = lief.ELF.parse(str(write_program(link_elf(*program), tmp_path)))
    assert isinstance(parsed, lief.ELF.Binary)
    assert parsed.has_nx and not parsed.is_pie and not parsed.has_interpreter
    start = parsed.get_symbol("_start")
    assert start is not None and start.value == parsed.entrypoint


def test_gdb_finds_lines_and_walks_the_stack(program: list[InputObject], tmp_path: Path) -> None:
    path = write_program(link_elf(*program), tmp_path)
    command = [need("gdb"), "-batch", "-nx", "-ex", "break second", "-ex", "run", "-ex", "backtrace", str(path)]
    output = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=tmp_path).stdout
    assert "second.c:5" in output
    assert "_start () at hello.c:20" in output


def test_the_symbol_list_is_what_pyelftools_reads(program: list[InputObject]) -> None:
    image = link_elf(*program)
    table = ELFFile(io.BytesIO(image.data)).get_section_by_name(".symtab")
    assert isinstance(table, SymbolTableSection)
    read = {(s.name, s["st_value"], s["st_size"]) for s in table.iter_symbols() if s.name}
    assert read == {(s.name, s.address, s.size) for s in image.symbols}
    assert [s.address for s in image.symbols] == sorted(s.address for s in image.symbols)


def test_equal_inputs_give_equal_bytes(program: list[InputObject]) -> None:
    assert link_elf(*program) == link_elf(*program)


def test_unused_functions_are_dropped(tmp_path: Path) -> None:
    unused = assemble(
        '.section .text.unused,"ax"\n.globl unused\n.type unused,@function\nunused: ret\n.size unused,1', "u.o"
    )
    image = link_elf(assemble(EXIT_42), unused)
    assert "unused" not in {symbol.name for symbol in image.symbols}
    assert "unused" in {symbol.name for symbol in link_elf(assemble(EXIT_42), unused, collect_garbage=False).symbols}


def test_a_program_of_code_alone_runs(tmp_path: Path) -> None:
    path = write_program(link_elf(assemble(EXIT_42), strip=True), tmp_path)
    assert subprocess.run([path], timeout=10).returncode == 42
    run_tool("readelf", "-aW", str(write_program(link_elf(assemble(EXIT_42)), tmp_path)))


def test_large_alignments_hold(tmp_path: Path) -> None:
    text = """
        .section .text._start,"ax"
        .globl _start
        _start:
        leaq big(%rip), %rdi
        leaq zero(%rip), %rax
        orq %rax, %rdi
        shrq $1, %rdi
        andl $0x7fff, %edi
        movl $60, %eax
        syscall
        .section .data.small,"aw"
        .byte 1
        .section .data.big,"aw"
        .balign 65536
        big: .quad 1
        .section .bss.zero,"aw",@nobits
        .balign 65536
        zero: .zero 10
    """
    path = write_program(link_elf(assemble(text), collect_garbage=False), tmp_path)
    assert subprocess.run([path], timeout=10).returncode == 0
    run_tool("readelf", "-aW", str(path))


def test_objects_of_a_static_relocation_model_link_too(tmp_path: Path) -> None:
    text = """
        @text = private unnamed_addr constant [4 x i8] c"abc\\00"
        @pointers = constant [1 x ptr] [ptr @text]
        define void @_start() {
          %p = load ptr, ptr @pointers
          %c = load i8, ptr %p
          %n = zext i8 %c to i64
          call void asm sideeffect "syscall", "{rax},{rdi},~{rcx},~{r11},~{memory}"(i64 60, i64 %n)
          unreachable
        }
    """
    path = write_program(link_elf(compile_ir(text, relocation_model="static")), tmp_path)
    assert subprocess.run([path], timeout=10).returncode == ord("a")


@pytest.mark.parametrize(
    ("section", "reason"),
    [
        ('.section .tdata,"awT"\n.quad 1', "thread-local"),
        ('.section .init_array,"aw",@init_array\n.quad _start', "constructors"),
        ('.section .wx,"awx"\n.quad 1', "both writable and executable"),
        (".type i,@gnu_indirect_function\n.globl i\ni: ret", "IFUNC"),
    ],
)
def test_features_without_a_place_are_refused(section: str, reason: str) -> None:
    with pytest.raises(LinkError, match=reason) as caught:
        link_elf(assemble(f"{EXIT_42}\n{section}"))
    assert caught.value.code is LinkErrorCode.UNSUPPORTED_FEATURE


def test_an_image_beyond_2_gib_is_refused() -> None:
    with pytest.raises(LinkError, match="2 GiB") as caught:
        link_elf(assemble(f'{EXIT_42}\n.section .bss.huge,"awR",@nobits\n.zero 0x80000000'))
    assert caught.value.code is LinkErrorCode.IMAGE_LIMIT


def test_a_base_that_is_no_page_is_refused() -> None:
    with pytest.raises(LinkError, match="not a page address"):
        link_elf(assemble(EXIT_42), base_address=0x40_0001)


def test_the_map_names_sections_and_sizes(program: list[InputObject]) -> None:
    text = link_elf(*program).map_text
    assert ".text.show  hello.o" in text
    by_size = text[text.index("symbols by size") :].splitlines()[2:]
    assert by_size[0].split() == ["20000", "bss", "zeros", "hello.o"]
    sizes = [int(line.split()[0]) for line in by_size]
    assert sizes == sorted(sizes, reverse=True)


def test_unused_fields_are_zero(program: list[InputObject]) -> None:
    data = link_elf(*program).data
    file = ELFFile(io.BytesIO(data))
    assert file["e_flags"] == 0
    assert data[9:16] == bytes(7)  # EI_ABIVERSION and padding
    start = file["e_shoff"]
    assert data[start : start + 64] == bytes(64)  # section header 0 (gABI, "Section Header Table")
    for section in file.iter_sections():
        links = {"SHT_SYMTAB"}
        assert (section["sh_link"], section["sh_info"]) == (0, 0) or section["sh_type"] in links, section.name
        assert section["sh_addr"] == 0 or section["sh_flags"] & 2
        assert section["sh_addralign"] <= 1 or section["sh_offset"] % section["sh_addralign"] == 0 or section.is_null()
