"""The address → line table against pyelftools' and addr2line's reading of the same program."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from elftools.elf.elffile import ELFFile
from hypothesis import given, settings
from hypothesis import strategies as st

from compiler.formats.line_table import LineTableError, LineTableView, read_line_table
from compiler.link.errors import LinkError
from compiler.link.line_table import build_line_table
from compiler.link.object_file import ImageKind, InputObject, LinkedImage
from compiler.link.read_elf import read_object
from compiler.link.symbols import resolve_symbols
from tests.compiler.link.objects import compile_c, compile_ir, link_elf, link_pe, run_tool, write_program

MAIN = """
extern char __line_table_start[], __line_table_end[];
int helper(int);
static inline int inlined(int x) {
  return x * 3 +
         helper(x);
}
int unused(int x) {
  return helper(x + 5);
}
int _start(int x) {
  int sum = __line_table_end - __line_table_start;
  for (int i = 0; i < x; i++)
    sum += inlined(i);
  return sum;
}
"""
HELPER = """
#include "inner.h"
int helper(int x) {
  if (x > 4)
    return inner(x);
  return x - 1;
}
"""
INNER = "__attribute__((always_inline)) static inline int inner(int x) {\n  return x / 7 + x % 5;\n}\n"


@pytest.fixture(params=["-O2 -gdwarf-5", "-O0 -gdwarf-5", "-O2 -gdwarf-4", "-O1 -gdwarf-3"])
def program(request: pytest.FixtureRequest, tmp_path: Path) -> list[InputObject]:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "inner.h").write_text(INNER)
    flags = ("-fpie", "-Isub", *request.param.split())
    return [compile_c(MAIN, tmp_path, *flags, name="main.o"), compile_c(HELPER, tmp_path, *flags, name="helper.o")]


def table_of(image: LinkedImage) -> LineTableView:
    """The table's bytes as they lie in an ELF, found by its symbols."""
    places = {symbol.name: symbol.address for symbol in image.symbols}
    start = places["__line_table_start"]
    end = places.get("__line_table_end", 1 << 64)
    for segment in ELFFile(io.BytesIO(image.debug_file or image.data)).iter_segments("PT_LOAD"):
        if segment["p_vaddr"] <= start < segment["p_vaddr"] + segment["p_filesz"]:
            return read_line_table(segment.data()[start - segment["p_vaddr"] : end - segment["p_vaddr"]])
    raise AssertionError("the table is not in the image")


def lines_by_pyelftools(data: bytes) -> dict[int, int]:
    """Address → line for every row of the image's line programs; the last row of an address counts."""
    rows: dict[int, int] = {}
    dwarf = ELFFile(io.BytesIO(data)).get_dwarf_info()
    for unit in dwarf.iter_CUs():
        sequence: dict[int, int] = {}
        program = dwarf.line_program_for_CU(unit)
        assert program is not None
        for entry in program.get_entries():
            if entry.state is None:
                continue
            if entry.state.end_sequence:
                if min(sequence, default=0):  # a sequence at 0 belongs to dropped code
                    rows |= sequence
                sequence = {}
            elif entry.state.line:
                sequence[entry.state.address] = entry.state.line
    return rows


def test_every_row_is_what_pyelftools_reads(program: list[InputObject]) -> None:
    image = link_elf(*program)
    table = table_of(image)
    expected = lines_by_pyelftools(image.data)
    assert expected
    for address, line in expected.items():
        place = table.find(address - 0x40_0000)
        assert place is not None and place.line == line, hex(address)


def test_every_code_byte_has_the_place_that_addr2line_gives(program: list[InputObject], tmp_path: Path) -> None:
    image = link_elf(*program)
    table, path = table_of(image), write_program(image, tmp_path)
    functions = [symbol for symbol in image.symbols if symbol.is_function]
    addresses = [a for f in functions for a in range(f.address, f.address + f.size)]
    shown = run_tool("addr2line", "-f", "-e", str(path), *map(hex, addresses)).splitlines()
    for address, place_text in zip(addresses, shown[1::2], strict=True):
        place = table.find(address - 0x40_0000)
        file, _, line = place_text.split(" ")[0].rpartition(":")
        assert place is not None
        if line not in ("?", "0"):
            assert (Path(place.file).name, place.line) == (Path(file).name, int(line)), hex(address)


def test_functions_carry_display_names_and_bounds(program: list[InputObject]) -> None:
    image = link_elf(*program, display_name=lambda name: f"main.{name}()")
    table = table_of(image)
    functions = {function.name: function for function in table.functions}
    assert {"main._start()", "main.helper()"} <= set(functions) <= {"main._start()", "main.helper()", "main.inlined()"}
    for symbol in image.symbols:
        if symbol.is_function:
            function = functions[f"main.{symbol.name}()"]
            assert (function.start, function.size) == (symbol.address - 0x40_0000, symbol.size)
    assert functions["main._start()"].file == "main.c" and functions["main.helper()"].file == "helper.c"
    assert table.find(0x7FFF_FFFF) is None


def test_rows_are_sorted_and_name_their_function_and_file(program: list[InputObject]) -> None:
    table = table_of(link_elf(*program))
    assert [row.offset for row in table.rows] == sorted({row.offset for row in table.rows})
    assert {table.functions[row.function].name for row in table.rows} == {f.name for f in table.functions}
    assert {"main.c", "helper.c"} <= set(table.files) <= {"main.c", "helper.c", "sub/inner.h"}


def test_the_table_does_not_depend_on_where_the_image_is(program: list[InputObject]) -> None:
    low = link_pe(*program, kind=ImageKind.KERNEL_PE, debug_file=True)
    high = link_pe(*program, kind=ImageKind.KERNEL_PE, debug_file=True, base_address=0x1_4000_0000)
    assert table_of(low) == table_of(high)


def test_a_stripped_program_keeps_its_table(program: list[InputObject]) -> None:
    image = link_elf(*program, strip=True)
    assert table_of(image) == table_of(link_elf(*program))


IR_WITH_LINES = """
    @__line_table_start = external global i8
    define i64 @_start() section ".text._start" !dbg !4 {
      %r = call i64 @callee(i64 3), !dbg !7
      %a = ptrtoint ptr @__line_table_start to i64
      %s = add i64 %r, %a, !dbg !8
      ret i64 %s, !dbg !8
    }
    define i64 @callee(i64 %x) section ".text.callee" !dbg !5 {
      %y = mul i64 %x, %x, !dbg !9
      ret i64 %y, !dbg !9
    }
    !llvm.dbg.cu = !{!0}
    !llvm.module.flags = !{!2, !3}
    !0 = distinct !DICompileUnit(language: DW_LANG_C11, file: !1, emissionKind: FullDebug)
    !1 = !DIFile(filename: "main.py", directory: "program")
    !2 = !{i32 7, !"Dwarf Version", i32 5}
    !3 = !{i32 2, !"Debug Info Version", i32 3}
    !4 = distinct !DISubprogram(name: "start", file: !1, line: 10, type: !6, unit: !0, spFlags: DISPFlagDefinition)
    !5 = distinct !DISubprogram(name: "callee", file: !1, line: 20, type: !6, unit: !0, spFlags: DISPFlagDefinition)
    !6 = !DISubroutineType(types: !{null})
    !7 = !DILocation(line: 11, column: 1, scope: !4)
    !8 = !DILocation(line: 12, column: 1, scope: !4)
    !9 = !DILocation(line: 21, column: 1, scope: !5)
"""


@pytest.mark.parametrize("relocation_model", ["pic", "static"])
def test_lines_of_llvm_are_read(relocation_model: str, tmp_path: Path) -> None:
    image = link_elf(compile_ir(IR_WITH_LINES, relocation_model=relocation_model))
    run_tool("readelf", "-aW", "--debug-dump=info,line,Ranges", str(write_program(image, tmp_path)))
    table = table_of(image)
    assert table.files == ("program/main.py",)
    found = {(table.functions[row.function].name, row.line) for row in table.rows}
    assert found == {("_start", 11), ("_start", 12), ("callee", 21)}


def test_without_a_reference_there_is_no_table(tmp_path: Path) -> None:
    image = link_elf(compile_c("int _start(void) { return 1; }", tmp_path, "-g"))
    assert b"PYCL" not in image.data and "pyc.lines" not in image.map_text


def test_a_damaged_table_is_refused(program: list[InputObject]) -> None:
    with pytest.raises(LineTableError):
        read_line_table(b"")
    with pytest.raises(LineTableError):
        read_line_table(bytes(100))


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_damaged_line_programs_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    source = damaged_source(tmp_path_factory)
    file = read_object(source, 0)
    resolve_symbols([file])
    live = [section for section in file.sections if section is not None and section.is_allocated]
    [lines] = [section for section in file.sections if section is not None and section.name == ".debug_line"]
    broken = bytearray(lines.data)
    for _ in range(data.draw(st.integers(1, 4))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    lines.data = bytes(broken[: data.draw(st.integers(0, len(broken)))])
    try:
        table = build_line_table([file], live, str)
        for section in live:
            section.address = 0x1000
        table.emit()
    except LinkError:
        pass


_SOURCES: list[InputObject] = []


def damaged_source(tmp_path_factory: pytest.TempPathFactory) -> InputObject:
    """One compilation for all examples."""
    if not _SOURCES:
        _SOURCES.append(compile_c(MAIN, tmp_path_factory.mktemp("lines"), "-g", "-O2"))
    return _SOURCES[0]
